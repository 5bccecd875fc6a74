"""The annual report of a year with thousands of attendances: seconds until its PDF is there."""

import time
from collections.abc import AsyncGenerator
from datetime import date
from uuid import uuid4

import asyncpg
import httpx

from benchmarks.measure import Benchmark, Sample
from benchmarks.stage import Stage
from pdu_shared.access import Role

ATTENDANCES, MEMBERS, YEARS = 50_000, 5_000, 5
FIRST = 2017
YEAR = "bench-3"


async def fill(conn: asyncpg.Connection) -> None:
    """Five years of a busy unit, straight into the projections."""
    await conn.execute("TRUNCATE attendance, member, project_year")
    for number in range(1, YEARS + 1):
        starts_on = date(FIRST + number, 4, 1)
        await conn.execute(
            """
            INSERT INTO project_year (project_year_id, code, label, starts_on, ends_on, is_partial,
                                      sequence)
            VALUES ($1, $2, $3, $4, $5, false, 1)
            """,
            uuid4(),
            f"bench-{number}",
            f"Year {number}",
            starts_on,
            date(FIRST + number + 1, 3, 31),
        )
    await conn.execute(
        """
        INSERT INTO attendance (attendance_id, session_id, learning_event_id, event_kind,
                                person_id, state, sector, work_field, role_level, area, held_on,
                                sequence)
        SELECT gen_random_uuid(), md5('s' || n % 2000)::uuid, md5('e' || n % 1500)::uuid,
               'learning_event', md5('p' || n % 8000)::uuid, 'present',
               (ARRAY['voluntary', 'statutory', 'private'])[1 + n % 3], 'field-' || n % 12,
               'role-' || n % 7, 'area-' || n % 5, DATE '2018-04-01' + n % 1800, 1
          FROM generate_series(1, $1::int) AS n
        """,
        ATTENDANCES,
        timeout=120,
    )
    await conn.execute(
        """
        INSERT INTO member (person_id, sector, work_field, role_level, area, registered_on,
                            sequence)
        SELECT md5('p' || n)::uuid, 'voluntary', 'field-' || n % 12, 'role-' || n % 7,
               'area-' || n % 5, DATE '2018-04-01' + n % 1800, 1
          FROM generate_series(1, $1::int) AS n
        """,
        MEMBERS,
    )
    await conn.execute("VACUUM ANALYZE")


async def _report(stage: Stage, _seconds: float) -> AsyncGenerator[Sample, None]:
    async with stage.connected("pdu_reporting") as conn:
        await fill(conn)
    headers = stage.house.authorised(Role.EVALUATOR)
    async with (
        stage.running("reporting") as service,
        httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{service.port}",
            headers=headers,
            timeout=60,
            trust_env=False,
        ) as http,
    ):
        while True:
            plain, _ = await _seconds_for(http, "json")
            used = stage.cpu_seconds(service)
            took, size = await _seconds_for(http, "pdf")
            used = stage.cpu_seconds(service) - used
            assert size, "a report has pages"
            yield Sample(value=took, yardstick=plain, cpu_ms=used * 1000, rss_mb=service.rss_mb)


async def _seconds_for(http: httpx.AsyncClient, form: str) -> tuple[float, int]:
    began = time.perf_counter()
    asked = {"project_year": YEAR, "format": form}
    answer = await http.get("/reports/annual", params=asked)
    answer.raise_for_status()
    return time.perf_counter() - began, len(answer.content)


BENCHMARKS = (
    Benchmark(
        name="annual-report",
        unit="s",
        yardstick="the same as JSON, which is not set",
        rounds=_report,
        floor=5,
        aim=2,
        less_is_better=True,
        absolute=True,
    ),
)
