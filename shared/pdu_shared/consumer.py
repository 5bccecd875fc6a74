"""A consumer of a service's queue: deliveries in batches, acknowledged after the commit.

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
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import structlog
from aio_pika.abc import AbstractIncomingMessage, AbstractRobustConnection
from faststream import AckPolicy
from faststream.rabbit import Channel, RabbitBroker, RabbitQueue

from pdu_shared import telemetry
from pdu_shared.again import LONGEST_PAUSE, end_if_cancelled, for_ever
from pdu_shared.bus import UNREACHABLE, node_urls
from pdu_shared.contracts.message import CONTENT_TYPE
from pdu_shared.reading import Flaw, Received, read
from pdu_shared.sealing import Sealer

if TYPE_CHECKING:
    from faststream._internal.basic_types import SendableMessage
    from faststream.message import StreamMessage

log = structlog.get_logger()

BATCH = 256
HANDSHAKE = 5.0
"""Seconds that a broker has to answer somebody who is on the way out."""

T = TypeVar("T")


def reading(sealer: Sealer | None) -> Callable[[AbstractIncomingMessage], Received | Flaw]:
    """How the deliveries of an inbox are read."""
    return lambda raw: read(raw.body, sent_by=raw.user_id or "nobody", sealer=sealer)


@dataclass(frozen=True, slots=True)
class Delivery(Generic[T]):
    """What arrived, and how to say that it was taken."""

    content: T
    raw: AbstractIncomingMessage


@dataclass(frozen=True, slots=True)
class CloudEvents(Generic[T]):
    """FastStream's codec for our content type: a delivery is read once, here."""

    read: Callable[[AbstractIncomingMessage], T]

    async def decode(self, msg: "StreamMessage[Any]") -> Any:  # noqa: ANN401 - FastStream's protocol
        """What a delivery says, or what is wrong with it. Never raises: nothing is dropped."""
        raw = msg.raw_message
        return Delivery(self.read(raw), raw)

    async def encode(
        self, msg: "SendableMessage", serializer: object = None
    ) -> tuple[bytes, str | None]:
        """Nothing is published from here; FastStream's protocol asks for the method."""
        del serializer
        return str(msg).encode(), CONTENT_TYPE


@dataclass(frozen=True, slots=True)
class Consumer(Generic[T]):
    """Consumes `<service>.inbox`, or another queue of the service, until it is cancelled.

    `take` deals with a batch and commits; it raises only when it should be asked again later.
    """

    service: str
    urls: Sequence[str]
    read: Callable[[AbstractIncomingMessage], T]
    take: Callable[[Sequence[T]], Awaitable[None]]
    queue: str = "inbox"
    batch: int = BATCH
    reaches_broker: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Connect, consume, and start again whenever the broker or the connection is lost."""
        nodes = cycle(node_urls(self.urls, f"{self.service}-{self.queue}"))
        await for_ever(lambda: self._consume(next(nodes)), name=self.queue, survives=UNREACHABLE)

    async def _consume(self, url: str) -> None:
        arrived: asyncio.Queue[Delivery[T]] = asyncio.Queue()
        broker = RabbitBroker(url, codec=CloudEvents(self.read), logger=None)
        queue = RabbitQueue(f"{self.service}.{self.queue}", declare=False, durable=True)

        # Twice the batch: while one is dealt with, the next one is already here.
        @broker.subscriber(
            queue, channel=Channel(prefetch_count=2 * self.batch), ack_policy=AckPolicy.MANUAL
        )
        async def hand_over(delivery: Any) -> None:  # noqa: ANN401 - read already, see CloudEvents
            arrived.put_nowait(delivery)

        try:
            connection = await _connected(broker)
            await broker.start()
            log.info("consumer ready", queue=queue.name)
            self.reaches_broker.set()
            while connection.connected.is_set():
                await self._take(await _what_arrived(arrived, self.batch))
                end_if_cancelled()
        finally:
            self.reaches_broker.clear()
            await broker.stop()

    async def _take(self, batch: Sequence[Delivery[T]]) -> None:
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


async def _connected(broker: RabbitBroker) -> AbstractRobustConnection:
    """The broker's connection, which whoever is stopped meanwhile still gets to close.

    aio-pika would go on connecting, for nobody, if its own call were cancelled.
    """
    connecting = asyncio.ensure_future(broker.connect())
    try:
        return await asyncio.shield(connecting)
    except asyncio.CancelledError:
        await asyncio.wait({connecting}, timeout=HANDSHAKE)
        connecting.cancel()
        raise


async def _what_arrived(arrived: asyncio.Queue[Delivery[T]], most: int) -> list[Delivery[T]]:
    """What is here, up to a batch; nothing if a second passes without any."""
    try:
        async with asyncio.timeout(1):
            batch = [await arrived.get()]
    except TimeoutError:
        return []
    while len(batch) < most and not arrived.empty():
        batch.append(arrived.get_nowait())
    return batch


def _observe(delivery: Delivery[T]) -> None:
    if isinstance(delivery.content, Received):
        recorded = delivery.content.envelope.recordedtime
        telemetry.CONSUMER_LAG.set((datetime.now(UTC) - recorded).total_seconds())
