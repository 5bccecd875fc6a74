"""Learning events and their sessions: announced as drafts, published, listed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Literal, Self
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field, field_validator, model_validator

from pdu_bookings.rules.local_time import HOME, moment
from pdu_shared import outbox
from pdu_shared.contracts.bookings import EventPublished, SessionScheduled
from pdu_shared.contracts.message import Code, Wording
from pdu_shared.contracts.vocabulary import DeliveryMode, EventKind, Level
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Now, Store

EARLIEST_YEAR = 2017
LATEST = timedelta(days=3 * 366)

router = APIRouter(tags=["learning events"])

LocalTime = Annotated[
    datetime, Field(description="Local time in Europe/London, such as 2027-01-14T13:00")
]


class AnnounceSession(Form):
    """When and where people meet. Times are local (Europe/London), without an offset."""

    starts_at: LocalTime
    ends_at: LocalTime
    mode: DeliveryMode
    place: Wording
    capacity: Annotated[int, Field(ge=1, le=5000)]

    @field_validator("starts_at", "ends_at")
    @classmethod
    def _is_local_and_exists(cls, at: datetime) -> datetime:
        if at.tzinfo:
            msg = "Give the local time, without an offset."
            raise ValueError(msg)
        if not datetime(EARLIEST_YEAR, 1, 1) <= at <= datetime.now() + LATEST:  # noqa: DTZ001, DTZ005 - local
            msg = "This date is too far away."
            raise ValueError(msg)
        moment(at)
        return at

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if moment(self.ends_at) <= moment(self.starts_at):
            msg = "A session ends after it starts."
            raise ValueError(msg)
        return self


class AnnounceLearningEvent(Form):
    """A learning event as a coordinator describes it."""

    title: Wording
    kind: EventKind = EventKind.LEARNING_EVENT
    event_type: Code
    purpose: Wording
    level: Level
    workstreams: Annotated[tuple[Code, ...], Field(max_length=10)] = ()
    audience: Annotated[tuple[Code, ...], Field(max_length=10)] = ()
    sessions: Annotated[tuple[AnnounceSession, ...], Field(min_length=1, max_length=20)]


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


@router.post("/learning-events", status_code=201, response_model=LearningEvent)
async def announce(
    form: AnnounceLearningEvent, database: Store, asked: Asked, now: Now
) -> Response:
    """Write down a learning event as a draft, which nobody sees yet."""
    return await once(database, asked, partial(_announce, form=form, now=now))


async def _announce(conn: Conn, *, form: AnnounceLearningEvent, now: datetime) -> Answer:
    learning_event_id = uuid7()
    await _insert_learning_event(conn, learning_event_id, form, now)
    await _insert_sessions(conn, learning_event_id, form.sessions)
    return Answer.of(await _learning_event(conn, learning_event_id))


@router.post("/learning-events/{learning_event_id}/publish")
async def publish(learning_event_id: UUID, database: Store, now: Now) -> LearningEvent:
    """Open a draft for booking and tell everybody. Publishing twice is publishing once."""
    async with transaction(database) as conn:
        event = await _learning_event(conn, learning_event_id)
        if event.state == "draft":
            if min(session.starts_at for session in event.sessions) <= now:
                raise Conflict("Its first session has already started.")
            await _mark_published(conn, learning_event_id, now)
            await _tell(conn, event)
        return await _learning_event(conn, learning_event_id)


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
        event = await _learning_event(conn, learning_event_id)
    if event.state == "draft":
        raise NotFound
    return event


async def _tell(conn: Conn, event: LearningEvent) -> None:
    published = EventPublished(
        learning_event_id=event.learning_event_id,
        kind=event.kind,
        event_type=event.event_type,
        title=event.title,
        purpose=event.purpose,
        level=event.level,
        workstreams=tuple(event.workstreams),
        audience=tuple(event.audience),
    )
    scheduled = [
        SessionScheduled(
            session_id=session.session_id,
            learning_event_id=event.learning_event_id,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            tz=HOME,
            mode=session.mode,
            place=session.place,
            capacity=session.capacity,
        )
        for session in event.sessions
    ]
    await outbox.add(conn, published, *scheduled)


async def _learning_event(conn: Conn, learning_event_id: UUID) -> LearningEvent:
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


async def _insert_learning_event(
    conn: Conn, learning_event_id: UUID, form: AnnounceLearningEvent, now: datetime
) -> None:
    await conn.execute(
        """
        INSERT INTO learning_event (learning_event_id, title, kind, event_type, purpose, level,
                                    workstreams, audience, state, announced_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'draft', $9)
        """,
        learning_event_id,
        form.title,
        form.kind,
        form.event_type,
        form.purpose,
        form.level,
        form.workstreams,
        form.audience,
        now,
    )


async def _insert_sessions(
    conn: Conn, learning_event_id: UUID, sessions: Sequence[AnnounceSession]
) -> None:
    await conn.executemany(
        """
        INSERT INTO session (session_id, learning_event_id, starts_at, ends_at, starts_local,
                             ends_local, tz, mode, place, capacity)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        [
            (
                uuid7(),
                learning_event_id,
                moment(session.starts_at),
                moment(session.ends_at),
                session.starts_at,
                session.ends_at,
                HOME,
                session.mode,
                session.place,
                session.capacity,
            )
            for session in sessions
        ],
    )


async def _mark_published(conn: Conn, learning_event_id: UUID, now: datetime) -> None:
    await conn.execute(
        """
        UPDATE learning_event SET state = 'published', published_at = $2
         WHERE learning_event_id = $1
        """,
        learning_event_id,
        now,
    )


async def _coming(
    conn: Conn, *, now: datetime, after: UUID | None, limit: int
) -> list[UUID]:
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
