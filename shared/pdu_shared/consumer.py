"""The one consumer of a service: deliveries taken in batches, acknowledged after the commit.

FastStream is the subscriber. It hands over each delivery at once; a single task takes what has
arrived. While the database is away nothing is acknowledged or refused, and the broker sends no
more than it allows to be unacknowledged.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from random import uniform
from typing import TYPE_CHECKING, Any

import structlog
from aio_pika.abc import AbstractIncomingMessage
from faststream import AckPolicy
from faststream.rabbit import Channel, RabbitBroker, RabbitQueue

from pdu_shared import telemetry
from pdu_shared.again import LONGEST_PAUSE, for_ever
from pdu_shared.bus import UNREACHABLE, inbox_queue, node_urls
from pdu_shared.contracts.message import CONTENT_TYPE
from pdu_shared.reading import Flaw, Received, read
from pdu_shared.sealing import Sealer

if TYPE_CHECKING:
    from faststream._internal.basic_types import SendableMessage
    from faststream.message import StreamMessage

log = structlog.get_logger()

BATCH = 256

Take = Callable[[Sequence[Received | Flaw]], Awaitable[None]]
"""Deals with a batch and commits; raises only when it should be asked again later."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What arrived, and how to say that it was taken."""

    content: Received | Flaw
    raw: AbstractIncomingMessage


@dataclass(frozen=True, slots=True)
class CloudEvents:
    """FastStream's codec for our content type: a delivery is read once, here."""

    sealer: Sealer | None

    async def decode(self, msg: "StreamMessage[Any]") -> Any:  # noqa: ANN401 - FastStream's protocol
        """The message, or the flaw in it. Never raises: a bad delivery has to be parked."""
        raw = msg.raw_message
        return Delivery(read(msg.body, sent_by=raw.user_id or "nobody", sealer=self.sealer), raw)

    async def encode(
        self, msg: "SendableMessage", serializer: object = None
    ) -> tuple[bytes, str | None]:
        """Nothing is published from here; FastStream's protocol asks for the method."""
        del serializer
        return str(msg).encode(), CONTENT_TYPE


@dataclass(frozen=True, slots=True)
class Consumer:
    """Consumes `<service>.inbox` until it is cancelled."""

    service: str
    urls: Sequence[str]
    sealer: Sealer | None
    take: Take
    reaches_broker: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Connect, consume, and start again whenever the broker or the connection is lost."""
        nodes = cycle(node_urls(self.urls, f"{self.service}-inbox"))
        await for_ever(lambda: self._consume(next(nodes)), name="inbox", survives=UNREACHABLE)

    async def _consume(self, url: str) -> None:
        arrived: asyncio.Queue[Delivery] = asyncio.Queue()
        broker = RabbitBroker(url, codec=CloudEvents(self.sealer), logger=None)
        queue = RabbitQueue(inbox_queue(self.service), declare=False, durable=True)

        # Twice the batch: while one is dealt with, the next one is already here.
        @broker.subscriber(
            queue, channel=Channel(prefetch_count=2 * BATCH), ack_policy=AckPolicy.MANUAL
        )
        async def hand_over(delivery: Any) -> None:  # noqa: ANN401 - read already, see CloudEvents
            arrived.put_nowait(delivery)

        try:
            async with broker:
                connection = await broker.connect()
                await broker.start()
                log.info("inbox ready", queue=queue.name)
                self.reaches_broker.set()
                while connection.connected.is_set():
                    await self._take(await _what_arrived(arrived))
        finally:
            self.reaches_broker.clear()

    async def _take(self, batch: Sequence[Delivery]) -> None:
        pause = 0.1
        while batch:
            try:
                await self.take([delivery.content for delivery in batch])
                break
            except Exception as trouble:  # noqa: BLE001 - no ack, no nack: ask again until it works
                log.warning("database away", reason=type(trouble).__name__, seconds=pause)
                await asyncio.sleep(pause * uniform(0.5, 1.5))  # noqa: S311 - jitter, no secret
                pause = min(pause * 2, LONGEST_PAUSE)
        for delivery in batch:
            _observe(delivery)
            # A connection lost meanwhile brings the delivery again; the inbox knows it.
            with suppress(*UNREACHABLE, RuntimeError):
                await delivery.raw.ack()


async def _what_arrived(arrived: asyncio.Queue[Delivery]) -> list[Delivery]:
    """What is here, up to a batch; nothing if a second passes without any."""
    try:
        async with asyncio.timeout(1):
            batch = [await arrived.get()]
    except TimeoutError:
        return []
    while len(batch) < BATCH and not arrived.empty():
        batch.append(arrived.get_nowait())
    return batch


def _observe(delivery: Delivery) -> None:
    if isinstance(delivery.content, Received):
        recorded = delivery.content.envelope.recordedtime
        telemetry.CONSUMER_LAG.set((datetime.now(UTC) - recorded).total_seconds())
