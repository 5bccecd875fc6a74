"""What is on: a page of the programme over HTTP, against the same rows as JSON by SQL."""

import asyncio
import time
from collections.abc import AsyncGenerator
from itertools import repeat

import asyncpg

from benchmarks.load import closed
from benchmarks.measure import Benchmark, Sample
from benchmarks.programme import announce
from benchmarks.stage import Stage
from benchmarks.yardsticks import EVENTS

CLIENTS = 8
REQUEST = b"GET /learning-events?limit=20 HTTP/1.1\r\nHost: bench\r\n\r\n"
PAGE = """
    SELECT json_agg(page)
      FROM (SELECT event.*, json_agg(session) AS sessions
              FROM learning_event AS event JOIN session USING (learning_event_id)
             WHERE state = 'published' AND starts_at > now()
             GROUP BY event.learning_event_id
             ORDER BY min(starts_at), event.learning_event_id
             LIMIT 20) AS page
    """


async def _rounds(stage: Stage, seconds: float) -> AsyncGenerator[Sample, None]:
    async with stage.running("bookings") as service, stage.connected("pdu_bookings") as conn:
        # A thousand in all, whatever other benchmarks announced.
        await conn.execute("UPDATE learning_event SET state = 'draft', published_at = NULL")
        await announce(stage, EVENTS)
        await conn.execute("ANALYZE")
        await closed(service.port, repeat(REQUEST), clients=CLIENTS, seconds=0.5)
        while True:
            used = stage.cpu_seconds(service)
            heard = await closed(service.port, repeat(REQUEST), clients=CLIENTS, seconds=seconds)
            used = stage.cpu_seconds(service) - used
            plain = await _ask_plainly(stage, seconds)
            yield Sample(
                value=heard.expect(200).rate,
                yardstick=plain,
                p50_ms=heard.percentile_ms(0.5),
                p99_ms=heard.percentile_ms(0.99),
                cpu_ms=used / len(heard.seconds) * 1000,
                rss_mb=service.rss_mb,
            )


async def _ask_plainly(stage: Stage, seconds: float) -> float:
    url = stage.house.settings("bookings").database_dsn()
    async with asyncpg.create_pool(url, min_size=CLIENTS, max_size=CLIENTS) as pool:
        until = (began := time.perf_counter()) + seconds

        async def ask() -> int:
            asked = 0
            while time.perf_counter() < until:
                await pool.fetchval(PAGE)
                asked += 1
            return asked

        asked = await asyncio.gather(*(ask() for _ in range(CLIENTS)))
        return sum(asked) / (time.perf_counter() - began)


BENCHMARKS = (
    Benchmark(
        name="events-list",
        unit="pages/s",
        yardstick="json_agg of the same rows by asyncpg",
        rounds=_rounds,
        floor=0.5,
        aim=1.0,
    ),
)
