"""What a running service has at hand, and how routes and workers get hold of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Annotated, Any, TypeAlias, TypeVar

from fastapi import Depends, FastAPI, Request

from pdu_shared.database import Conn, Database
from pdu_shared.sealing import Sealer
from pdu_shared.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True)
class Runtime:
    """A running service: its settings, its database, its keys, and the tasks that keep it going."""

    service: str
    settings: Settings
    database: Database
    app: FastAPI | None = None
    """Its own HTTP application; None where there is none, such as in an operator's errand."""
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    reaches_broker: dict[str, asyncio.Event] = field(default_factory=dict)
    parts: dict[Callable[["Runtime"], Any], Any] = field(default_factory=dict)

    def part(self, kind: "Callable[[Runtime], T]") -> T:
        """The one of its kind that this process has, such as the desk; made when first asked."""
        if kind not in self.parts:
            self.parts[kind] = kind(self)
        part: T = self.parts[kind]
        return part

    @cached_property
    def sealer(self) -> Sealer:
        """Seals for others, and opens what was sealed for this service."""
        return Sealer(self.settings.secret("sealing_keys"))

    @cached_property
    def person_key(self) -> bytes:
        """The key of the pseudonyms."""
        return self.settings.secret("person_key").encode()


Worker: TypeAlias = Callable[[Runtime], Awaitable[None]]
"""Goes on for ever. If it ends, `/livez` fails."""

Seed: TypeAlias = Callable[[Conn], Awaitable[None]]
"""Puts first data in place at `migrate`; safe to repeat."""


async def runtime_of(request: Request) -> Runtime:
    """The running service behind a request."""
    runtime: Runtime = request.app.state.runtime
    return runtime


async def database_of(request: Request) -> Database:
    """The database behind a request."""
    runtime: Runtime = request.app.state.runtime
    return runtime.database


async def utc_now() -> datetime:
    """The time of a request, which rules get as an argument."""
    return datetime.now(UTC)


Here = Annotated[Runtime, Depends(runtime_of)]
Store = Annotated[Database, Depends(database_of)]
Now = Annotated[datetime, Depends(utc_now)]
