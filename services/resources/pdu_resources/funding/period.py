"""Programmes and funders, each with its time: a dimension of the figures."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, model_validator

from pdu_resources.versioned.changes import By, Hand, differing, note
from pdu_shared import outbox
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.steering import ProgrammePeriodDefined
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Day, Form, PublishedLine
from pdu_shared.identity import derived_id
from pdu_shared.problems import Conflict
from pdu_shared.runtime import Store

router = APIRouter(tags=["programme periods"])


class DefinePeriod(Form):
    """A programme or funder, and the days on which it begins and ends."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "label": "Changing Futures",
                    "starts_on": "2022-07-01",
                    "ends_on": "2024-03-31",
                }
            ]
        }
    )

    label: PublishedLine
    starts_on: Day
    ends_on: Annotated[Day | None, Field(description="None while no end is known")] = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_on and self.ends_on < self.starts_on:
            msg = "A programme ends after it begins."
            raise ValueError(msg)
        return self


class Period(BaseModel):
    """A programme or funder, and its time."""

    code: str
    label: str
    starts_on: date
    ends_on: date | None


class Periods(BaseModel):
    """All of them, in their order."""

    items: list[Period]


@router.get("/programme-periods")
async def periods(database: Store) -> Periods:
    """Who paid for the unit, and when."""
    rows = await database.pool.fetch(
        "SELECT code, label, starts_on, ends_on FROM programme_period ORDER BY starts_on"
    )
    return Periods(items=[Period(**row) for row in rows])


@router.put("/programme-periods/{code}")
async def define(
    code: Annotated[Code, Path(description="Its name for programs: changing_futures")],
    form: DefinePeriod,
    database: Store,
    by: By,
) -> Period:
    """Define a programme, or change its name or days. Doing it twice is doing it once.

    409 when another one has some of these days: every day belongs to one programme at most.
    """
    period = Period(code=code, **dict(form))
    async with transaction(database) as conn:
        try:
            await _define(conn, period, by)
        except asyncpg.ExclusionViolationError:
            raise Conflict("Another programme has some of these days.") from None
    return period


async def keep_period(conn: Conn, period: Period, now: datetime) -> bool:
    """Keep a period and tell of it; whether anything was another before."""
    changed = await conn.fetchval(
        """
        INSERT INTO programme_period AS kept (programme_period_id, code, label, starts_on, ends_on,
                                              changed_at)
        VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (code) DO UPDATE
           SET label = excluded.label, starts_on = excluded.starts_on, ends_on = excluded.ends_on,
               changed_at = excluded.changed_at
         WHERE (kept.label, kept.starts_on, kept.ends_on)
               IS DISTINCT FROM (excluded.label, excluded.starts_on, excluded.ends_on)
     RETURNING true
        """,
        period_id(period.code),
        period.code,
        period.label,
        period.starts_on,
        period.ends_on,
        now,
    )
    if changed:
        told = ProgrammePeriodDefined(programme_period_id=period_id(period.code), **dict(period))
        await outbox.add(conn, told)
    return bool(changed)


def period_id(code: str) -> UUID:
    """The id of a programme by its code."""
    return derived_id("programme_period", code)


async def _define(conn: Conn, period: Period, by: Hand) -> None:
    before = await conn.fetchrow(
        """
        SELECT label, starts_on, ends_on FROM programme_period WHERE code = $1 FOR UPDATE
        """,
        period.code,
    )
    if await keep_period(conn, period, by.now) and before:
        was = differing(before, dict(period))
        await note(conn, "programme_period", period_id(period.code), was, by)
