"""How long things are kept: a schedule that each service executes, and the evidence that it did."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

import asyncpg
import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from pdu_shared import limits, outbox
from pdu_shared.access import Role, allow
from pdu_shared.again import for_ever
from pdu_shared.contracts import MESSAGES
from pdu_shared.database import UNAVAILABLE, Conn, transaction
from pdu_shared.erasing import erase, erased_lately
from pdu_shared.holding import Holding
from pdu_shared.idempotency import KEPT_FOR, forget_answers
from pdu_shared.identity import uuid7
from pdu_shared.local_time import local_day
from pdu_shared.runtime import Runtime, Store, utc_now

log = structlog.get_logger()
router = APIRouter(tags=["kernel"])
ACCESS = {"GET /retention": allow(Role.DATA_PROTECTION_LEAD, Role.OPERATOR)}

EVERY = 3600.0
RUNS_SHOWN = 200

Apply: TypeAlias = Callable[[Conn, datetime], Awaitable[int]]
"""Deletes what is due at this time, and gives how many rows that were. Safe to repeat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """One line of the schedule: a class of data, and when it is deleted."""

    data_class: str
    """A code such as `bookings.contact`."""
    keeps: str
    """What it is, in plain words."""
    kept_for: timedelta
    counted_from: str
    """From what on, in plain words: the last session, the answer …"""
    apply: Apply


class Line(BaseModel):
    """How long one class of data is kept."""

    data_class: str
    keeps: str
    days: int
    counted_from: str


class Run(BaseModel):
    """A day on which the schedule was executed for one class of data."""

    data_class: str
    ran_on: date
    runs: int
    deleted: int
    cut_off: datetime = Field(description="What was older than this was deleted")
    last_at: datetime


class Evidence(BaseModel):
    """The schedule of a service, and the latest of its runs."""

    schedule: list[Line]
    runs: list[Run]


@router.get("/retention")
async def retention(request: Request, database: Store) -> Evidence:
    """How long this service keeps what, and that it kept to it: the latest 200 runs."""
    rows = await database.pool.fetch(
        """
        SELECT data_class, ran_on, runs, deleted, cut_off, last_at
          FROM retention_run
         ORDER BY last_at DESC, data_class
         LIMIT $1
        """,
        RUNS_SHOWN,
    )
    schedule: Sequence[Retention] = request.app.state.schedule
    return Evidence(schedule=[_line(one) for one in schedule], runs=[Run(**row) for row in rows])


async def keep_to_it(
    runtime: Runtime, schedule: Sequence[Retention], holdings: Sequence[Holding]
) -> None:
    """Execute the schedule every hour, and forget what came late about people who were erased."""

    async def one_round() -> None:
        now = await utc_now()
        for line in schedule:
            async with transaction(runtime.database) as conn:
                await apply(conn, runtime.service, line, now=now)
        await _forget_the_late(runtime, holdings, now)
        await asyncio.sleep(EVERY)

    await for_ever(one_round, name="retention", survives=(*UNAVAILABLE, asyncpg.PostgresError))


async def apply(conn: Conn, service: str, line: Retention, *, now: datetime) -> int:
    """Delete what one line of the schedule says is due, write it down, and tell of it."""
    deleted = await line.apply(conn, now)
    await _write_down(conn, line, deleted, now)
    if deleted:
        fact = {
            "retention_id": uuid7(),
            "data_class": line.data_class,
            "count": deleted,
            "cut_off": local_day(now - line.kept_for),
        }
        await outbox.add(conn, MESSAGES[f"{service}.RetentionApplied"].model_validate(fact))
    log.info("retention applied", data_class=line.data_class, deleted=deleted)
    return deleted


KERNEL = (
    Retention(
        data_class="idempotency",
        keeps="The first answer to each creating request, for whoever repeats it",
        kept_for=KEPT_FOR,
        counted_from="the answer",
        apply=forget_answers,
    ),
    Retention(
        data_class="rate_limit",
        keeps="How often somebody asked of late, without saying who",
        kept_for=limits.KEPT_FOR,
        counted_from="the moment when it says nothing any more",
        apply=limits.forget_counts,
    ),
)
"""What every service keeps because of how it works."""


async def _forget_the_late(runtime: Runtime, holdings: Sequence[Holding], now: datetime) -> None:
    sealer = runtime.sealer if runtime.settings.sealing_keys else None
    async with transaction(runtime.database) as conn:
        for person_id in await erased_lately(conn, now):
            await erase(conn, holdings, [person_id], sealer=sealer, now=now)


def _line(one: Retention) -> Line:
    return Line(
        data_class=one.data_class,
        keeps=one.keeps,
        days=one.kept_for.days,
        counted_from=one.counted_from,
    )


async def _write_down(conn: Conn, line: Retention, deleted: int, now: datetime) -> None:
    await conn.execute(
        """
        INSERT INTO retention_run AS kept (data_class, ran_on, runs, deleted, cut_off, last_at)
        VALUES ($1, $2, 1, $3, $4, $5)
            ON CONFLICT (data_class, ran_on) DO UPDATE
           SET runs = kept.runs + 1, deleted = kept.deleted + excluded.deleted,
               cut_off = excluded.cut_off, last_at = excluded.last_at
        """,
        line.data_class,
        local_day(now),
        deleted,
        now - line.kept_for,
        now,
    )
