"""Notifications: messages through a listener (inbox row, effect, ack), against plain FastStream."""

import asyncio
from collections.abc import AsyncGenerator

import asyncpg
from faststream import AckPolicy
from faststream.rabbit import Channel, RabbitBroker, RabbitQueue
from pydantic import BaseModel, JsonValue

from benchmarks.measure import Benchmark, Sample
from benchmarks.messages import event_published, tell
from benchmarks.stage import Stage

MESSAGES_A_SECOND = 800
DONE_WITHIN = 120
TABLE = """
    CREATE TABLE IF NOT EXISTS noted (id uuid PRIMARY KEY, title text NOT NULL,
                                      noted_at timestamptz NOT NULL DEFAULT clock_timestamp())
    """


class _Told(BaseModel):
    id: str
    data: dict[str, JsonValue]


async def _rounds(stage: Stage, seconds: float) -> AsyncGenerator[Sample, None]:
    count = int(MESSAGES_A_SECOND * seconds)
    while True:
        await stage.purge()
        await tell(stage, "notifications", (event_published() for _ in range(count)))
        plain = await _listen_plainly(stage, count)
        await tell(stage, "notifications", (event_published() for _ in range(count)))
        async with stage.connected("pdu_notifications") as conn:
            await conn.execute("DELETE FROM inbox")
            used = stage.cpu_seconds()
            async with stage.running("notifications") as service, asyncio.timeout(DONE_WITHIN):
                while await conn.fetchval("SELECT count(*) FROM inbox") < count:
                    await asyncio.sleep(0.2)
                used = stage.cpu_seconds(service) - used
                rss = service.rss_mb
            rate = await conn.fetchval(RATE)
        yield Sample(value=rate, yardstick=plain, cpu_ms=used / count * 1000, rss_mb=rss)


# From the start of the first batch to the start of the last.
RATE = """
    WITH last AS (SELECT xmin FROM inbox ORDER BY received_at DESC LIMIT 1)
    SELECT count(*) FILTER (WHERE inbox.xmin <> last.xmin)
           / extract(epoch FROM min(received_at) FILTER (WHERE inbox.xmin = last.xmin)
                                - min(received_at))::float
      FROM inbox, last
    """


async def _listen_plainly(stage: Stage, count: int) -> float:
    """A handler as FastStream's tutorial writes it: typed, one insert, an ack when it returns."""
    done = asyncio.Event()
    left = count
    async with asyncpg.create_pool(stage.yard(), min_size=1) as pool:
        await pool.execute(TABLE)
        await pool.execute("TRUNCATE noted")
        broker = RabbitBroker(stage.house.amqp_url("platform"), logger=None)

        @broker.subscriber(
            RabbitQueue("notifications.inbox", declare=False, durable=True),
            channel=Channel(prefetch_count=256),
            ack_policy=AckPolicy.NACK_ON_ERROR,
        )
        async def note(body: bytes) -> None:
            nonlocal left
            told = _Told.model_validate_json(body)
            await pool.execute(
                "INSERT INTO noted (id, title) VALUES ($1, $2)", told.id, told.data["title"]
            )
            left -= 1
            if left == 0:
                done.set()

        async with broker, asyncio.timeout(DONE_WITHIN):
            await broker.start()
            await done.wait()
        return await pool.fetchval(
            "SELECT (count(*) - 1) / extract(epoch FROM max(noted_at) - min(noted_at))::float"
            " FROM noted"
        )


BENCHMARKS = (
    Benchmark(
        name="listener",
        unit="messages/s",
        yardstick="plain FastStream with one insert",
        rounds=_rounds,
        floor=1.0,
        aim=1.6,
    ),
)
