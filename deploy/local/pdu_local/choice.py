"""Which RabbitMQ and PostgreSQL a run stands on: given ones, private ones or containers."""

import os
import socket
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from pdu_local.broker import find_broker
from pdu_local.failure import UNAVAILABLE, USAGE, Failure

AMQP_URL = "PDU_AMQP_URL"
DATABASE_URL = "PDU_DATABASE_URL"
MANAGEMENT_URL = "PDU_RABBITMQ_MANAGEMENT_URL"
TEST_WISH = "PDU_TEST_INFRA"
ENGINE_SOCKETS = ("/var/run/docker.sock", "/run/podman/podman.sock")


class Infrastructure(StrEnum):
    """Where servers come from."""

    EXTERNAL = "external"
    NATIVE = "native"
    CONTAINERS = "containers"


def choose(environ: Mapping[str, str] | None = None, *, wish: str | None = None) -> Infrastructure:
    """What a wish comes to: given servers, else native ones, else containers, else a download.

    A server that is given is used whatever is chosen for the other. Raises `Failure` for a wish
    that cannot be met.
    """
    environ = os.environ if environ is None else environ
    missing = [name for name in (AMQP_URL, DATABASE_URL) if not environ.get(name)]
    match wish or environ.get(TEST_WISH) or "auto":
        case "auto" if not missing:
            return Infrastructure.EXTERNAL
        case "auto" if find_broker() is None and engine_answers(environ):
            return Infrastructure.CONTAINERS
        case "auto" | Infrastructure.NATIVE:
            return Infrastructure.NATIVE
        case Infrastructure.EXTERNAL:
            return _external(missing)
        case Infrastructure.CONTAINERS:
            return _containers(environ)
        case unknown:
            known = ", ".join(("auto", *Infrastructure))
            raise Failure(f"There is no infrastructure {unknown!r}.", f"Say {known}.", code=USAGE)


def needs_broker(words: Sequence[str], environ: Mapping[str, str]) -> bool:
    """Whether this command line will start a RabbitMQ of its own."""
    if environ.get(AMQP_URL) or "--help" in words:
        return False
    match words:
        case ["up", *options]:
            wish = " ".join(options).replace("=", " ")
            return not any(f"--infra {kind}" in wish for kind in ("containers", "external"))
        case ["test" | "bench", *_]:
            return choose(environ) is Infrastructure.NATIVE
        case _:
            return False


def engine_answers(environ: Mapping[str, str]) -> bool:
    """Whether a container engine answers on its socket within a second."""
    named = urlsplit(environ.get("DOCKER_HOST", ""))
    own = f"{environ.get('XDG_RUNTIME_DIR', '/run')}/podman/podman.sock"
    sockets = (named.path,) if named.scheme == "unix" else (*ENGINE_SOCKETS, own)
    return any(_pings(Path(path)) for path in sockets)


def _external(missing: Sequence[str]) -> Infrastructure:
    if missing:
        raise Failure(
            f"External servers were asked for, and {' and '.join(missing)} is not set.",
            f"Set {AMQP_URL} and {DATABASE_URL}, or leave the choice to us.",
            code=USAGE,
        )
    return Infrastructure.EXTERNAL


def _containers(environ: Mapping[str, str]) -> Infrastructure:
    if not engine_answers(environ):
        raise Failure(
            "Containers were asked for, and no container engine answers.",
            "Start Docker or Podman's socket, or leave the choice to us.",
            code=UNAVAILABLE,
        )
    return Infrastructure.CONTAINERS


def _pings(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(str(path))
            client.sendall(b"GET /_ping HTTP/1.0\r\nHost: engine\r\n\r\n")
            return b" 200 " in client.recv(64)
    except OSError:
        return False
