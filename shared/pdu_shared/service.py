"""The one shape of all services: a name, routes, who may use them, listeners and workers.

HTTP, relay, consumer and workers live in one process and start and stop together.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

import structlog
from fastapi import APIRouter, FastAPI

from pdu_shared import VERSION, answers, asyncapi, inbox, probes
from pdu_shared.access import Permission, enforce
from pdu_shared.bus import declare_inbox
from pdu_shared.consumer import Consumer
from pdu_shared.contracts.message import Message
from pdu_shared.conversation import Conversation
from pdu_shared.database import (
    Database,
    grant_least_privilege,
    migrate,
    open_database,
    transaction,
)
from pdu_shared.guard import Guard
from pdu_shared.listening import Listener, by_message, name_of
from pdu_shared.reading import Flaw, Received
from pdu_shared.relay import Relay
from pdu_shared.runtime import Runtime, Seed, Worker
from pdu_shared.settings import Settings
from pdu_shared.telemetry import Measured
from pdu_shared.tokens import Keys
from pdu_shared.waiting import try_again_forever

log = structlog.get_logger()


Take: TypeAlias = Callable[[Database, Sequence[Received | Flaw]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The table of contents of a service."""

    name: str
    routes: Sequence[APIRouter] = ()
    access: Mapping[str, Permission] = field(default_factory=dict)
    listeners: Sequence[Listener] = ()
    workers: Sequence[Worker] = ()
    seeds: Sequence[Seed] = ()
    takes_everything: Take | None = None
    """Deals with batches of all messages; its consumer is one of the workers."""
    gives: Sequence[str] = ("application/json",)
    """The media types that its routes can answer with."""

    @property
    def heard(self) -> dict[type[Message], list[Listener]]:
        """Who hears what."""
        return by_message(self.listeners)

    async def take(self, database: Database, batch: Sequence[Received | Flaw]) -> None:
        """Deal with a batch of what arrived."""
        if self.takes_everything:
            await self.takes_everything(database, batch)
        else:
            await inbox.take(database, batch, self.heard)

    @property
    def packages(self) -> tuple[str, str]:
        """Where its migrations are."""
        return "pdu_shared", f"pdu_{self.name}"

    def app(self, settings: Settings) -> FastAPI:
        """The ASGI application; relay, consumer and workers live as long as it does."""
        app = FastAPI(
            title=f"pdu-{self.name}",
            version=VERSION,
            lifespan=partial(_running, self, settings),
            docs_url=None,
            redoc_url=None,
        )
        keys = Keys(settings.keys_file(), audience=f"pdu-{self.name}", issuer=settings.issuer)
        enforce(app, [*self.routes, probes.router], {**probes.ACCESS, **self.access}, keys.verify)
        answers.install(app)
        app.add_middleware(Conversation)
        app.add_middleware(Guard, gives=self.gives)
        app.add_middleware(Measured)  # the last one is the outermost
        app.state.closing = lambda: False
        app.state.asyncapi = asyncapi.describe(
            self.name, self.heard, everything=self.takes_everything is not None
        )
        return app

    async def migrate(self, settings: Settings) -> None:
        """Schema, rights, first data, queue and bindings; with the owner's rights."""
        async with open_database(
            settings.database_dsn(), application=f"pdu-{self.name}-migrate"
        ) as database:
            async with database.pool.acquire() as conn:
                await migrate(conn, self.packages)
                await grant_least_privilege(conn, self.name)
            for seed in self.seeds:
                async with transaction(database) as conn:
                    await seed(conn)
        await declare_inbox(
            settings.amqp_urls(),
            self.name,
            self.heard,
            everything=self.takes_everything is not None,
        )


@asynccontextmanager
async def _running(service: Service, settings: Settings, app: FastAPI) -> AsyncIterator[None]:
    async with open_database(
        settings.database_dsn(), application=f"pdu-{service.name}"
    ) as database:
        runtime = Runtime(service.name, settings, database)
        app.state.runtime = runtime
        for name, work in _work(service, runtime).items():
            runtime.tasks[name] = asyncio.create_task(_say_if_it_ends(name, work), name=name)
        log.info("started", service=service.name, version=VERSION)
        try:
            yield
        finally:
            for task in runtime.tasks.values():
                task.cancel()
            await asyncio.gather(*runtime.tasks.values(), return_exceptions=True)
            log.info("stopped", service=service.name)


def _work(service: Service, runtime: Runtime) -> dict[str, Callable[[], Awaitable[None]]]:
    """What goes on beside HTTP, by the name that `/livez` gives it."""
    database, urls = runtime.database, runtime.settings.amqp_urls()
    relay = Relay(service.name, database, urls)
    runtime.reaches_broker["relay"] = relay.reaches_broker
    work: dict[str, Callable[[], Awaitable[None]]] = {"relay": relay.run}
    if service.listeners:
        sealer = runtime.sealer if runtime.settings.sealing_keys else None
        consumer = Consumer(service.name, urls, sealer, partial(service.take, database))
        runtime.reaches_broker["inbox"] = consumer.reaches_broker
        by_name = {name_of(listener): listener for listener in service.listeners}
        work["inbox"] = consumer.run
        work["retries"] = partial(try_again_forever, database, by_name, sealer)
    for worker in service.workers:
        work[name_of(worker)] = partial(worker, runtime)
    return work


async def _say_if_it_ends(name: str, work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except Exception:
        log.exception("task died", task=name)
        raise
    log.error("task ended", task=name)
