"""The house that tests run in: real servers, prepared by the platform step like any other."""

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import httpx
from fastapi import FastAPI

from pdu_local.infra import Servers
from pdu_shared.access import Caller, Role
from pdu_shared.database import Database, open_database
from pdu_shared.platform import SERVICES, apply_broker, apply_database
from pdu_shared.sealing import new_key, public_set
from pdu_shared.service import Service
from pdu_shared.settings import Settings
from pdu_shared.tokens import mint, new_issuer_key, public_jwks

NOBODY_LISTENS = "amqp://nobody:nothing@127.0.0.1:1/pdu"
"""A broker that is away: services work without it."""


@dataclass(frozen=True)
class Secrets:
    """Keys that the launcher would make."""

    folder: Path
    person_key: str = "pdu-test-key"
    link_key: str = field(default_factory=lambda: secrets.token_hex(16))
    issuer: dict[str, object] = field(default_factory=new_issuer_key)
    notifications: dict[str, object] = field(default_factory=lambda: new_key("notifications"))

    @cached_property
    def jwks_file(self) -> Path:
        """Where services find the issuer's public keys."""
        file = self.folder / "jwks.json"
        file.write_text(json.dumps(public_jwks(self.issuer)))
        return file

    def sealing_keys(self, service: str) -> str:
        """The private key for the one it belongs to, its public part for all others."""
        if service == "notifications":
            return json.dumps({"keys": [self.notifications]})
        return json.dumps(public_set([self.notifications]))


@dataclass(frozen=True)
class House:
    """Real servers with every service's database, queue, users and rights."""

    servers: Servers
    passwords: dict[str, str]
    secrets: Secrets

    async def prepare(self) -> None:
        """The platform step, and each service's own migration with its owner's rights."""
        await apply_database(self.servers.database_url, self.passwords)
        await apply_broker(self._management(), self.passwords)
        for name in SERVICES:
            await service(name).migrate(self.settings(name, role="owner"))

    def settings(self, name: str, *, role: str = "app", broker: bool = True) -> Settings:
        """What a service is told: as itself, or as its own owner."""
        user = f"{name}_owner" if role == "owner" else name
        return Settings(
            database_url=self.database_url(f"{name}_{role}", f"pdu_{name}"),
            amqp_url=self.amqp_url(user) if broker else NOBODY_LISTENS,
            jwks_file=self.secrets.jwks_file,
            person_key=self.secrets.person_key,
            sealing_keys=self.secrets.sealing_keys(name),
            link_key=self.secrets.link_key,
            smtp_url="smtp+plain://127.0.0.1:1",
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

    def authorised(self, *roles: Role, sub: object = None) -> dict[str, str]:
        """The header of somebody who has signed in with these roles."""
        caller = Caller(sub=sub or uuid4(), client_id="tests", roles=frozenset(roles))
        token = mint(self.secrets.issuer, caller, audiences=[f"pdu-{name}" for name in SERVICES])
        return {"Authorization": f"Bearer {token}"}

    @asynccontextmanager
    async def database(self, name: str) -> AsyncIterator[Database]:
        """A service's database with its run-time rights."""
        url = self.settings(name).database_dsn()
        async with open_database(url, application="tests") as database:
            yield database

    @asynccontextmanager
    async def running(self, name: str, *, broker: bool = True) -> AsyncIterator[FastAPI]:
        """A service with relay, consumer and workers, in this process."""
        app = service(name).app(self.settings(name, broker=broker))
        async with app.router.lifespan_context(app):
            yield app

    @asynccontextmanager
    async def http(self, name: str, *, broker: bool = False) -> AsyncIterator[httpx.AsyncClient]:
        """A running service, and a client for it."""
        async with self.running(name, broker=broker) as app, client(app) as http:
            yield http

    def _management(self) -> str:
        user = self.servers.administrator
        scheme, _, rest = self.servers.management_url.partition("://")
        return f"{scheme}://{user.user}:{user.password}@{rest}"


def service(name: str) -> Service:
    """A service's table of contents."""
    found: Service = import_module(f"pdu_{name}.app").service
    return found


@asynccontextmanager
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that talks to an app without a socket."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
        yield http
