"""A vhost and databases of one's own, like the platform's: for tests that leave marks."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import aio_pika
import asyncpg
import httpx
from aio_pika.abc import AbstractIncomingMessage

from house import House, service
from pdu_shared.bus import declare_inbox
from pdu_shared.contracts.message import JOURNAL_STREAM, MESSAGES_EXCHANGE, Message
from pdu_shared.database import Database, grant_least_privilege, open_database
from pdu_shared.settings import Settings
from pdu_shared.topology import VHOST, broker_definitions

READER = "reader_outside"


@dataclass(frozen=True)
class Scratch:
    """Databases `<name>_<service>` and the vhost `<name>`, on the servers of a house."""

    house: House
    name: str

    def amqp_url(self, user: str) -> str:
        return self.house.amqp_url(user, self.name)

    def database_url(self, role: str) -> str:
        return self.house.database_url(role, f"{self.name}_{role.partition('_')[0]}")

    def settings(self, name: str, *, role: str = "app") -> Settings:
        user = f"{name}_owner" if role == "owner" else name
        told = self.house.settings(name, role=role)
        return told.model_copy(
            update={
                "database_url": self.database_url(f"{name}_{role}"),
                "amqp_url": self.amqp_url(user),
            }
        )

    @asynccontextmanager
    async def database(self, name: str) -> AsyncIterator[Database]:
        async with open_database(
            self.database_url(f"{name}_app"), application="tests", connections=5
        ) as database:
            yield database

    @asynccontextmanager
    async def owner(self, name: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        conn = await asyncpg.connect(self.database_url(f"{name}_owner"))
        try:
            yield conn
        finally:
            await conn.close()

    async def migrate(self, name: str, extra: str = "") -> None:
        """A database for a service, and in it what a test needs beside the service's own."""
        await self._make_database(name)
        await service(name).migrate(self.settings(name, role="owner"))
        async with self.owner(name) as conn:
            if extra:
                await conn.execute(extra)
            await grant_least_privilege(conn, name)

    async def hear(self, name: str, *heard: type[Message], everything: bool = False) -> None:
        """A queue for a service that hears these."""
        await declare_inbox([self.amqp_url(f"{name}_owner")], name, heard, everything=everything)

    async def set_policy(self, name: str, queue: str, **definition: object) -> None:
        """What an operator does by hand."""
        told = {
            "pattern": f"^{queue}$",
            "apply-to": "queues",
            "priority": 9,
            "definition": {key.replace("_", "-"): value for key, value in definition.items()},
        }
        await ask_broker(self.house, "PUT", f"/api/policies/{self.name}/{name}", told)

    async def lift_policy(self, name: str) -> None:
        await ask_broker(self.house, "DELETE", f"/api/policies/{self.name}/{name}")

    @asynccontextmanager
    async def channel(self, user: str = "platform", **details: bool) -> AsyncIterator:
        async with await aio_pika.connect(self.amqp_url(user)) as connection:
            yield await connection.channel(**details)

    async def _make_database(self, name: str) -> None:
        admin = await asyncpg.connect(self.house.servers.database_url)
        await admin.execute(f"CREATE DATABASE {self.name}_{name}")
        await admin.execute(f"GRANT CREATE ON DATABASE {self.name}_{name} TO {name}_owner")
        await admin.close()
        inside = await asyncpg.connect(
            self.house.servers.database_url, database=f"{self.name}_{name}"
        )
        await inside.execute(f"GRANT USAGE, CREATE ON SCHEMA public TO {name}_owner")
        await inside.execute(f"GRANT USAGE ON SCHEMA public TO {name}_app, {name}_ro")
        await inside.close()


@asynccontextmanager
async def scratch(house: House, *services: str, extra: str = "") -> AsyncIterator[Scratch]:
    """A vhost with the platform's topology, and databases for these services."""
    place = Scratch(house, f"scratch_{secrets.token_hex(3)}")
    await ask_broker(house, "PUT", f"/api/vhosts/{place.name}", {})
    wanted = broker_definitions(house.passwords)
    moved = {
        kind: [{**one, "vhost": place.name} for one in things]
        for kind, things in wanted.items()
        if kind not in ("users", "vhosts")
    }
    await ask_broker(house, "POST", "/api/definitions", moved)
    try:
        for name in services:
            await place.migrate(name, extra)
        yield place
    finally:
        await ask_broker(house, "DELETE", f"/api/vhosts/{place.name}")


async def ask_broker(house: House, method: str, path: str, told: object = None) -> object:
    """The management interface, as an administrator."""
    user = house.servers.administrator
    async with httpx.AsyncClient(
        base_url=house.servers.management_url, auth=(user.user, user.password), timeout=30
    ) as http:
        answer = await http.request(method, path, json=told)
        answer.raise_for_status()
        return answer.json() if answer.content else None


class Tap:
    """What comes out of a queue bound for a test, all of it, in order."""

    def __init__(self) -> None:
        self.messages: list[AbstractIncomingMessage] = []

    async def take(self, message: AbstractIncomingMessage) -> None:
        self.messages.append(message)

    @property
    def bodies(self) -> list[str]:
        return [message.body.decode() for message in self.messages]


@asynccontextmanager
async def tap(url: str, *keys: str, exchange: str = MESSAGES_EXCHANGE) -> AsyncIterator[Tap]:
    """Listen in, as the platform may: an exclusive queue bound to some keys."""
    listening = Tap()
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True)
        for key in keys or ("#",):
            await queue.bind(exchange, key)
        await queue.consume(listening.take, no_ack=True)
        yield listening


async def add_reader(house: House, vhost: str = VHOST) -> str:
    """A reader outside the platform, who may read the journal's stream and nothing else."""
    password = house.passwords.setdefault(READER, secrets.token_hex(16))
    await ask_broker(house, "PUT", f"/api/users/{READER}", {"password": password, "tags": ""})
    rights = {"configure": "^$", "write": "^$", "read": r"^pdu\.journal$"}
    await ask_broker(house, "PUT", f"/api/permissions/{vhost}/{READER}", rights)
    return house.amqp_url(READER, vhost)


async def read_stream(url: str, *, enough: int, within: float = 15.0) -> list[str]:
    """The bodies in the journal's stream from its first offset on, once there are enough."""
    found: list[str] = []
    full = asyncio.Event()

    async def take(message: AbstractIncomingMessage) -> None:
        found.append(message.body.decode())
        await message.ack()
        if len(found) >= enough:
            full.set()

    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=500)
        queue = await channel.get_queue(JOURNAL_STREAM, ensure=False)
        await queue.consume(take, arguments={"x-stream-offset": "first"})
        try:
            async with asyncio.timeout(within):
                await full.wait()
        except TimeoutError:
            return found
    return found


def on_port(url: str, port: int) -> str:
    """The same address behind a proxy."""
    parts = urlsplit(url)
    who, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{who}@{host.partition(':')[0]}:{port}"))


def ids(bodies: Iterable[str]) -> list[str]:
    """Message ids in the order of the bodies."""
    return [body.partition('"id":"')[2][:36] for body in bodies]
