"""A million facts row by row over HTTP: rows a second, and the memory that it takes meanwhile."""

import asyncio
import itertools
import time
from collections.abc import AsyncGenerator
from functools import partial

import asyncpg
import httpx

from benchmarks.measure import Benchmark, Sample
from benchmarks.stage import Running, Stage, peak
from pdu_shared.access import Role

ROWS = 1_000_000
HEADING = 1


async def fill(conn: asyncpg.Connection) -> None:
    """A million attendances of a hundred thousand people, straight into the projection."""
    await conn.execute("TRUNCATE attendance")
    await conn.execute(
        """
        INSERT INTO attendance (attendance_id, session_id, learning_event_id, event_kind,
                                person_id, state, sector, work_field, role_level, area, held_on,
                                sequence)
        SELECT gen_random_uuid(), md5('s' || n % 5000)::uuid, md5('e' || n % 4000)::uuid,
               'learning_event', md5('p' || n % 100000)::uuid, 'present', 'voluntary',
               'mental_health', 'front_line', 'nottingham_city', DATE '2018-01-01' + n % 1500, 1
          FROM generate_series(1, $1::int) AS n
        """,
        ROWS,
        timeout=300,
    )
    await conn.execute("VACUUM ANALYZE attendance")


async def _export(stage: Stage, _seconds: float, *, form: str) -> AsyncGenerator[Sample, None]:
    async with stage.connected("pdu_reporting") as conn:
        await fill(conn)
    headers = stage.house.authorised(Role.EVALUATOR)
    async with stage.running("reporting") as service:
        for turn in itertools.count():
            plain = await _copy_plainly(stage)
            used = stage.cpu_seconds(service)
            async with peak(service) as seen:
                took, size = await _read(service, headers, form)
            used = stage.cpu_seconds(service) - used
            assert size > ROWS, f"{size} bytes in round {turn}"
            yield Sample(
                value=ROWS / took, yardstick=plain, cpu_ms=used / ROWS * 1000, rss_mb=max(seen)
            )


async def _read(service: Running, headers: dict[str, str], form: str) -> tuple[float, int]:
    """How long it took, and how much came."""
    began, size = time.perf_counter(), 0
    url = f"http://127.0.0.1:{service.port}/facts/attendances?format={form}"
    async with (
        httpx.AsyncClient(headers=headers, timeout=300, trust_env=False) as http,
        http.stream("GET", url) as answer,
    ):
        answer.raise_for_status()
        async for piece in answer.aiter_raw():
            size += len(piece)
    return time.perf_counter() - began, size


async def _copy_plainly(stage: Stage) -> float:
    """The same table by COPY, through the same driver."""
    conn = await asyncpg.connect(stage.house.settings("reporting").database_dsn())
    try:
        began = time.perf_counter()
        await conn.copy_from_query("SELECT * FROM attendance", output=_forget, format="csv")
        return ROWS / (time.perf_counter() - began)
    finally:
        await conn.close()


async def _forget(_data: bytes) -> None:
    await asyncio.sleep(0)


BENCHMARKS = tuple(
    Benchmark(
        name=f"export-{form}",
        unit="rows/s",
        yardstick="COPY of the table as CSV",
        rounds=partial(_export, form=form),
        floor=0.02,
        aim=0.1,
    )
    for form in ("csv", "parquet")
)
