"""The relay: from a full outbox to the broker's confirms, against aio-pika alone."""

import asyncio
import time
from collections.abc import AsyncGenerator

from benchmarks.measure import Benchmark, Sample
from benchmarks.messages import WINDOW, body_of, event_booked, publish
from benchmarks.stage import Stage
from pdu_shared.contracts.bookings.place import EventBooked
from pdu_shared.contracts.message import MESSAGES_EXCHANGE
from pdu_shared.identity import uuid7

MESSAGES_A_SECOND = 2500
DRAINED_WITHIN = 120


async def drained(stage: Stage, *, database: str = "pdu_bookings") -> None:
    """Return once bookings has nothing left to publish, and forget what was published."""
    async with stage.connected(database) as conn, asyncio.timeout(DRAINED_WITHIN):
        while await conn.fetchval("SELECT true FROM outbox WHERE published_at IS NULL LIMIT 1"):
            await asyncio.sleep(0.1)
    await stage.purge()


async def _rounds(stage: Stage, seconds: float) -> AsyncGenerator[Sample, None]:
    count = int(MESSAGES_A_SECOND * seconds)
    async with stage.running("bookings") as service:
        while True:
            plain = await _publish_plainly(stage, count)
            await stage.purge()
            used = stage.cpu_seconds(service)
            ours = await _relay(stage, count)
            used = stage.cpu_seconds(service) - used
            yield Sample(
                value=ours, yardstick=plain, cpu_ms=used / count * 1000, rss_mb=service.rss_mb
            )


async def _relay(stage: Stage, count: int) -> float:
    """Fill the outbox in one commit; messages a second from the first mark to the last."""
    async with stage.connected("pdu_bookings") as conn:
        before = await conn.fetchval("SELECT coalesce(max(position), 0) FROM outbox")
        event = uuid7()
        told = [event_booked(event) for _ in range(count)]
        await conn.execute(
            """
            INSERT INTO outbox (message_id, exchange, routing_key, subject, sequence, body,
                                occurred_at)
            SELECT message_id, $1, $2, subject, 1, body, now()
              FROM unnest($3::uuid[], $4::text[], $5::text[]) AS told (message_id, subject, body)
            """,
            MESSAGES_EXCHANGE,
            EventBooked.routing_key(),
            [uuid7() for _ in told],
            [one.subject for one in told],
            [body_of(one) for one in told],
        )
        await drained(stage)
        return await conn.fetchval(
            """
            WITH batch AS (SELECT published_at, count(*) AS messages
                             FROM outbox WHERE position > $1 GROUP BY published_at)
            SELECT (sum(messages) - (SELECT messages FROM batch ORDER BY published_at LIMIT 1))
                   / extract(epoch FROM max(published_at) - min(published_at))::float
              FROM batch
            """,
            before,
        )


async def _publish_plainly(stage: Stage, count: int) -> float:
    event = uuid7()
    bodies = [
        (body_of(event_booked(event)).encode(), EventBooked.routing_key()) for _ in range(count)
    ]
    async with stage.channel("bookings") as channel:
        exchange = await channel.get_exchange(MESSAGES_EXCHANGE, ensure=False)
        began = time.perf_counter()
        await publish(exchange, iter(bodies), user="bookings")
        return count / (time.perf_counter() - began)


BENCHMARKS = (
    Benchmark(
        name="relay",
        unit="messages/s",
        yardstick=f"aio-pika, a window of {WINDOW} confirms",
        rounds=_rounds,
        floor=0.6,
        aim=0.9,
    ),
)
