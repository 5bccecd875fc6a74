"""Reporting: messages into the journal and all projections, and projections made anew."""

import asyncio
import time
from collections.abc import AsyncGenerator
from itertools import islice

import asyncpg
from aio_pika.abc import AbstractIncomingMessage

from benchmarks.history import history
from benchmarks.measure import Benchmark, Sample
from benchmarks.messages import body_of, tell
from benchmarks.stage import Stage
from pdu_reporting import journal
from pdu_reporting.consume import BATCH
from pdu_reporting.rebuild import rebuild
from pdu_shared.database import Database, open_database
from pdu_shared.reading import read

MESSAGES_A_SECOND = 2500
ROWS = 100_000
"""Fewer would measure how long it takes to make twenty tables."""
ACK_EVERY = 200
QUEUE = "reporting.inbox"
WRITTEN_WITHIN = 120


async def _fill(stage: Stage, count: int) -> None:
    await tell(stage, "reporting", history(count))


async def _journal(stage: Stage, seconds: float) -> AsyncGenerator[Sample, None]:
    count = int(MESSAGES_A_SECOND * seconds)
    while True:
        await stage.purge()
        await _fill(stage, count)
        plain = await _read_plainly(stage, count)
        await _fill(stage, count)
        async with stage.connected("pdu_reporting") as conn:
            before = await _position(conn)
            used = stage.cpu_seconds()
            async with stage.running("reporting") as service, asyncio.timeout(WRITTEN_WITHIN):
                while await _position(conn) < before + count:
                    await asyncio.sleep(0.1)
                used = stage.cpu_seconds(service) - used
                rss = service.rss_mb
            rate = await _rate(conn, before)
        yield Sample(value=rate, yardstick=plain, cpu_ms=used / count * 1000, rss_mb=rss)


async def _rebuild(stage: Stage, seconds: float) -> AsyncGenerator[Sample, None]:
    del seconds  # a rebuild is as long as it is
    owner = stage.house.settings("reporting", role="owner").database_dsn()
    async with (
        stage.connected("pdu_reporting") as conn,
        open_database(owner, application="bench") as database,
    ):
        await _write_down(database, ROWS - await _position(conn))
        rows = await conn.fetchval("SELECT count(*) FROM journal")
        while True:
            began = time.perf_counter()
            await conn.execute("CREATE TABLE copied AS TABLE journal WITH NO DATA")
            await conn.execute("INSERT INTO copied SELECT * FROM journal")
            plain = rows / (time.perf_counter() - began)
            await conn.execute("DROP TABLE copied")
            used = stage.cpu_seconds()
            began = time.perf_counter()
            await rebuild(database, [])
            taken = time.perf_counter() - began
            used = stage.cpu_seconds() - used
            yield Sample(value=rows / taken, yardstick=plain, cpu_ms=used / rows * 1000)


async def _write_down(database: Database, count: int) -> None:
    """Take so many messages without a broker."""
    told = history(count)
    while batch := list(islice(told, BATCH)):
        bodies = ((body_of(one).encode(), one.service()) for one in batch)
        await journal.take(database, [read(body, sent_by=by, sealer=None) for body, by in bodies])


async def _position(conn: asyncpg.Connection) -> int:
    return await conn.fetchval("SELECT coalesce(max(position), 0) FROM journal")


async def _rate(conn: asyncpg.Connection, before: int) -> float:
    """Messages a second, from the start of the first batch to the start of the last."""
    return await conn.fetchval(
        """
        WITH last AS (SELECT xmin FROM journal ORDER BY position DESC LIMIT 1)
        SELECT count(*) FILTER (WHERE journal.xmin <> last.xmin)
               / extract(epoch FROM min(received_at) FILTER (WHERE journal.xmin = last.xmin)
                                    - min(received_at))::float
          FROM journal, last
         WHERE position > $1
        """,
        before,
    )


async def _read_plainly(stage: Stage, count: int) -> float:
    done = asyncio.get_running_loop().create_future()
    taken = 0

    async def arrived(message: AbstractIncomingMessage) -> None:
        nonlocal taken
        taken += 1
        if taken % ACK_EVERY == 0 or taken == count:
            await message.ack(multiple=True)
        if taken == count:
            done.set_result(time.perf_counter())

    async with stage.channel() as channel:
        await channel.set_qos(prefetch_count=5 * ACK_EVERY)
        queue = await channel.get_queue(QUEUE, ensure=False)
        began = time.perf_counter()
        await queue.consume(arrived)
        async with asyncio.timeout(WRITTEN_WITHIN):
            return count / (await done - began)


BENCHMARKS = (
    Benchmark(
        name="journal",
        unit="messages/s",
        yardstick=f"aio-pika alone, an ack every {ACK_EVERY}",
        rounds=_journal,
        floor=0.5,
        aim=0.8,
    ),
    Benchmark(
        name="rebuild",
        unit="rows/s",
        yardstick="a copy of the journal by INSERT … SELECT",
        rounds=_rebuild,
        floor=0.3,
        aim=0.6,
    ),
)
