"""The whole town: every service as a process, a portal before them, a mail server, a browser."""

import asyncio
import email
import email.policy
import re
import secrets
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import asyncpg
import httpx
from aiosmtpd.smtp import SMTP

from eventually import until
from house import House, Process
from notifications.office import PostBox
from pdu_local.ports import free_ports
from pdu_shared.access import Role
from pdu_shared.platform import SERVICES
from portal.serving import served
from spare import a_spare


@dataclass(frozen=True)
class Whole:
    """Where everything answers, and what came in by post."""

    house: House
    address: str
    services: dict[str, Process]
    http: dict[str, httpx.AsyncClient]
    databases: dict[str, str]
    box: PostBox

    async def change(self, service: str, query: str, *values: object) -> None:
        """Change what a service keeps, as only a test can: that time has passed, say."""
        conn = await asyncpg.connect(self.databases[service])
        try:
            await conn.execute(query, *values)
        finally:
            await conn.close()

    async def mentions(self, service: str, words: str) -> list[str]:
        """The tables of a service in which these words stand."""
        conn = await asyncpg.connect(self.databases[service])
        try:
            tables = await conn.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            return [
                name
                for (name,) in tables
                if await conn.fetchval(
                    f"SELECT EXISTS (SELECT FROM {name} AS t WHERE strpos(t::text, $1) > 0)",  # noqa: S608
                    words,
                )
            ]
        finally:
            await conn.close()

    async def began(self, event: str, *, ago: timedelta = timedelta(hours=1)) -> None:
        """This event began so long ago, and goes on for three hours."""
        await self.change(
            "bookings",
            """
            UPDATE session SET starts_at = now() - $2::interval,
                               ends_at = now() - $2::interval + interval '3 hours'
             WHERE learning_event_id = $1::text::uuid
            """,
            event,
            ago,
        )

    @contextmanager
    def silent(self, name: str) -> Iterator[None]:
        """A service that takes questions and answers none."""
        process = self.services[name].process
        process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            process.send_signal(signal.SIGCONT)

    async def letter(self, to: str, about: str, *, seen: int = 0) -> str:
        """The newest letter that is `about` this, once there are more than `seen`.

        What it is about is looked for in its subject and its text.
        """

        async def newest() -> str | None:
            found = self.letters(to, about)
            return found[-1] if len(found) > seen else None

        return await until(newest, within=30)

    def letters(self, to: str, about: str) -> list[str]:
        """The texts of all that came so far, the oldest first."""
        copies = [one for one in self.box.copies if to in one.rcpt_tos]
        read = [
            email.message_from_bytes(one.content, policy=email.policy.default) for one in copies
        ]
        return [
            one.get_body(("plain",)).get_content()
            for one in read
            if re.search(about, f"{one['Subject']}\n{one.get_body(('plain',)).get_content()}")
        ]

    async def link(self, to: str, about: str, path: str, *, seen: int = 0) -> str:
        """The address of one of our pages in such a letter, such as `/b/…`."""
        text = await self.letter(to, about, seen=seen)
        found = re.search(rf"{re.escape(self.address)}(/{path}/[^\s>)]+)", text)
        assert found, text
        return found[1]


@asynccontextmanager
async def a_whole_town(house: House) -> AsyncIterator[Whole]:
    """All of it, with databases of its own."""
    box = PostBox()
    make = partial(SMTP, box, hostname="mail.example.org")
    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
    [port] = free_ports(1)
    address, secret = f"http://127.0.0.1:{port}", secrets.token_hex(16)
    told = {
        "PDU_SMTP_URL": f"smtp+plain://127.0.0.1:{server.sockets[0].getsockname()[1]}",
        "PDU_PORTAL_URL": address,
        "PDU_PORTAL_CLIENT_SECRET": secret,
    }
    async with AsyncExitStack() as closing:
        databases = {
            name: await closing.enter_async_context(a_spare(house, name)) for name in SERVICES
        }
        starting = [
            house.process(name, **told, PDU_DATABASE_URL=databases[name]) for name in SERVICES
        ]
        # Side by side: each takes a second to import what it needs.
        entered = await asyncio.gather(*(one.__aenter__() for one in starting))
        for one in starting:
            closing.push_async_exit(one)
        services = dict(zip(SERVICES, entered, strict=True))
        http = {
            name: await closing.enter_async_context(
                httpx.AsyncClient(base_url=services[name].url, timeout=30)
            )
            for name in SERVICES
        }
        journal = house.authorised(Role.INTEGRATION)["Authorization"].removeprefix("Bearer ")
        closing.enter_context(
            served(
                port=port,
                portal_url=address,
                client_secret=secret,
                cookie_key=secrets.token_hex(16),
                reporting_token=journal,
                kept_seconds=0,
                **{f"{name}_url": one.url for name, one in services.items()},
            )
        )
        yield Whole(house, address, services, http, databases, box)
    server.close()
