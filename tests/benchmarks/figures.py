"""Figures of a dashboard over ten million attendances, and two people becoming one."""

import itertools
import statistics
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg

from benchmarks.load import closed, percentile
from benchmarks.measure import Benchmark, Sample
from benchmarks.stage import Running, Stage
from bus import arrived
from pdu_reporting import journal
from pdu_reporting.asking import Asked
from pdu_reporting.counting import count
from pdu_reporting.figures import FIGURES
from pdu_reporting.tally.keeping import count_again
from pdu_reporting.tally.marking import mark_everybody
from pdu_shared.access import Role
from pdu_shared.contracts.resources.member import PersonMerged
from pdu_shared.database import Database, open_database
from spare import a_spare

FACTS = 10_000_000
FACTS_OF_A_MERGE = 1_000_000
EACH_COMES = 20
"""How often a person comes, in the mean; the first ten times as often as the last."""
TO_A_SESSION = 20
SHORT = 3.0
"""A run that is shorter than this has fewer facts."""
MERGES = 20

DASHBOARD = (
    "attendances",
    "attendances?by=project_year",
    "attendances?by=sector,project_year",
    "attendances?by=work_field,project_year",
    "attendances?by=month",
    "attendances?by=workstream,project_year",
    "attendances?kind=cop_session&by=series",
    "attendance_share?by=sector,project_year",
    "attendance_ratio?sector=bench-1&against_sector=bench-2&by=project_year",
    "individuals",
    "individuals?by=project_year",
    "individuals?by=sector,project_year",
    "individuals?by=role_level",
    "individuals_new?by=project_year",
    "individuals_returning?by=project_year",
    "repeat_attendance?by=project_year",
    "individuals_reached",
    "individuals_blended?by=sector",
    "individuals_hub_only",
    "individuals_events_only",
)
PLAIN = (
    "SELECT count(*) FROM attendance WHERE state IN ('present', 'partial')",
    """
    SELECT code, sector, count(*)
      FROM attendance
      JOIN project_year ON held_on BETWEEN starts_on AND ends_on
     WHERE state IN ('present', 'partial')
     GROUP BY code, sector
    """,
    """
    SELECT code, count(DISTINCT person_id)
      FROM attendance
      JOIN project_year ON held_on BETWEEN starts_on AND ends_on
     WHERE state IN ('present', 'partial')
     GROUP BY code
    """,
)
"""Three of these figures by hand, with neither merges nor anything else that makes them right."""


def _facts(seconds: float, whole: int) -> int:
    return whole if seconds >= SHORT else int(whole * seconds / SHORT / 20)


async def fill(conn: asyncpg.Connection, facts: int) -> None:
    """Attendances of five years straight into the tables; nobody in them exists."""
    people, sessions = facts // EACH_COMES, facts // TO_A_SESSION
    await conn.execute(
        """
        INSERT INTO project_year (project_year_id, code, label, starts_on, ends_on, is_partial,
                                  sequence)
        SELECT gen_random_uuid(), 'bench-' || n, 'Year ' || n, make_date(2014 + n, 4, 1),
               make_date(2015 + n, 3, 31), false, 1
          FROM generate_series(1, 5) AS n
        """
    )
    await conn.execute(
        """
        INSERT INTO category (category_id, scheme, code, label, sequence)
        SELECT gen_random_uuid(), 'sector', 'bench-' || n, 'Sector', 1
          FROM generate_series(0, 4) AS n
        """
    )
    await conn.execute(
        """
        INSERT INTO learning_event (learning_event_id, kind, event_type, title, workstreams,
                                    series, sequence)
        SELECT md5('event' || n)::uuid, CASE n % 4 WHEN 0 THEN 'cop_session'
                                                   ELSE 'learning_event' END,
               'workshop', 'Bench', ARRAY['bench-' || n % 8, 'bench-' || n % 11],
               CASE n % 4 WHEN 0 THEN 'bench-' || n % 20 END, 1
          FROM generate_series(0, $1) AS n
        """,
        sessions,
        timeout=3600,
    )
    await conn.execute(
        """
        INSERT INTO attendance (attendance_id, session_id, learning_event_id, event_kind, person_id,
                                state, sector, work_field, role_level, area, held_on, sequence)
        SELECT gen_random_uuid(), md5('session' || s)::uuid, md5('event' || s)::uuid,
               CASE s % 4 WHEN 0 THEN 'cop_session' ELSE 'learning_event' END,
               md5('person' || p)::uuid,
               (ARRAY['present', 'present', 'present', 'partial', 'absent_no_show'])[1 + n % 5],
               'bench-' || p % 5, 'bench-' || p % 9, 'bench-' || p % 6, 'bench-' || p % 7,
               DATE '2015-04-01' + (s * 1820.0 / $2)::int, 1
          FROM (SELECT n, n / 20 AS s, (random() * random() * $1)::int AS p
                  FROM generate_series(1, $3) AS n) AS made
        """,
        people,
        sessions,
        facts,
        timeout=3600,
    )
    await conn.execute(
        """
        INSERT INTO member (person_id, sector, work_field, role_level, area, registered_on,
                            sequence)
        SELECT md5('person' || n * 3)::uuid, 'bench-1', 'bench-1', 'bench-1', 'bench-1',
               DATE '2016-01-01', 1
          FROM generate_series(1, $1) AS n
        """,
        people // 5,
    )
    await mark_everybody(conn, position=0)
    await conn.execute("VACUUM ANALYZE", timeout=3600)


@asynccontextmanager
async def _filled(stage: Stage, facts: int) -> AsyncIterator[tuple[str, Database]]:
    """A database of reporting that has so many attendances, and everybody counted."""
    async with a_spare(stage.house, "reporting") as url:
        name = urlsplit(url).path.removeprefix("/")
        async with stage.connected(name) as conn:
            await fill(conn, facts)
        async with open_database(url, application="bench") as database:
            while await count_again(database):
                pass
            yield name, database


async def _figures(stage: Stage, seconds: float) -> AsyncGenerator[Sample, None]:
    async with (
        _filled(stage, _facts(seconds, FACTS)) as (name, _),
        stage.connected(name) as conn,
        stage.running("reporting", database=name) as service,
    ):
        told = stage.house.authorised(Role.COORDINATOR)
        while True:
            heard = [await _asked(service, told, one, seconds) for one in DASHBOARD]
            yield Sample(
                value=statistics.median(percentile(one, 0.5) * 1000 for one in heard),
                yardstick=await _plainly(conn),
                p50_ms=statistics.median(percentile(one, 0.5) * 1000 for one in heard),
                p99_ms=max(percentile(one, 0.99) * 1000 for one in heard),
                rss_mb=service.rss_mb,
            )


async def _asked(
    service: Running, told: Mapping[str, str], figure: str, seconds: float
) -> list[float]:
    """How long the answers to one question took, asked again and again by one client."""
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    request = f"GET /figures/{figure} HTTP/1.1\r\nHost: bench\r\n{head}\r\n".encode()
    heard = await closed(service.port, itertools.repeat(request), clients=1, seconds=seconds / 3)
    return heard.expect(200).seconds


async def _plainly(conn: asyncpg.Connection) -> float:
    """Milliseconds of a figure that is counted by hand, in the mean of a few."""
    taken = []
    for sql in PLAIN:
        began = time.perf_counter()
        await conn.fetch(sql, timeout=600)
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.mean(taken)


async def _merge(stage: Stage, seconds: float) -> AsyncGenerator[Sample, None]:
    everybody = Asked((), {}, first=None, last=None)
    async with _filled(stage, _facts(seconds, FACTS_OF_A_MERGE)) as (_, database):
        while True:
            taken = []
            for _ in range(MERGES):
                ids = await database.pool.fetch(
                    "SELECT person_id FROM tally_part ORDER BY random() LIMIT 2"
                )
                kept, merged = (row["person_id"] for row in ids)
                before = await _individuals(database, everybody)
                told = PersonMerged(kept_id=kept, merged_id=merged, basis="same_address")
                began = time.perf_counter()
                await journal.take(database, [arrived(told)])
                after = await _individuals(database, everybody)
                taken.append(time.perf_counter() - began)
                if before - after not in {0, 1}:
                    raise RuntimeError(f"a merge made {before} individuals {after}")
            yield Sample(
                value=percentile(taken, 0.99) * 1000,
                p50_ms=percentile(taken, 0.5) * 1000,
                p99_ms=percentile(taken, 0.99) * 1000,
            )


async def _individuals(database: Database, asked: Asked) -> int:
    counted = await count(database, FIGURES["individuals"], asked)
    value = counted.rows[0].value
    assert isinstance(value, int)
    return value


BENCHMARKS = (
    Benchmark(
        name="figures-10m",
        unit="ms",
        yardstick="the same by SQL over the facts",
        rounds=_figures,
        floor=0.01,
        aim=0.001,
        less_is_better=True,
    ),
    Benchmark(
        name="merge",
        unit="ms",
        yardstick="none: told, and counted again, over a million facts",
        rounds=_merge,
        floor=1000,
        aim=100,
        less_is_better=True,
        absolute=True,
    ),
)
