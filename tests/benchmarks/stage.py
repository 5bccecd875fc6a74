"""The stage: private real servers with durable settings, and services as processes on them."""

import asyncio
import os
import secrets
import sys
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import aio_pika
import asyncpg
from aio_pika.abc import AbstractChannel

from benchmarks.machine import cpu_seconds, rss_mb
from house import House, Secrets
from pdu_local.broker import fetch_broker, find_broker
from pdu_local.children import Child
from pdu_local.choice import Infrastructure
from pdu_local.infra import Administrator, Servers
from pdu_local.ports import free_ports
from pdu_local.postgres import Postgres
from pdu_local.rabbit import Rabbit, RabbitPorts, administrator
from pdu_shared.platform import BROKER_USERS, DATABASE_ROLES

READY_WITHIN = 30.0
YARD = "yard"
"""The database of the yardsticks."""


@dataclass(frozen=True, slots=True)
class Running:
    """A service as a process of its own."""

    name: str
    port: int
    child: Child
    ready_after: float

    @property
    def rss_mb(self) -> float:
        """Its resident memory."""
        return rss_mb(self.child.pid) if self.child.pid else 0.0


@dataclass(frozen=True, slots=True)
class Stage:
    """Servers, and the rights to everything on them."""

    home: Path
    house: House
    postgres: Postgres
    rabbit: Rabbit

    def yard(self) -> str:
        """Where yardsticks find their database."""
        return self.postgres.url_for("pdu", self.postgres.password, YARD)

    @asynccontextmanager
    async def connected(self, database: str) -> AsyncIterator[asyncpg.Connection]:
        """A connection with every right, such as to `pdu_bookings`."""
        url = self.postgres.url_for("pdu", self.postgres.password, database)
        conn = await asyncpg.connect(url)
        try:
            yield conn
        finally:
            await conn.close()

    @asynccontextmanager
    async def channel(
        self, user: str = "platform", *, confirms: bool = True
    ) -> AsyncIterator[AbstractChannel]:
        """A channel of the broker, by default with every right."""
        connection = await aio_pika.connect(self.house.amqp_url(user))
        async with connection:
            yield await connection.channel(publisher_confirms=confirms)

    async def purge(self) -> None:
        """Empty the inbox of every service."""
        async with self.channel() as channel:
            for name in ("bookings", "resources", "notifications", "reporting"):
                queue = await channel.get_queue(f"{name}.inbox", ensure=False)
                await queue.purge()

    def environment(self, name: str, port: int, database: str | None = None) -> dict[str, str]:
        """What a service process is told; its database is its own, or another one like it."""
        settings = self.house.settings(name)
        url = settings.database_dsn()
        if database:
            url = urlsplit(url)._replace(path=f"/{database}").geturl()
        told = {
            "PDU_HTTP_PORT": str(port),
            "PDU_DATABASE_URL": url,
            "PDU_AMQP_URL": settings.amqp_urls()[0],
            "PDU_JWKS_FILE": str(settings.keys_file()),
            "PDU_PERSON_KEY": settings.secret("person_key"),
            "PDU_SEALING_KEYS": settings.secret("sealing_keys"),
            "PDU_LINK_KEY": settings.secret("link_key"),
            "PDU_SMTP_URL": "smtp+plain://127.0.0.1:1",
            "PDU_FILES_URL": settings.files_url,
        }
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PDU_")}
        return kept | told

    @asynccontextmanager
    async def running(self, name: str, *, database: str | None = None) -> AsyncIterator[Running]:
        """A service as `./pdu up` runs it, once it is ready."""
        port = free_ports(1)[0]
        child = Child(
            name=name,
            command=[sys.executable, "-P", "-m", f"pdu_{name}"],
            log=self.home / f"{name}.log",
            env=self.environment(name, port, database),
        )
        began = time.perf_counter()
        child.start()
        try:
            await until_ready(child, port)
            yield Running(name, port, child, time.perf_counter() - began)
        finally:
            await asyncio.to_thread(child.stop)

    def cpu_seconds(self, *services: Running) -> float:
        """What servers and services have used so far; the load generator is not among them."""
        pids = [
            self.postgres.server.pid,
            self.rabbit.node.pid,
            *(one.child.pid for one in services),
        ]
        return cpu_seconds(pid for pid in pids if pid)

    def cpu_seconds_of(self, service: Running) -> dict[str, float]:
        """What each of those that a request keeps busy has used so far."""
        pids = {
            service.name: service.child.pid,
            "postgres": self.postgres.server.pid,
            "rabbitmq": self.rabbit.node.pid,
        }
        used = {name: cpu_seconds([pid]) for name, pid in pids.items() if pid}
        return {**used, "load": time.process_time()}


@asynccontextmanager
async def peak(service: Running) -> AsyncIterator[list[float]]:
    """The memory that a service uses meanwhile, ten times a second."""
    seen = [service.rss_mb]

    async def look() -> None:
        while True:
            seen.append(service.rss_mb)
            await asyncio.sleep(0.1)

    looking = asyncio.create_task(look())
    yield seen
    looking.cancel()


@asynccontextmanager
async def set_up(home: Path) -> AsyncIterator[Stage]:
    """Real servers that keep what they confirm, prepared like any other platform."""
    if find_broker() is None:
        fetch_broker(lambda what: sys.stderr.write(f"{what}\n"))
    with ExitStack() as closing:
        admin = Administrator("admin", secrets.token_hex(16))
        postgres = Postgres(home / "postgres", free_ports(1)[0], fast=False)
        rabbit = Rabbit(
            home / "rabbit", RabbitPorts.free(), administrator(admin.user, admin.password)
        )
        for server in (rabbit, postgres):
            closing.callback(server.stop)
            server.start()
        postgres.wait_ready()
        rabbit.wait_ready()
        servers = Servers(
            infrastructure=Infrastructure.NATIVE,
            database_url=postgres.url,
            amqp_host="127.0.0.1",
            amqp_port=rabbit.ports.amqp,
            management_url=rabbit.management_url,
            administrator=admin,
        )
        passwords = {name: secrets.token_hex(16) for name in (*BROKER_USERS, *DATABASE_ROLES)}
        house = House(servers, passwords, Secrets(home))
        await house.prepare()
        yield Stage(home, house, postgres, rabbit)


async def until_ready(child: Child, port: int) -> None:
    """Wait until it answers that it is ready. RuntimeError with its last words if it does not."""
    deadline = time.perf_counter() + READY_WITHIN
    while time.perf_counter() < deadline and child.exit_code is None:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /readyz HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
            status = await reader.readline()
            writer.close()
            if b" 200 " in status:
                return
        except OSError:
            pass
        await asyncio.sleep(0.02)
    raise RuntimeError(f"{child.name} did not become ready:\n  {child.last_words(15)}")
