"""The log of what was done to evaluate: surveys, interviews, groups, observation."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.versioned.paging import After, Limit, cut
from pdu_shared import outbox
from pdu_shared.contracts.resources.change import EvidenceMethod
from pdu_shared.contracts.resources.outcome import EvaluationActivityLogged
from pdu_shared.database import Conn
from pdu_shared.forms import WRITTEN_AS_NUMBER, Day, Form, Paragraphs
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import Fault, Refused
from pdu_shared.runtime import Store

router = APIRouter(tags=["evaluation"])


class LogActivity(Form):
    """What was done, when, and with how many people."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "method": "focus_group",
                    "participants_count": 7,
                    "starts_on": "2026-09-01",
                    "ends_on": "2026-09-01",
                }
            ]
        }
    )

    method: EvidenceMethod
    participants_count: Annotated[int, Field(ge=0, le=100_000), WRITTEN_AS_NUMBER]
    starts_on: Day
    ends_on: Day
    note: Paragraphs | None = None


class Activity(BaseModel):
    """Something that was done to evaluate."""

    evaluation_id: UUID
    method: EvidenceMethod
    participants_count: int
    starts_on: date
    ends_on: date
    note: str | None


class Activities(BaseModel):
    """One page of the log, newest first."""

    items: list[Activity]
    next: UUID | None


@router.post("/evaluation-activities", status_code=201, response_model=Activity)
async def log_it(form: LogActivity, database: Store, asked: Asked) -> Response:
    """Write down what was done to evaluate."""
    return await once(database, asked, partial(_log, form=form))


@router.get("/evaluation-activities")
async def activities(database: Store, after: After = None, limit: Limit = 20) -> Activities:
    """The log."""
    rows = await database.pool.fetch(
        """
        SELECT evaluation_id, method, participants_count, starts_on, ends_on, note
          FROM evaluation_activity
         WHERE $1::uuid IS NULL OR evaluation_id < $1
         ORDER BY evaluation_id DESC
         LIMIT $2
        """,
        after,
        limit + 1,
    )
    items, following = cut([Activity(**row) for row in rows], limit, lambda one: one.evaluation_id)
    return Activities(items=items, next=following)


async def _log(conn: Conn, *, form: LogActivity) -> Answer:
    if form.ends_on < form.starts_on:
        raise Refused(errors=[Fault("/ends_on", "out-of-bounds", "It ends before it begins.")])
    found = Activity(evaluation_id=uuid7(), **form.model_dump())
    await conn.execute(
        """
        INSERT INTO evaluation_activity (evaluation_id, method, participants_count, starts_on,
                                         ends_on, note)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        *found.model_dump().values(),
    )
    told = found.model_dump(exclude={"note"})
    await outbox.add(conn, EvaluationActivityLogged(**told))
    return Answer.of(found)
