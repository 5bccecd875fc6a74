"""The programme: learning events as everybody may see them, soonest first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
from fastapi import APIRouter, Query
from pydantic import BaseModel

from pdu_shared.contracts.vocabulary import DeliveryMode, EventKind, Level
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["learning events"])


class Session(BaseModel):
    """A session as everybody may see it."""

    session_id: UUID
    starts_at: datetime
    ends_at: datetime
    mode: DeliveryMode
    place: str
    capacity: int
    places_left: int
    waiting: int


class LearningEvent(BaseModel):
    """A learning event as everybody may see it."""

    learning_event_id: UUID
    title: str
    kind: EventKind
    event_type: str
    purpose: str
    level: Level
    workstreams: list[str]
    audience: list[str]
    state: Literal["draft", "published"]
    sessions: list[Session]


class LearningEvents(BaseModel):
    """One page of learning events. `next` goes into `after` for the following page."""

    items: list[LearningEvent]
    next: UUID | None


@router.get("/learning-events")
async def whats_on(
    database: Store,
    now: Now,
    after: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> LearningEvents:
    """The published learning events that are still to come, soonest first."""
    async with database.pool.acquire(timeout=5) as conn:
        ids = await _coming(conn, now=now, after=after, limit=limit + 1)
        items = await _learning_events(conn, ids[:limit])
    return LearningEvents(items=items, next=ids[limit - 1] if len(ids) > limit else None)


@router.get("/learning-events/{learning_event_id}")
async def one(learning_event_id: UUID, database: Store) -> LearningEvent:
    """A learning event that has been published."""
    async with database.pool.acquire(timeout=5) as conn:
        event = await learning_event(conn, learning_event_id)
    if event.state == "draft":
        raise NotFound
    return event


async def learning_event(conn: Conn, learning_event_id: UUID) -> LearningEvent:
    """A learning event, also a draft. Raises NotFound."""
    found = await _learning_events(conn, [learning_event_id])
    if not found:
        raise NotFound
    return found[0]


async def _learning_events(conn: Conn, ids: Sequence[UUID]) -> list[LearningEvent]:
    """Learning events in the order of their ids."""
    events = {row["learning_event_id"]: row for row in await _select_learning_events(conn, ids)}
    sessions: dict[UUID, list[Session]] = {}
    for row in await _select_sessions(conn, ids):
        sessions.setdefault(row["learning_event_id"], []).append(_session(row))
    return [
        LearningEvent(**events[learning_event_id], sessions=sessions[learning_event_id])
        for learning_event_id in ids
        if learning_event_id in events
    ]


def _session(row: asyncpg.Record) -> Session:
    zone = ZoneInfo(row["tz"])
    return Session(
        session_id=row["session_id"],
        starts_at=row["starts_at"].astimezone(zone),
        ends_at=row["ends_at"].astimezone(zone),
        mode=row["mode"],
        place=row["place"],
        capacity=row["capacity"],
        places_left=row["capacity"] - row["taken"] if row["waiting"] == 0 else 0,
        waiting=row["waiting"],
    )


async def _coming(conn: Conn, *, now: datetime, after: UUID | None, limit: int) -> list[UUID]:
    rows = await conn.fetch(
        """
        SELECT learning_event_id
          FROM (SELECT learning_event_id, min(starts_at) AS starts_at
                  FROM session JOIN learning_event USING (learning_event_id)
                 WHERE state = 'published'
                 GROUP BY learning_event_id) AS first
         WHERE starts_at > $1
           AND ($2::uuid IS NULL
                OR (starts_at, learning_event_id)
                   > ((SELECT min(starts_at) FROM session WHERE learning_event_id = $2), $2))
         ORDER BY starts_at, learning_event_id
         LIMIT $3
        """,
        now,
        after,
        limit,
    )
    return [row["learning_event_id"] for row in rows]


async def _select_learning_events(conn: Conn, ids: Sequence[UUID]) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT learning_event_id, title, kind, event_type, purpose, level, workstreams, audience,
               state
          FROM learning_event
         WHERE learning_event_id = ANY ($1::uuid[])
        """,
        ids,
    )


async def _select_sessions(conn: Conn, ids: Sequence[UUID]) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT session_id, learning_event_id, starts_at, ends_at, tz, mode, place, capacity, taken,
               waiting
          FROM session
         WHERE learning_event_id = ANY ($1::uuid[])
         ORDER BY starts_at, session_id
        """,
        ids,
    )
