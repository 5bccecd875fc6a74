"""Every night all that figures stand on is counted anew from the journal, and held against it."""

import asyncio
import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import asyncpg
import structlog
from fastapi import APIRouter
from prometheus_client import Gauge
from pydantic import BaseModel, Field

from pdu_reporting.checking import Compared, check
from pdu_reporting.rebuild import BusyError
from pdu_reporting.tally.recounting import recount
from pdu_shared.again import for_ever
from pdu_shared.database import UNAVAILABLE, Conn, Database, transaction
from pdu_shared.local_time import local_clock
from pdu_shared.runtime import Runtime, Store
from pdu_shared.telemetry import REGISTRY

log = structlog.get_logger()

LOOK_EVERY = 60.0
NIGHT = timedelta(hours=3)
"""How long after its hour a recomputation may still begin."""
BESIDE = "nightly"
"""The schema in which the running service may make tables."""
SHOWN = 100

router = APIRouter(tags=["journal"])

DIFFERENT = Gauge(
    "pdu_recomputed_different",
    "Tables that were not what the journal gives, when they were last recomputed.",
    registry=REGISTRY,
)
RECOMPUTED = Gauge(
    "pdu_recomputed_timestamp_seconds",
    "When projections were last recomputed to the end.",
    registry=REGISTRY,
)


class Contents(BaseModel):
    """A table in one line."""

    rows: int
    digest: str = Field(description="The SHA-256 of the ordered SHA-256s of its rows")


class Differs(BaseModel):
    """A projection that is not what the journal gives, or cells that do not count what is kept."""

    name: str
    kept: Contents
    recomputed: Contents


class Recomputation(BaseModel):
    """What one night found."""

    ran_on: date = Field(description="The local day")
    started_at: datetime
    ended_at: datetime | None = Field(description="Null while it goes on, or if it was cut off")
    journal_position: int | None
    projections: int | None
    rows: int | None
    equal: bool | None = Field(
        description="Every row of every projection is the same, and what is kept counted too"
    )
    different: list[Differs]


class Recomputations(BaseModel):
    """The latest nights, newest first."""

    items: list[Recomputation]


@router.get("/recomputations")
async def recomputations(database: Store) -> Recomputations:
    """Whether what figures are counted from equals what the journal gives: every night's answer."""
    async with database.pool.acquire(timeout=5) as conn:
        return Recomputations(items=[_shown(row) for row in await _latest(conn, SHOWN)])


async def recompute_at_night(runtime: Runtime) -> None:
    """Look once a minute whether it is time, for ever."""

    async def one_round() -> None:
        await recompute_if_due(runtime.database, runtime.settings.recompute_at, datetime.now(UTC))
        async with runtime.database.pool.acquire(timeout=5) as conn:
            await _observe(conn)
        await asyncio.sleep(LOOK_EVERY)

    await for_ever(
        one_round, name="recomputation", survives=(*UNAVAILABLE, asyncpg.PostgresError, BusyError)
    )


async def recompute_if_due(database: Database, at: str, now: datetime) -> bool:
    """Recompute everything unless it is day, switched off, or done; whether it was."""
    clock = local_clock(now)
    if not at or not _is_night(clock, time.fromisoformat(at)):
        return False
    async with database.pool.acquire(timeout=5) as conn:
        if await _done(conn, clock.date()):
            return False
        await _begin(conn, clock.date(), now)
    await recompute(database, clock.date())
    return True


async def recompute(database: Database, ran_on: date) -> list[Compared]:
    """Recompute every projection, and all that is kept counted; write down what differs."""
    projections = await check(database, [], beside=BESIDE)
    compared = [*projections, *await recount(database, beside=BESIDE)]
    async with transaction(database) as conn:
        await _end(conn, ran_on, compared, len(projections))
    different = [one.name for one in compared if not one.equal]
    if different:
        log.error("recomputed is not what is kept", tables=different, alert="figures")
    else:
        log.info("recomputed equals kept", tables=len(compared))
    return compared


def _is_night(clock: datetime, at: time) -> bool:
    began = datetime.combine(clock.date(), at)
    return began <= clock < began + NIGHT


def _shown(row: asyncpg.Record) -> Recomputation:
    different = [Differs(**one) for one in json.loads(row["different"])]
    equal = None if row["ended_at"] is None else not different
    return Recomputation(**{**row, "different": different}, equal=equal)


async def _observe(conn: Conn) -> None:
    for row in await _latest(conn, 2):
        if row["ended_at"]:
            DIFFERENT.set(len(json.loads(row["different"])))
            RECOMPUTED.set(row["ended_at"].timestamp())
            return


async def _latest(conn: Conn, number: int) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT ran_on, started_at, ended_at, journal_position, projections, rows, different::text
          FROM recomputation
         ORDER BY ran_on DESC
         LIMIT $1
        """,
        number,
    )


async def _done(conn: Conn, day: date) -> bool:
    done: bool = await conn.fetchval(
        "SELECT EXISTS (SELECT FROM recomputation WHERE ran_on = $1 AND ended_at IS NOT NULL)", day
    )
    return done


async def _begin(conn: Conn, day: date, now: datetime) -> None:
    await conn.execute(
        """
        INSERT INTO recomputation (ran_on, started_at)
        VALUES ($1, $2)
            ON CONFLICT (ran_on) DO UPDATE SET started_at = excluded.started_at
         WHERE recomputation.ended_at IS NULL
        """,
        day,
        now,
    )


async def _end(conn: Conn, day: date, compared: list[Compared], projections: int) -> None:
    different = [_told(one) for one in compared if not one.equal]
    await conn.execute(
        """
        INSERT INTO recomputation AS kept (
               ran_on, started_at, ended_at, journal_position, projections, rows, different)
        VALUES ($1, now(), clock_timestamp(), $2, $3, $4, $5)
            ON CONFLICT (ran_on) DO UPDATE
           SET ended_at = excluded.ended_at, journal_position = excluded.journal_position,
               projections = excluded.projections, rows = excluded.rows,
               different = excluded.different
        """,
        day,
        max((one.position for one in compared), default=0),
        projections,
        sum(one.kept.rows for one in compared),
        json.dumps(different),
    )


def _told(one: Compared) -> dict[str, Any]:
    return {
        "name": one.name,
        "kept": {"rows": one.kept.rows, "digest": one.kept.digest},
        "recomputed": {"rows": one.recomputed.rows, "digest": one.recomputed.digest},
    }
