"""From the commit of a booking to its message in a consumer's hands, at a steady rate."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from aio_pika.abc import AbstractIncomingMessage
from pydantic_core import from_json

from benchmarks.load import closed, opened, percentile
from benchmarks.measure import Benchmark, Rounds, Sample
from benchmarks.outbox import drained
from benchmarks.programme import announce, bookings
from benchmarks.stage import Stage
from pdu_shared.contracts.bookings.place import EventBooked
from pdu_shared.contracts.message import MESSAGES_EXCHANGE


@asynccontextmanager
async def _listening(stage: Stage) -> AsyncIterator[list[float]]:
    """Seconds from each message's `recordedtime`, just before its commit, to its arrival."""
    taken: list[float] = []

    async def arrived(message: AbstractIncomingMessage) -> None:
        told = from_json(message.body)["recordedtime"]
        taken.append(time.time() - datetime.fromisoformat(told).timestamp())

    async with stage.channel() as channel:
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(MESSAGES_EXCHANGE, EventBooked.routing_key())
        await queue.consume(arrived, no_ack=True)
        yield taken


def _at(rate: float, of_interest: float) -> Rounds:
    async def rounds(stage: Stage, seconds: float) -> AsyncGenerator[Sample, None]:
        async with stage.running("bookings") as service:
            requests = bookings(await announce(stage, 1))
            await closed(service.port, requests, clients=8, seconds=1)
            while True:
                await drained(stage)
                async with _listening(stage) as taken:
                    used = stage.cpu_seconds(service)
                    heard = await opened(service.port, requests, rate=rate, seconds=seconds)
                    async with asyncio.timeout(30):
                        while len(taken) < len(heard.seconds):
                            await asyncio.sleep(0.01)
                    used = stage.cpu_seconds(service) - used
                heard.expect(201)
                yield Sample(
                    value=percentile(taken, of_interest) * 1000,
                    yardstick=heard.percentile_ms(0.5),
                    p50_ms=percentile(taken, 0.5) * 1000,
                    p99_ms=percentile(taken, 0.99) * 1000,
                    cpu_ms=used / len(taken) * 1000,
                    rss_mb=service.rss_mb,
                )

    return rounds


BENCHMARKS = (
    Benchmark(
        name="delivery-200",
        unit="ms, p50",
        yardstick="the booking's own p50",
        rounds=_at(200, of_interest=0.5),
        floor=4,
        aim=2.3,
        less_is_better=True,
    ),
    Benchmark(
        name="delivery-1000",
        unit="ms, p99",
        yardstick="the booking's own p50",
        rounds=_at(1000, of_interest=0.99),
        floor=100,
        aim=20,
        less_is_better=True,
        absolute=True,
    ),
)
