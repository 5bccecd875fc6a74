"""The RabbitMQ and PostgreSQL under `./pdu up`: private ones, or given ones."""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from pdu_local.choice import AMQP_URL, DATABASE_URL, Infrastructure
from pdu_local.infra import external
from pdu_local.paths import State
from pdu_local.postgres import Postgres
from pdu_local.rabbit import Rabbit, RabbitPorts
from pdu_local.secret_files import Passwords
from pdu_local.supervisor import Supervisor
from pdu_shared.platform import apply_broker, apply_database, broker_definitions


@dataclass(slots=True)
class Foundation:
    """What the services stand on; a given server is None here and only its URL is known."""

    rabbit: Rabbit | None
    postgres: Postgres | None
    amqp_url: str
    database_url: str

    @property
    def marks(self) -> list[Path]:
        """Files that were made with the data: where one is new, everything is set up again."""
        rabbit = [self.rabbit.home / "home" / ".erlang.cookie"] if self.rabbit else []
        postgres = [self.postgres.home / "password"] if self.postgres else []
        return rabbit + postgres

    @property
    def is_private(self) -> bool:
        """Whether both servers are ours, so that we know what was done to them."""
        return self.rabbit is not None and self.postgres is not None


def prepare(state: State, ports: Mapping[str, int], kind: Infrastructure) -> Foundation:
    """Private servers for what is not given; nothing starts yet."""
    rabbit = postgres = None
    given = os.environ if kind is not Infrastructure.CONTAINERS else {}
    amqp_url, database_url = given.get(AMQP_URL, ""), given.get(DATABASE_URL, "")
    if not amqp_url:
        names = ("amqp", "management", "stream", "prometheus", "epmd", "dist")
        rabbit_ports = RabbitPorts(*(ports[name] for name in names))
        rabbit = Rabbit(state.rabbit, rabbit_ports, {}, log=state.logs / "rabbitmq.log")
        amqp_url = f"amqp://127.0.0.1:{rabbit_ports.amqp}"
    if not database_url:
        log = state.logs / "postgres.log"
        postgres = Postgres(state.postgres, ports["postgres"], log=log)
        database_url = f"postgresql://127.0.0.1:{ports['postgres']}"
    return Foundation(rabbit, postgres, amqp_url, database_url)


def start(foundation: Foundation, passwords: Passwords, supervisor: Supervisor) -> None:
    """Start the private servers; neither may be ready yet."""
    rabbit, postgres = foundation.rabbit, foundation.postgres
    if rabbit:
        rabbit.definitions = broker_definitions(passwords.broker)
        rabbit.start()
        supervisor.watch(rabbit.mapper)
        supervisor.watch(rabbit.node, url=rabbit.management_url)
    if postgres:
        postgres.start()
        supervisor.watch(postgres.server, again=postgres.start)


def set_up(foundation: Foundation, passwords: Passwords) -> None:
    """Wait for PostgreSQL and make roles and databases; a given RabbitMQ gets its definitions."""
    postgres = foundation.postgres
    if postgres:
        postgres.wait_ready()
    administrator = postgres.url if postgres else foundation.database_url
    asyncio.run(apply_database(administrator, passwords.database))
    if not foundation.rabbit:
        asyncio.run(apply_broker(_management_url(), passwords.broker))


def _management_url() -> str:
    """The given management address, with the administrator of the AMQP address if it has none."""
    given = external()
    url = urlsplit(given.management_url)
    if "@" in url.netloc:
        return given.management_url
    who = given.administrator
    login = f"{quote(who.user, safe='')}:{quote(who.password, safe='')}"
    return urlunsplit(url._replace(netloc=f"{login}@{url.netloc}"))
