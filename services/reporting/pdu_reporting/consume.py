"""Takes what arrives in `reporting.inbox`, in batches, and acknowledges after the commit.

It reads the queue below FastStream, which costs more for each message than the journal does.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from random import uniform

import structlog
from aio_pika.abc import AbstractConnection
from aiormq import Channel
from aiormq.abc import DeliveredMessage
from aiormq.exceptions import ChannelInvalidStateError

from pdu_reporting import journal
from pdu_shared import telemetry
from pdu_shared.again import LONGEST_PAUSE, for_ever
from pdu_shared.bus import UNREACHABLE, connect, inbox_queue
from pdu_shared.database import Database
from pdu_shared.reading import Flaw, Received, read
from pdu_shared.runtime import Runtime

log = structlog.get_logger()

BATCH = 500
LOOK_EVERY = 1.0
"""Seconds after which a silent channel is looked at: it may have been closed."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What arrived, and its number on the channel."""

    content: Received | Flaw
    tag: int


@dataclass(frozen=True, slots=True)
class Intake:
    """A channel that consumes, and what has arrived on it."""

    channel: Channel
    consumer_tag: str
    arrived: asyncio.Queue[Delivery] = field(default_factory=asyncio.Queue)

    async def hand_over(self, message: DeliveredMessage) -> None:
        """Called for each delivery, in their order."""
        user = message.header.properties.user_id or "nobody"
        content = read(message.body, sent_by=user, sealer=None)
        self.arrived.put_nowait(Delivery(content, message.delivery_tag or 0))

    @property
    def is_open(self) -> bool:
        """Whether more can arrive. The broker may close the channel or end the consumer alone."""
        return not self.channel.is_closed and self.consumer_tag in self.channel.consumers

    async def next_batch(self) -> list[Delivery]:
        """What is here, up to a batch; nothing if a second passes without any."""
        try:
            async with asyncio.timeout(LOOK_EVERY):
                batch = [await self.arrived.get()]
        except TimeoutError:
            return []
        while len(batch) < BATCH and not self.arrived.empty():
            batch.append(self.arrived.get_nowait())
        return batch


async def consume(runtime: Runtime) -> None:
    """Connect, consume, and start again whenever the broker, the channel or the queue is lost."""
    reaches_broker = runtime.reaches_broker.setdefault("inbox", asyncio.Event())
    urls = runtime.settings.amqp_urls()

    async def consume_until_lost() -> None:
        try:
            async with await connect(urls, name=f"{runtime.service}-inbox") as connection:
                intake = await open_intake(connection, inbox_queue(runtime.service))
                reaches_broker.set()
                await take_all(intake, runtime.database)
                log.warning("inbox closed by the broker")
        finally:
            reaches_broker.clear()

    await for_ever(
        consume_until_lost, name="inbox", survives=(*UNREACHABLE, ChannelInvalidStateError)
    )


async def open_intake(connection: AbstractConnection, queue: str) -> Intake:
    """Begin to consume a queue."""
    channel = await (await connection.channel()).get_underlay_channel()
    assert isinstance(channel, Channel), "what aio-pika opens"
    # While one batch is dealt with, the next one is already here.
    await channel.basic_qos(prefetch_count=2 * BATCH)
    intake = Intake(channel, consumer_tag="journal")
    await channel.basic_consume(queue, intake.hand_over, consumer_tag=intake.consumer_tag)
    log.info("inbox ready", queue=queue)
    return intake


async def take_all(intake: Intake, database: Database) -> None:
    """Take batch after batch, until the broker closes the channel or ends the consumer."""
    while intake.is_open:
        batch = await intake.next_batch()
        if batch and await _take(intake, database, batch):
            _observe(batch[-1].content)
            # A channel lost by now brings the batch again; the journal knows it.
            with suppress(ChannelInvalidStateError):
                await intake.channel.basic_ack(batch[-1].tag, multiple=True)


async def _take(intake: Intake, database: Database, batch: Sequence[Delivery]) -> bool:
    """Take a batch, trying until it works; False if the channel is gone, and with it the batch."""
    take = partial(journal.take, database, [delivery.content for delivery in batch])
    pause = 0.1
    while intake.is_open:
        try:
            await take()
        except Exception as trouble:  # noqa: BLE001 - no ack, no nack: ask again until it works
            log.warning("database away", reason=type(trouble).__name__, seconds=pause)
            await asyncio.sleep(pause * uniform(0.5, 1.5))  # noqa: S311 - jitter, no secret
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            return True
    return False


def _observe(content: Received | Flaw) -> None:
    if isinstance(content, Received):
        recorded = content.envelope.recordedtime
        telemetry.CONSUMER_LAG.set((datetime.now(UTC) - recorded).total_seconds())
