"""What is to be done for experts now: not kept, but worked out from rules and time."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_bookings.lived_experience.contact import ContactWay
from pdu_bookings.lived_experience.engagement_rows import Engagement, Wanted, engagements
from pdu_bookings.rules.expert_task import TaskKind, tasks
from pdu_bookings.rules.privacy import Standing
from pdu_shared.access import Caller, Who
from pdu_shared.contracts.bookings.lived_experience import ExpertNotice
from pdu_shared.database import Conn
from pdu_shared.local_time import local_day
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["lived experience"])


class Task(BaseModel):
    """Something to do for an expert."""

    kind: TaskKind
    engagement_id: UUID
    learning_event_id: UUID
    expert_id: UUID | None = Field(description="None for a coordinator")
    way: ContactWay = Field(description="How the expert wishes to hear from us")
    notice_id: UUID | None = Field(default=None, description="Of `tell`: to say that it was told")
    template: ExpertNotice | None = Field(
        default=None, description="Of `tell`: what there is to say"
    )
    tries: int = Field(default=0, description="Of `tell`: how often they were not reached")
    tried_at: datetime | None = None
    due_on: date
    overdue: bool


class Tasks(BaseModel):
    """What is to be done, the most urgent first."""

    items: list[Task]


@router.get("/lived-experience/tasks")
async def read_tasks(database: Store, caller: Who, now: Now) -> Tasks:
    """What an ambassador is to do for those they support; for a coordinator all of it, nameless."""
    async with database.pool.acquire(timeout=5) as conn:
        found = {one.engagement_id: one for one in await engagements(conn, Wanted(seen_by=caller))}
        untold = await _untold(conn, list(found))
    by_rule = (
        _task(one, caller, kind, due_on=due_on, now=now)
        for one in found.values()
        for kind, due_on in tasks(one.facts, now).items()
    )
    by_notice = (
        _task(
            found[row["engagement_id"]], caller, TaskKind.TELL, due_on=row["issued_on"], now=now
        ).model_copy(
            update={
                "notice_id": row["notice_id"],
                "template": ExpertNotice(row["template"]),
                "tries": row["tries"],
                "tried_at": row["tried_at"],
            }
        )
        for row in untold
    )
    items = sorted((*by_rule, *by_notice), key=lambda task: (task.due_on, task.kind))
    return Tasks(items=items)


def _task(one: Engagement, caller: Caller, kind: TaskKind, *, due_on: date, now: datetime) -> Task:
    nameless = one.standing(caller) is Standing.COORDINATOR
    after_event = kind is TaskKind.DEBRIEF
    return Task(
        kind=kind,
        engagement_id=one.engagement_id,
        learning_event_id=one.learning_event_id,
        expert_id=None if nameless else one.expert.expert_id,
        way=(after_event and one.debrief_way) or one.expert.contact_way,
        due_on=due_on,
        overdue=due_on < local_day(now),
    )


async def _untold(conn: Conn, engagement_ids: Sequence[UUID]) -> list[asyncpg.Record]:
    """What experts are to be told: the notice, how often it was tried, and since when it is."""
    return await conn.fetch(
        """
        SELECT notice_id, engagement_id, template, issued_on, tries, tried_at
          FROM lived_experience.notice
          JOIN lived_experience.engagement USING (engagement_id)
         WHERE told_at IS NULL AND withdrawn_at IS NULL AND engagement_id = ANY ($1::uuid[])
        """,
        engagement_ids,
    )
