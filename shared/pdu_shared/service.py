"""The one shape of all services: a name, routes, who may use them, listeners and workers.

HTTP, relay, consumer and workers live in one process and start and stop together.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Self

import structlog
from fastapi import APIRouter, FastAPI

from pdu_shared import (
    VERSION,
    answers,
    asyncapi,
    importing,
    inbox,
    layers,
    ledger,
    probes,
    protection,
    reads,
    replaying,
    retention,
    set_aside,
)
from pdu_shared.access import Permission, enforce
from pdu_shared.again import end_all, say_if_it_ends
from pdu_shared.bus import declare_commands, declare_inbox
from pdu_shared.contracts.message import Message
from pdu_shared.database import (
    Database,
    grant_least_privilege,
    migrate,
    open_database,
    transaction,
)
from pdu_shared.guard import Bodies
from pdu_shared.holding import Holding
from pdu_shared.importing import History
from pdu_shared.limits import Limit
from pdu_shared.listening import Listener, by_message, hears_of_the_past, name_of
from pdu_shared.reading import Flaw, Received
from pdu_shared.relay import Relay
from pdu_shared.retention import Retention
from pdu_shared.runtime import Runtime, Seed, Worker
from pdu_shared.settings import Settings
from pdu_shared.tokens import Keys
from pdu_shared.waiting import try_again_forever

log = structlog.get_logger()

_EVERY = (probes, reads, replaying, retention, set_aside)
"""What every service answers, whatever it is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What an operator may have a service do, beside what all services can: `rebuild`."""

    name: str
    does: str
    takes: Callable[[argparse.ArgumentParser], None]
    """Adds what may be said after the name."""
    run: Callable[[Database, argparse.Namespace], Awaitable[int]]
    """Gives the exit code. What it tells goes to standard output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One part of a service's work: what it offers, to whom, what it hears, what goes on in it."""

    routes: Sequence[APIRouter] = ()
    access: Mapping[str, Permission] = field(default_factory=dict)
    listeners: Sequence[Listener] = ()
    workers: Sequence[Worker] = ()
    seeds: Sequence[Seed] = ()
    limits: Mapping[str, Limit] = field(default_factory=dict)
    """How often one address may use a route."""
    uploads: Mapping[str, Bodies] = field(default_factory=dict)
    """What bodies may be where they are no forms, by the path of the route."""
    over_bus: Mapping[str, str] = field(default_factory=dict)
    """Routes that front ends without HTTP may use as commands, by the command's name."""
    holdings: Sequence[Holding] = ()
    """What it keeps about people, in the order in which it is forgotten."""
    schedule: Sequence[Retention] = ()
    """How long it keeps what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The table of contents of a service."""

    name: str
    routes: Sequence[APIRouter] = ()
    access: Mapping[str, Permission] = field(default_factory=dict)
    listeners: Sequence[Listener] = ()
    workers: Sequence[Worker] = ()
    seeds: Sequence[Seed] = ()
    commands: Sequence[Command] = ()
    limits: Mapping[str, Limit] = field(default_factory=dict)
    """How often one address may use a route."""
    uploads: Mapping[str, Bodies] = field(default_factory=dict)
    histories: Sequence[History[Any]] = ()
    """The records of the past that it takes, each under `/imports/<file>`."""
    over_bus: Mapping[str, str] = field(default_factory=dict)
    takes_everything: set_aside.Take | None = None
    """Deals with batches of all messages; its consumer is one of the workers."""
    gives: Sequence[str] = ("application/json",)
    """The media types that its routes can answer with."""
    holdings: Sequence[Holding] = ()
    schedule: Sequence[Retention] = ()

    @classmethod
    def of_rooms(
        cls,
        name: str,
        *rooms: Room,
        listeners: Sequence[Listener] = (),
        commands: Sequence[Command] = (),
        histories: Sequence[History[Any]] = (),
        gives: Sequence[str] = ("application/json",),
    ) -> Self:
        """A service with several rooms; `listeners` are those that belong to no single one."""
        return cls(
            name=name,
            routes=[router for room in rooms for router in room.routes],
            access={route: who for room in rooms for route, who in room.access.items()},
            listeners=[*listeners, *(listener for room in rooms for listener in room.listeners)],
            workers=[worker for room in rooms for worker in room.workers],
            seeds=[seed for room in rooms for seed in room.seeds],
            limits={route: limit for room in rooms for route, limit in room.limits.items()},
            uploads={path: what for room in rooms for path, what in room.uploads.items()},
            over_bus={name: route for room in rooms for name, route in room.over_bus.items()},
            holdings=[holding for room in rooms for holding in room.holdings],
            schedule=[line for room in rooms for line in room.schedule],
            commands=commands,
            histories=histories,
            gives=gives,
        )

    @property
    def all_listeners(self) -> list[Listener]:
        """Its own, and the kernel's, which hear what people may ask of every service."""
        if self.takes_everything:
            return list(self.listeners)
        return [*self.listeners, *protection.LISTENERS, *ledger.LISTENERS]

    @property
    def whole_schedule(self) -> list[Retention]:
        """How long it keeps what, with what every service keeps."""
        return [*self.schedule, *retention.KERNEL]

    @property
    def heard(self) -> dict[type[Message], list[Listener]]:
        """Who hears what."""
        return by_message(self.all_listeners)

    @property
    def heard_of_the_past(self) -> dict[type[Message], list[Listener]]:
        """Who hears what of imported history."""
        return by_message([one for one in self.all_listeners if hears_of_the_past(one)])

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
            # Its spans and numbers name paths, which hold tokens; `telemetry.py` does this instead.
            telemetry={"tracing": False, "metrics": False, "logs": False},
        )
        keys = Keys(
            settings.keys_file(),
            audience=f"pdu-{self.name}",
            issuer=settings.issuer,
            url=settings.jwks_url,
        )
        enforce(
            app,
            [*self.routes, importing.router_of(self.histories), *(one.router for one in _EVERY)],
            {
                **{route: who for one in _EVERY for route, who in one.ACCESS.items()},
                **importing.access_to(self.histories),
                **self.access,
            },
            keys.verify,
            learn=keys.learn,
            limits=self.limits,
        )
        answers.install(app)
        uploads = {**importing.uploads_of(self.histories), **self.uploads}
        layers.put_around(app, gives=self.gives, uploads=uploads)
        app.state.closing = lambda: False
        app.state.keys = keys
        app.state.schedule = self.whole_schedule
        app.state.take = self.take
        app.state.asyncapi = cache(partial(self._described, app))
        return app

    def _described(self, app: FastAPI) -> dict[str, Any]:
        """What it tells, hears and may be asked over the bus, as AsyncAPI."""
        document = asyncapi.describe(
            self.name, self.heard, everything=self.takes_everything is not None
        )
        if self.over_bus:
            asyncapi.add_commands(document, self.name, self.over_bus, app.openapi())
        return document

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
            history=self.heard_of_the_past,
            everything=self.takes_everything is not None,
        )
        if self.over_bus:
            await declare_commands(settings.amqp_urls(), self.name, self.over_bus)


@asynccontextmanager
async def _running(service: Service, settings: Settings, app: FastAPI) -> AsyncIterator[None]:
    async with open_database(
        settings.database_dsn(), application=f"pdu-{service.name}"
    ) as database:
        runtime = Runtime(service.name, settings, database, app=app)
        app.state.runtime = runtime
        work_of_all = _work(service, runtime)
        if settings.jwks_url:
            work_of_all["keys"] = app.state.keys.keep_fresh
        for name, work in work_of_all.items():
            runtime.tasks[name] = asyncio.create_task(say_if_it_ends(name, work), name=name)
        log.info("started", service=service.name, version=VERSION)
        try:
            yield
        finally:
            await end_all(runtime.tasks.values())
            log.info("stopped", service=service.name)


def _work(service: Service, runtime: Runtime) -> dict[str, Callable[[], Awaitable[None]]]:
    """What goes on beside HTTP, by the name that `/livez` gives it."""
    database, urls = runtime.database, runtime.settings.amqp_urls()
    relay = Relay(service.name, database, urls)
    runtime.reaches_broker["relay"] = relay.reaches_broker
    work: dict[str, Callable[[], Awaitable[None]]] = {"relay": relay.run}
    if not service.takes_everything:
        # FastStream is half of what a consumer weighs; services without listeners do without.
        from pdu_shared.consumer import Consumer, reading  # noqa: PLC0415

        sealer = runtime.sealer if runtime.settings.sealing_keys else None
        consumer = Consumer(service.name, urls, reading(sealer), partial(service.take, database))
        runtime.reaches_broker["inbox"] = consumer.reaches_broker
        by_name = {name_of(listener): listener for listener in service.all_listeners}
        work["inbox"] = consumer.run
        work["retries"] = partial(try_again_forever, database, by_name, sealer)
    work["ledger"] = partial(ledger.keep_count, runtime)
    work["protection"] = partial(protection.work, runtime, service.holdings)
    work["retention"] = partial(
        retention.keep_to_it, runtime, service.whole_schedule, service.holdings
    )
    work["replays"] = partial(replaying.work, runtime)
    for worker in service.workers:
        work[name_of(worker)] = partial(worker, runtime)
    return work
