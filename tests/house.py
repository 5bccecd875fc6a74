"""The house that tests run in: real servers, prepared by the platform step like any other."""

import asyncio
import json
import os
import secrets
import sys
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from births import Births, Born, a_nursery
from pdu_local import infra
from pdu_local.infra import Servers
from pdu_local.ports import free_ports
from pdu_local.rabbit import administrator
from pdu_shared.access import Caller, Role
from pdu_shared.database import Database, open_database
from pdu_shared.issuer_keys import first_keys, published, signing_key
from pdu_shared.platform import BROKER_USERS, DATABASE_ROLES, SERVICES, apply_broker, apply_database
from pdu_shared.sealing import keys_of, new_key
from pdu_shared.service import Service
from pdu_shared.settings import Settings, variable_of
from pdu_shared.tokens import mint, new_issuer_key

NOBODY_LISTENS = "amqp://nobody:nothing@127.0.0.1:1/pdu"
"""A broker that is away: services work without it."""


@dataclass(frozen=True)
class Secrets:
    """Keys that the launcher would make."""

    folder: Path
    person_key: str = "pdu-test-key"
    link_key: str = field(default_factory=lambda: secrets.token_hex(16))
    badges: dict[str, object] = field(default_factory=new_issuer_key)
    factor_key: str = field(default_factory=lambda: secrets.token_hex(16))
    issuer_keys: dict[str, Any] = field(default_factory=first_keys)
    sealing: dict[str, dict[str, object]] = field(
        default_factory=lambda: {
            name: new_key(name) for name in ("notifications", "bookings", "resources")
        }
    )

    @cached_property
    def jwks_file(self) -> Path:
        """Where services find the issuer's public keys."""
        file = self.folder / "jwks.json"
        file.write_text(json.dumps(published(self.issuer_keys, datetime.now(UTC))))
        return file

    def badge_keys(self, service: str) -> str | None:
        """With what badges are signed, for the one who does."""
        return json.dumps({"keys": [self.badges]}) if service == "resources" else None

    @cached_property
    def issuer_keys_file(self) -> Path:
        """Where the issuer finds its private keys."""
        file = self.folder / "issuer_keys.json"
        file.write_text(json.dumps(self.issuer_keys))
        return file

    @property
    def issuer(self) -> dict[str, Any]:
        """The key that signs."""
        return signing_key(self.issuer_keys)

    def sealing_keys(self, service: str) -> str:
        """The private key for the one it belongs to, its public part for all others."""
        return json.dumps(keys_of(service, self.sealing))


@dataclass(frozen=True)
class Process:
    """A service as a process of its own, behind a real socket."""

    name: str
    port: int
    log: Path
    process: Born | asyncio.subprocess.Process

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    async def ready(self, *, within: float = 60) -> None:
        """Return once it answers `/livez`."""
        async with asyncio.timeout(within), httpx.AsyncClient(base_url=self.url) as http:
            while True:
                assert self.process.returncode is None, self.log.read_text()
                try:
                    if (await http.get("/livez")).status_code == 200:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.1)

    async def stop(self) -> None:
        """End it as the launcher would."""
        if self.process.returncode is None:
            self.process.terminate()
        await self.process.wait()


@dataclass(frozen=True)
class House:
    """Real servers with every service's database, queue, users and rights."""

    servers: Servers
    passwords: dict[str, str]
    secrets: Secrets
    births: Births | None = None
    """Where its processes are forked, for those who would not wait for their imports each time."""

    async def prepare(self) -> None:
        """The platform step, and each service's own migration with its owner's rights."""
        await apply_database(self.servers.database_url, self.passwords)
        await apply_broker(self.management, self.passwords)
        for name in SERVICES:
            await service(name).migrate(self.settings(name, role="owner"))

    def settings(self, name: str, *, role: str = "app", broker: bool = True) -> Settings:
        """What a service is told: as itself, or as its own owner."""
        user = f"{name}_owner" if role == "owner" else name
        issues = name == "resources"
        return Settings(
            database_url=self.database_url(f"{name}_{role}", f"pdu_{name}"),
            amqp_url=self.amqp_url(user) if broker else NOBODY_LISTENS,
            jwks_file=self.secrets.jwks_file,
            person_key=self.secrets.person_key,
            sealing_keys=self.secrets.sealing_keys(name),
            link_key=self.secrets.link_key,
            badge_keys=self.secrets.badge_keys(name),
            factor_key=self.secrets.factor_key if issues else None,
            issuer_keys_file=self.secrets.issuer_keys_file if issues else None,
            smtp_url="smtp+plain://127.0.0.1:1",
            files_url=f"file:{self.secrets.folder / 'files'}",
            recompute_at="",
            quiet_hours="",  # whatever time of day the tests run at
        )

    def database_url(self, role: str, database: str) -> str:
        """Where a role reaches a database."""
        _, _, server = self.servers.database_url.rpartition("@")
        return f"postgresql://{role}:{self.passwords[role]}@{server.partition('/')[0]}/{database}"

    def amqp_url(self, user: str, vhost: str = "pdu") -> str:
        """Where a broker user connects."""
        servers = self.servers
        return (
            f"amqp://{user}:{self.passwords[user]}@{servers.amqp_host}:{servers.amqp_port}/{vhost}"
        )

    def authorised(
        self,
        *roles: Role,
        sub: object = None,
        scope: Collection[str] = (),
        organisation_id: UUID | None = None,
    ) -> dict[str, str]:
        """The header of somebody who has signed in with these roles."""
        caller = Caller(
            sub=sub or uuid4(),
            client_id="tests",
            roles=frozenset(roles),
            scope=frozenset(scope),
            organisation_id=organisation_id,
        )
        audiences = [f"pdu-{name}" for name in SERVICES]
        # Longer than the suite takes: clients of the whole session keep theirs.
        token = mint(self.secrets.issuer, caller, audiences=audiences, lifetime=timedelta(hours=3))
        return {"Authorization": f"Bearer {token}"}

    @asynccontextmanager
    async def database(self, name: str) -> AsyncIterator[Database]:
        """A service's database with its run-time rights."""
        url = self.settings(name).database_dsn()
        async with open_database(url, application="tests") as database:
            yield database

    @asynccontextmanager
    async def running(
        self, name: str, *, broker: bool = True, **told: object
    ) -> AsyncIterator[FastAPI]:
        """A service with relay, consumer and workers, in this process; maybe told otherwise."""
        settings = self.settings(name, broker=broker).model_copy(update=told)
        app = service(name).app(settings)
        async with app.router.lifespan_context(app):
            yield app

    @asynccontextmanager
    async def process(
        self, name: str, *, broker: bool = True, port: int | None = None, **told: str
    ) -> AsyncIterator[Process]:
        """A service as `python -m pdu_<name>`, told by its environment what `running` tells it.

        `told` is what else it is told, such as `PDU_ISSUER`.
        """
        port = port or free_ports(1)[0]
        log = self.secrets.folder / f"{name}-{port}.log"
        environment = {**os.environ, **_environment(self.settings(name, broker=broker))}
        told = {**environment, "PDU_HTTP_PORT": str(port), **told}
        process: Born | asyncio.subprocess.Process
        if self.births:
            process = await self.births.bear(name, told, log)
        else:
            with log.open("wb") as out:
                process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", f"pdu_{name}", env=told, stdout=out, stderr=out
                )
        started = Process(name, port, log, process)
        try:
            await started.ready()
            yield started
        finally:
            await started.stop()

    @asynccontextmanager
    async def http(
        self, name: str, *, broker: bool = False, **told: object
    ) -> AsyncIterator[httpx.AsyncClient]:
        """A running service, and a client for it."""
        async with self.running(name, broker=broker, **told) as app, client(app) as http:
            yield http

    @property
    def management(self) -> str:
        """Where an administrator reaches the broker's management interface."""
        user = self.servers.administrator
        scheme, _, rest = self.servers.management_url.partition("://")
        return f"{scheme}://{user.user}:{user.password}@{rest}"


@asynccontextmanager
async def a_house(home: Path) -> AsyncIterator[House]:
    """Real PostgreSQL and RabbitMQ of their own, with every service migrated."""
    admin = infra.Administrator("admin", secrets.token_hex(16))
    servers = infra.start(home, administrator(admin.user, admin.password), admin)
    try:
        passwords = {name: secrets.token_hex(16) for name in (*BROKER_USERS, *DATABASE_ROLES)}
        async with a_nursery() as births:
            built = House(servers, passwords, Secrets(home), births)
            await built.prepare()
            yield built
    finally:
        if servers.rabbit:  # nothing in it is wanted any more, and a clean stop takes seconds
            servers.rabbit.kill()
        servers.stop()


def service(name: str) -> Service:
    """A service's table of contents."""
    found: Service = import_module(f"pdu_{name}.app").service
    return found


def _environment(settings: Settings) -> dict[str, str]:
    """The settings that were given, as the environment variables of a process."""
    return {
        variable_of(name): value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name in sorted(settings.model_fields_set)
        if (value := getattr(settings, name)) is not None
    }


@asynccontextmanager
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that talks to an app without a socket."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
        yield http
