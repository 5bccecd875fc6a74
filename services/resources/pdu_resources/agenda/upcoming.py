"""What is coming, as bookings told it; and what a learning event left behind."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from pdu_resources.library.listing import Listed
from pdu_resources.library.streams import family_of
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import AccessTier, DeliveryMode, EventKind, Level
from pdu_shared.forms import Form
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["learning events"])


class Coming(BaseModel):
    """A session that is coming, and the learning event that it belongs to."""

    learning_event_id: UUID
    session_id: UUID
    kind: EventKind
    title: str
    purpose: str
    event_type: str
    level: Level
    workstreams: list[str]
    access_tier: AccessTier | None
    starts_at: datetime
    ends_at: datetime
    mode: DeliveryMode
    place: str
    out_of_hours: bool | None


class Upcoming(BaseModel):
    """What is coming, the soonest first."""

    sessions: list[Coming]


class WhatIsComing(Form):
    """Which sessions."""

    workstream: Code | None = None
    level: Level | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class Left(BaseModel):
    """What can be read or seen of a learning event: slides, handouts, recordings."""

    learning_event_id: UUID
    title: str
    items: list[Listed]


@router.get("/upcoming-events")
async def upcoming(asked: Annotated[WhatIsComing, Query()], database: Store, now: Now) -> Upcoming:
    """What is coming, the soonest first. It is answered while bookings is away."""
    async with database.pool.acquire(timeout=5) as conn:
        streams = await family_of(conn, asked.workstream) if asked.workstream else None
        rows = await conn.fetch(
            """
            SELECT learning_event_id, session_id, kind, title, purpose, event_type, level,
                   workstreams, access_tier, starts_at, ends_at, mode, place, out_of_hours
              FROM hub_session JOIN hub_event USING (learning_event_id)
             WHERE state = 'published' AND starts_at > $1
               AND ($2::text[] IS NULL OR workstreams && $2)
               AND ($3::text IS NULL OR level = $3)
             ORDER BY starts_at, session_id
             LIMIT $4
            """,
            now,
            streams,
            asked.level,
            asked.limit,
        )
    return Upcoming(sessions=[Coming(**row) for row in rows])


@router.get("/learning-events/{learning_event_id}/items")
async def materials(learning_event_id: UUID, database: Store) -> Left:
    """The slides, handouts and recordings of a learning event, with who showed them."""
    async with database.pool.acquire(timeout=5) as conn:
        title = await conn.fetchval(
            "SELECT title FROM hub_event WHERE learning_event_id = $1", learning_event_id
        )
        if title is None:
            raise NotFound
        rows = await conn.fetch(
            """
            SELECT item_key, type, title, summary, workstreams, tags, scope, level, minutes,
                   members_only, learning_event_id, speaker, published_at, review_due_on
              FROM library_item
             WHERE learning_event_id = $1 AND state = 'published'
             ORDER BY type, sort_title, item_id
             LIMIT 100
            """,
            learning_event_id,
        )
    return Left(
        learning_event_id=learning_event_id, title=title, items=[Listed(**row) for row in rows]
    )
