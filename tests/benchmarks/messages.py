"""Messages as the outbox of their owner writes them, in any number, and their way to a queue."""

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from uuid import UUID

import aio_pika

from benchmarks.programme import NOBODY
from benchmarks.stage import Stage
from pdu_shared.bus import Thread
from pdu_shared.contracts.bookings.attendance import AttendanceCorrected
from pdu_shared.contracts.bookings.place import BookingCancelled, EventBooked
from pdu_shared.contracts.bookings.programme import EventPublished
from pdu_shared.contracts.message import CONTENT_TYPE, REPLAY_EXCHANGE, Message
from pdu_shared.identity import uuid7
from pdu_shared.outbox import Promise, opened

WINDOW = 50
IMPORT = Thread(origin="import")
"""What is told here belongs together, and is written to nobody."""


def event_booked(event: UUID) -> EventBooked:
    """Somebody has a place."""
    return EventBooked(
        booking_id=uuid7(),
        learning_event_id=event,
        session_ids=(uuid7(),),
        person_id=uuid7(),
        organisation_id=None,
        heard_about=None,
        booked_on=date(2027, 1, 14),
        **NOBODY,
    )


def event_published() -> EventPublished:
    """A learning event can be booked."""
    return EventPublished(
        learning_event_id=uuid7(),
        title="Hoarding: behind the door",
        kind="learning_event",
        event_type="workshop",
        purpose="Work with people who hoard, without force.",
        level="introductory",
        workstreams=("housing",),
        audience=("front_line",),
    )


def body_of(message: Message) -> str:
    """A message as the outbox writes it: what changes something is the second of its subject."""
    sequence = 2 if isinstance(message, AttendanceCorrected | BookingCancelled) else 1
    promise = Promise(message, IMPORT)
    return f'{opened(promise, uuid7(), datetime.now(UTC))},"sequence":"{sequence:010d}"}}'


async def tell(stage: Stage, service: str, messages: Iterable[Message]) -> None:
    """Put messages into the inbox of one service, as a replay does."""
    mixed = list(messages)
    for owner in sorted({one.service() for one in mixed}):
        bodies = (
            (body_of(one).encode(), f"{service}.inbox.{one.routing_key()}")
            for one in mixed
            if one.service() == owner
        )
        async with stage.channel(owner) as channel:
            exchange = await channel.get_exchange(REPLAY_EXCHANGE, ensure=False)
            await publish(exchange, bodies, user=owner, window=500)


async def publish(
    exchange: aio_pika.abc.AbstractExchange,
    bodies: Iterator[tuple[bytes, str]],
    *,
    user: str,
    window: int = WINDOW,
) -> None:
    """Publish with so many confirms outstanding."""
    waiting: deque[asyncio.Task[object]] = deque()
    for body, key in bodies:
        message = aio_pika.Message(
            body,
            content_type=CONTENT_TYPE,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            user_id=user,
        )
        waiting.append(asyncio.create_task(exchange.publish(message, key)))
        if len(waiting) >= window:
            await waiting.popleft()
    await asyncio.gather(*waiting)
