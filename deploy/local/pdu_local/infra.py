"""The real RabbitMQ and PostgreSQL that tests and benchmarks run on."""

import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pdu_local.broker import fetch_broker, find_broker
from pdu_local.failure import UNAVAILABLE, USAGE, Failure
from pdu_local.ports import free_ports
from pdu_local.postgres import Postgres
from pdu_local.rabbit import Rabbit, RabbitPorts

WISH = "PDU_TEST_INFRA"
ENGINE_SOCKETS = ("/var/run/docker.sock", "/run/podman/podman.sock")


class Infrastructure(StrEnum):
    """Where the servers come from."""

    EXTERNAL = "external"
    NATIVE = "native"
    CONTAINERS = "containers"


@dataclass(frozen=True, slots=True)
class Administrator:
    """Who administers the broker; the definitions have to name them."""

    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Servers:
    """Two servers that answer, seen by an administrator.

    `postgres` and `rabbit` are there on native infrastructure only: what kills and restarts them.
    """

    infrastructure: Infrastructure
    database_url: str
    amqp_host: str
    amqp_port: int
    management_url: str
    administrator: Administrator
    postgres: Postgres | None = None
    rabbit: Rabbit | None = None
    _stop: tuple[Callable[[], object], ...] = field(default=(), repr=False)

    def stop(self) -> None:
        """Stop what was started for us; external servers are left alone."""
        for stop in self._stop:
            stop()


def choose(environ: Mapping[str, str] | None = None) -> Infrastructure:
    """Given servers, else native ones, else containers, else native ones after a download."""
    environ = os.environ if environ is None else environ
    wish = environ.get(WISH) or "auto"
    if wish == "auto":
        given = [name for name in ("PDU_AMQP_URL", "PDU_DATABASE_URL") if environ.get(name)]
        if given:
            return _external(environ)
        if find_broker() is None and engine_answers(environ):
            return Infrastructure.CONTAINERS
        return Infrastructure.NATIVE
    if wish not in set(Infrastructure):
        known = ", ".join(("auto", *Infrastructure))
        raise Failure(
            f"There is no infrastructure called {wish}.", f"Say one of {known}.", code=USAGE
        )
    if wish == Infrastructure.EXTERNAL:
        return _external(environ)
    if wish == Infrastructure.CONTAINERS and not engine_answers(environ):
        raise Failure(
            "Containers were asked for, and no container engine answers.",
            f"Start Docker or Podman's socket, or leave {WISH} unset.",
            code=UNAVAILABLE,
        )
    return Infrastructure(wish)


def start(
    home: Path,
    definitions: Mapping[str, object],
    administrator: Administrator,
    *,
    say: Callable[[str], None] = lambda _: None,
) -> Servers:
    """Start the chosen servers, or find the given ones, and return once both answer.

    On containers and native nodes the definitions are loaded; on an external broker its
    administrator applies them (`pdu_shared.platform.apply_broker`).
    """
    match choose():
        case Infrastructure.NATIVE:
            if find_broker() is None:
                fetch_broker(say)
            return _native(home, definitions, administrator)
        case Infrastructure.CONTAINERS:
            # Its library belongs to the development tools; `up` does without.
            from pdu_local.containers import start_containers  # noqa: PLC0415

            return start_containers(home, definitions, administrator)
        case Infrastructure.EXTERNAL:
            return external()


def external(environ: Mapping[str, str] | None = None) -> Servers:
    """The servers named in PDU_AMQP_URL, PDU_RABBITMQ_MANAGEMENT_URL and PDU_DATABASE_URL."""
    environ = os.environ if environ is None else environ
    _external(environ)
    amqp = urlsplit(environ["PDU_AMQP_URL"])
    host = amqp.hostname or "127.0.0.1"
    return Servers(
        infrastructure=Infrastructure.EXTERNAL,
        database_url=environ["PDU_DATABASE_URL"],
        amqp_host=host,
        amqp_port=amqp.port or 5672,
        management_url=environ.get("PDU_RABBITMQ_MANAGEMENT_URL") or f"http://{host}:15672",
        administrator=Administrator(
            unquote(amqp.username or "guest"), unquote(amqp.password or "guest")
        ),
    )


def engine_answers(environ: Mapping[str, str]) -> bool:
    """Whether a container engine answers on its socket within a second."""
    named = urlsplit(environ.get("DOCKER_HOST", ""))
    own = f"{environ.get('XDG_RUNTIME_DIR', '/run')}/podman/podman.sock"
    sockets = (named.path,) if named.scheme == "unix" else (*ENGINE_SOCKETS, own)
    return any(_pings(Path(path)) for path in sockets)


def _external(environ: Mapping[str, str]) -> Infrastructure:
    missing = [name for name in ("PDU_AMQP_URL", "PDU_DATABASE_URL") if not environ.get(name)]
    if missing:
        raise Failure(
            f"External servers come in a pair, and {' and '.join(missing)} is not set.",
            "Set both, or neither to run on private servers.",
            code=USAGE,
        )
    return Infrastructure.EXTERNAL


def _native(home: Path, definitions: Mapping[str, object], administrator: Administrator) -> Servers:
    ports = RabbitPorts.free()
    rabbit = Rabbit(home / "rabbit", ports, definitions)
    postgres = Postgres(home / "postgres", free_ports(1)[0], fast=True)
    try:
        rabbit.start()
        postgres.start()
        postgres.wait_ready()
        rabbit.wait_ready()
    except BaseException:
        postgres.stop()
        rabbit.stop()
        raise
    return Servers(
        infrastructure=Infrastructure.NATIVE,
        database_url=postgres.url,
        amqp_host="127.0.0.1",
        amqp_port=ports.amqp,
        management_url=rabbit.management_url,
        administrator=administrator,
        postgres=postgres,
        rabbit=rabbit,
        _stop=(postgres.stop, rabbit.stop),
    )


def _pings(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(str(path))
            client.sendall(b"GET /_ping HTTP/1.0\r\nHost: engine\r\n\r\n")
            return b" 200 " in client.recv(64)
    except OSError:
        return False
