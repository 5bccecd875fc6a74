"""The real RabbitMQ and PostgreSQL that a run of tests or benchmarks stands on."""

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pdu_local.broker import fetch_broker, find_broker
from pdu_local.choice import AMQP_URL, DATABASE_URL, MANAGEMENT_URL, Infrastructure, choose
from pdu_local.ports import free_ports
from pdu_local.postgres import Postgres
from pdu_local.rabbit import Rabbit, RabbitPorts


@dataclass(frozen=True, slots=True)
class Administrator:
    """Who administers the broker; the definitions have to name them."""

    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Servers:
    """Two servers that answer, seen by an administrator.

    `postgres` and `rabbit` are there where they are native: what kills and restarts them.
    """

    infrastructure: Infrastructure
    database_url: str
    amqp_host: str
    amqp_port: int
    management_url: str
    administrator: Administrator
    postgres: Postgres | None = None
    rabbit: Rabbit | None = None
    closing: ExitStack = field(default_factory=ExitStack, repr=False)

    def stop(self) -> None:
        """Stop what was started for us; external servers are left alone."""
        self.closing.close()


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
        case Infrastructure.EXTERNAL:
            return external()
        case Infrastructure.CONTAINERS:
            # Its library belongs to the development tools; `up` does without.
            from pdu_local.containers import start_containers

            return start_containers(home, definitions, administrator)
        case Infrastructure.NATIVE:
            if find_broker() is None and not os.environ.get(AMQP_URL):
                fetch_broker(say)
            return _native(home, definitions, administrator)


def external(environ: Mapping[str, str] | None = None) -> Servers:
    """The servers named in PDU_AMQP_URL, PDU_RABBITMQ_MANAGEMENT_URL and PDU_DATABASE_URL."""
    environ = os.environ if environ is None else environ
    amqp = urlsplit(environ.get(AMQP_URL, ""))
    host = amqp.hostname or "127.0.0.1"
    return Servers(
        infrastructure=Infrastructure.EXTERNAL,
        database_url=environ.get(DATABASE_URL, ""),
        amqp_host=host,
        amqp_port=amqp.port or 5672,
        management_url=environ.get(MANAGEMENT_URL) or f"http://{host}:15672",
        administrator=Administrator(
            unquote(amqp.username or "guest"), unquote(amqp.password or "guest")
        ),
    )


def _native(home: Path, definitions: Mapping[str, object], administrator: Administrator) -> Servers:
    given = external()
    rabbit = postgres = None
    with ExitStack() as closing:
        if not os.environ.get(AMQP_URL):
            rabbit = Rabbit(home / "rabbit", RabbitPorts.free(), definitions)
            closing.callback(rabbit.stop)
            rabbit.start()
        if not os.environ.get(DATABASE_URL):
            postgres = Postgres(home / "postgres", free_ports(1)[0], fast=True)
            closing.callback(postgres.stop)
            postgres.start()
            postgres.wait_ready()
        if rabbit:
            rabbit.wait_ready()
        return Servers(
            infrastructure=Infrastructure.NATIVE,
            database_url=postgres.url if postgres else given.database_url,
            amqp_host="127.0.0.1" if rabbit else given.amqp_host,
            amqp_port=rabbit.ports.amqp if rabbit else given.amqp_port,
            management_url=rabbit.management_url if rabbit else given.management_url,
            administrator=administrator if rabbit else given.administrator,
            postgres=postgres,
            rabbit=rabbit,
            closing=closing.pop_all(),
        )
