"""The library of published changes and case studies, for everybody."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from pdu_resources.versioned.paging import cut
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.change import ChangeLevel, SystemChangeAim
from pdu_shared.forms import Form
from pdu_shared.local_time import local_day
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["impact"])


class Filters(Form):
    """Which stories, and which page of them."""

    kind: Literal["change", "case_study"] | None = None
    aim: SystemChangeAim | None = None
    level: ChangeLevel | None = None
    workstream: Code | None = None
    after: Annotated[UUID | None, Field(description="`next` of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class Story(BaseModel):
    """A published change, or a case study that those it is about agreed to."""

    story_id: UUID
    kind: Literal["change", "case_study"]
    title: str
    text: str
    organisation: str | None
    level: ChangeLevel | None
    aims: list[SystemChangeAim]
    workstreams: list[str]
    learning_event_ids: list[UUID]
    published_on: date


class Stories(BaseModel):
    """One page of them, newest first. `next` goes into `after` for the following page."""

    items: list[Story]
    next: UUID | None


@router.get("/stories")
async def stories(asked: Annotated[Filters, Query()], database: Store, now: Now) -> Stories:
    """What changed, to be inspired by and follow: by aim, level and work stream."""
    rows = await database.pool.fetch(
        """
        SELECT story_id, kind, title, text, organisation, level, aims, workstreams,
               learning_event_ids, (published_at AT TIME ZONE 'Europe/London')::date AS published_on
          FROM (SELECT impact_id AS story_id, 'change' AS kind, title, summary AS text,
                       organisation, level, aims, workstreams, learning_event_ids, published_at
                  FROM impact_record
                 WHERE published_at IS NOT NULL AND withdrawn_at IS NULL
                 UNION ALL
                SELECT case_study_id, 'case_study', title, body, organisation, NULL, aims,
                       workstreams, '{}', published_at
                  FROM case_study
                 WHERE published_at IS NOT NULL AND withdrawn_at IS NULL
                   AND shown_until >= $7) AS story
         WHERE ($1::uuid IS NULL OR story_id < $1)
           AND ($3::text IS NULL OR kind = $3)
           AND ($4::text IS NULL OR $4 = ANY (aims))
           AND ($5::text IS NULL OR level = $5)
           AND ($6::text IS NULL OR $6 = ANY (workstreams))
         ORDER BY story_id DESC
         LIMIT $2
        """,
        asked.after,
        asked.limit + 1,
        asked.kind,
        asked.aim,
        asked.level,
        asked.workstream,
        local_day(now),
    )
    items, following = cut([Story(**row) for row in rows], asked.limit, lambda one: one.story_id)
    return Stories(items=items, next=following)
