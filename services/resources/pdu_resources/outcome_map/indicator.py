"""What organisations count themselves: a series of numbers, one for each period."""

from datetime import date
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.versioned.changes import By, Hand
from pdu_resources.versioned.paging import cut
from pdu_shared import outbox
from pdu_shared.access import Caller, Role, Who
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.outcome import IndicatorKind, IndicatorReported
from pdu_shared.database import Conn
from pdu_shared.forms import WRITTEN_AS_NUMBER, Day, Form, OneLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import derived_id, organisation_id
from pdu_shared.local_time import local_day
from pdu_shared.problems import Fault, Refused
from pdu_shared.runtime import Store

SEES_ALL = (Role.COORDINATOR, Role.EVALUATOR)
NOBODY = UUID(int=0)

router = APIRouter(tags=["outcomes map"])

Count = Annotated[int, Field(ge=0, le=10_000_000), WRITTEN_AS_NUMBER]


class ReportIndicator(Form):
    """A number of a series, such as how many of those who began completed a programme.

    The same series and first day again puts it right.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "organisation": "Sherwood Outreach",
                    "indicator": "completion",
                    "series": "programme_completion",
                    "period_from": "2026-04-01",
                    "period_to": "2026-06-30",
                    "numerator": 34,
                    "denominator": 50,
                }
            ]
        }
    )

    organisation: OneLine
    indicator: IndicatorKind
    series: Code
    period_from: Day
    period_to: Day
    numerator: Count
    denominator: Annotated[int, Field(ge=1, le=10_000_000), WRITTEN_AS_NUMBER] | None = None


class Filters(Form):
    """Which numbers, and which page of them."""

    organisation_id: UUID | None = None
    series: Code | None = None
    after: Annotated[UUID | None, Field(description="`next` of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class Report(BaseModel):
    """A number of a series."""

    report_id: UUID
    organisation_id: UUID
    organisation: str
    indicator: IndicatorKind
    series: str
    period_from: date
    period_to: date
    numerator: int
    denominator: int | None


class Reports(BaseModel):
    """One page of numbers. `next` goes into `after` for the following page."""

    items: list[Report]
    next: UUID | None


@router.post("/indicator-reports", status_code=201, response_model=Report)
async def report(form: ReportIndicator, database: Store, asked: Asked, by: By) -> Response:
    """Report a number of a series. Whoever leads an organisation does, or a coordinator for it."""
    return await once(database, asked, partial(_report, form=form, by=by))


@router.get("/indicator-reports")
async def reports(asked: Annotated[Filters, Query()], database: Store, caller: Who) -> Reports:
    """All numbers for those who evaluate, those of their own organisation for those who lead it."""
    rows = await database.pool.fetch(
        """
        SELECT report_id, organisation_id, organisation, indicator, series, period_from, period_to,
               numerator, denominator
          FROM indicator_report
         WHERE ($1::uuid IS NULL OR report_id < $1)
           AND ($3::uuid IS NULL OR organisation_id = $3)
           AND ($4::text IS NULL OR series = $4)
           AND ($5::uuid IS NULL OR organisation_id = $5)
         ORDER BY report_id DESC
         LIMIT $2
        """,
        asked.after,
        asked.limit + 1,
        asked.organisation_id,
        asked.series,
        None if caller.has(*SEES_ALL) else caller.organisation_id or NOBODY,
    )
    items, following = cut([Report(**row) for row in rows], asked.limit, lambda one: one.report_id)
    return Reports(items=items, next=following)


async def _report(conn: Conn, *, form: ReportIndicator, by: Hand) -> Answer:
    whose = organisation_id(form.organisation)
    if faults := _faults(form, whose, by.caller, local_day(by.now)):
        raise Refused(errors=faults)
    report_id = derived_id("indicator", f"{whose}/{form.series}/{form.period_from}")
    columns: dict[str, Any] = {
        "report_id": report_id,
        "organisation_id": whose,
        **form.model_dump(),
    }
    found = Report(**columns)
    await conn.execute(
        """
        INSERT INTO indicator_report (report_id, organisation_id, organisation, indicator, series,
                                      period_from, period_to, numerator, denominator, reported_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (report_id) DO UPDATE
           SET indicator = excluded.indicator, period_to = excluded.period_to,
               numerator = excluded.numerator, denominator = excluded.denominator,
               reported_at = excluded.reported_at
        """,
        *found.model_dump().values(),
        by.now,
    )
    told = found.model_dump(exclude={"organisation"})
    await outbox.add(conn, IndicatorReported(**told))
    return Answer.of(found)


def _faults(form: ReportIndicator, whose: UUID, caller: Caller, today: date) -> list[Fault]:
    faults = []
    if not caller.has(Role.COORDINATOR) and whose != caller.organisation_id:
        detail = "You report for your own organisation, under its own name."
        faults.append(Fault("/organisation", "not-yours", detail))
    if not form.period_from <= form.period_to <= today:
        detail = "A period that begins before it ends, and is over."
        faults.append(Fault("/period_to", "out-of-bounds", detail))
    if form.denominator is not None and form.numerator > form.denominator:
        detail = "A part is not more than its whole."
        faults.append(Fault("/numerator", "out-of-bounds", detail))
    return faults
