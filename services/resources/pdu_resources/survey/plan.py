"""What the plan of requests holds, for whoever answers for it: numbers, days and reasons."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from pdu_shared.runtime import Store

router = APIRouter(tags=["surveys"])


class PlannedRequests(BaseModel):
    """How many people will be asked or reminded on a day, and why."""

    day: date
    what: Literal["invite", "remind"]
    survey_key: str
    reason: str
    people: int


class Plan(BaseModel):
    """What will be asked, next day first. No persons."""

    items: list[PlannedRequests]


@router.get("/survey-plan")
async def survey_plan(database: Store, limit: Annotated[int, Query(ge=1, le=500)] = 100) -> Plan:
    """What will be asked of how many people on which day, and why."""
    rows = await database.pool.fetch(
        """
        SELECT (due_at AT TIME ZONE 'Europe/London')::date AS day, what, survey_key, reason,
               count(DISTINCT person_id) AS people
          FROM survey_due
         GROUP BY day, what, survey_key, reason
         ORDER BY day, what, survey_key, reason
         LIMIT $1
        """,
        limit,
    )
    return Plan(items=[PlannedRequests(**row) for row in rows])
