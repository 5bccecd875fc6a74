"""The connection to the broker, and the thread of conversation that messages carry on.

Publishing is in `relay.py`, receiving in `consumer.py`; this module is what both stand on.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

import aio_pika
import structlog
from aio_pika.abc import AbstractConnection
from yarl import URL

from pdu_shared.contracts.message import (
    COMMANDS_EXCHANGE,
    HISTORY,
    MESSAGES_EXCHANGE,
    REPLAY_EXCHANGE,
    Envelope,
    Message,
    Origin,
)
from pdu_shared.identity import uuid7

log = structlog.get_logger()

HEARTBEAT = 10
"""Seconds. The default of 60 notices a dead peer after minutes."""

UNREACHABLE = (OSError, TimeoutError, aio_pika.exceptions.AMQPError)
"""The broker cannot be talked to just now."""


@dataclass(frozen=True, slots=True)
class Thread:
    """What a message belongs to: the conversation, its cause, the trace, and where it began."""

    correlation_id: UUID = field(default_factory=uuid7)
    causation_id: UUID | None = None
    traceparent: str | None = None
    origin: Origin = "live"

    @classmethod
    def after(cls, envelope: Envelope) -> "Thread":
        """What is promised because of this message."""
        return cls(
            correlation_id=envelope.correlationid,
            causation_id=envelope.id,
            traceparent=envelope.traceparent,
            origin=envelope.origin,
        )


_thread: ContextVar[Thread | None] = ContextVar("thread", default=None)


def current_thread() -> Thread:
    """The thread of the request or message in hand; a new one where there is none."""
    return _thread.get() or Thread()


@contextmanager
def continuing(thread: Thread) -> Iterator[None]:
    """Everything promised within the block belongs to this thread."""
    token = _thread.set(thread)
    try:
        yield
    finally:
        _thread.reset(token)


def node_urls(urls: Sequence[str], name: str) -> list[str]:
    """The addresses of the nodes with our heartbeat and the connection's name."""
    return [str(URL(url).update_query(heartbeat=str(HEARTBEAT), name=name)) for url in urls]


async def connect(urls: Sequence[str], *, name: str) -> AbstractConnection:
    """A connection to the first node that answers.

    It does not reconnect by itself: its owner has things to do before it goes on.
    """
    refusal: Exception = ConnectionRefusedError("No broker is configured.")
    for url in node_urls(urls, name):
        try:
            return await aio_pika.connect(url, timeout=5)
        except UNREACHABLE as refused:
            refusal = refused
    raise refusal


def inbox_queue(service: str) -> str:
    """The one queue of a service."""
    return f"{service}.inbox"


async def declare_inbox(
    urls: Sequence[str],
    service: str,
    heard: Collection[type[Message]],
    *,
    history: Collection[type[Message]] = (),
    everything: bool = False,
) -> None:
    """Make the service's queue and its bindings: to the messages heard, or to everything.

    `history` are those of them that it wants to hear of the past, too.

    Part of `migrate`, with the owner's rights: a running service declares nothing, so that two
    versions of it can run together.
    """
    connection = await connect(urls, name=f"{service}-migrate")
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(
            inbox_queue(service),
            durable=True,
            arguments={"x-queue-type": "quorum", "x-single-active-consumer": True},
        )
        bindings = {(message.exchange(), message.routing_key()) for message in heard}
        bindings |= {(one.exchange(), one.routing_key() + HISTORY) for one in history}
        if everything:
            bindings = {(MESSAGES_EXCHANGE, "#")}
        for exchange, key in sorted(bindings | {(REPLAY_EXCHANGE, f"{queue.name}.#")}):
            await queue.bind(exchange, key)
    log.info("inbox declared", queue=queue.name, bindings=len(bindings))


async def declare_commands(urls: Sequence[str], service: str, names: Collection[str]) -> None:
    """Make the queue for what front ends without HTTP ask of a service, by these names."""
    connection = await connect(urls, name=f"{service}-migrate")
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(
            f"{service}.commands", durable=True, arguments={"x-queue-type": "quorum"}
        )
        for name in sorted(names):
            await queue.bind(COMMANDS_EXCHANGE, f"{service}.{name}")
    log.info("commands declared", queue=queue.name, bindings=len(names))
