"""Learning events come into being: announced as drafts, then published."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator, model_validator

from pdu_bookings.programme import LearningEvent, learning_event
from pdu_bookings.rules.local_time import HOME, local_now, moment
from pdu_shared import outbox
from pdu_shared.contracts.bookings import EventPublished, SessionScheduled
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import DeliveryMode, EventKind, Level
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import WRITTEN_AS_NUMBER, Form, PublishedLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict
from pdu_shared.runtime import Now, Store

EARLIEST_YEAR = 2017
LATEST = timedelta(days=3 * 366)

router = APIRouter(tags=["learning events"])

WRITTEN = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$"


def _as_on_a_poster(given: object) -> object:
    if not isinstance(given, str) or not re.match(WRITTEN, given):
        msg = "Give a local time without an offset, such as 2027-01-14T13:00."
        raise ValueError(msg)
    return given


LocalTime = Annotated[
    datetime,
    BeforeValidator(_as_on_a_poster),
    WithJsonSchema({"type": "string", "pattern": WRITTEN}),
    Field(description="Local time in Europe/London, such as 2027-01-14T13:00"),
]


class AnnounceSession(Form):
    """When and where people meet. Times are local (Europe/London), without an offset."""

    starts_at: LocalTime
    ends_at: LocalTime
    mode: DeliveryMode
    place: PublishedLine
    capacity: Annotated[int, Field(ge=1, le=5000), WRITTEN_AS_NUMBER]

    @field_validator("starts_at", "ends_at")
    @classmethod
    def _is_local_and_exists(cls, at: datetime) -> datetime:
        if not datetime(EARLIEST_YEAR, 1, 1) <= at <= local_now() + LATEST:  # noqa: DTZ001 - local
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

    title: PublishedLine
    kind: EventKind = EventKind.LEARNING_EVENT
    event_type: Code
    purpose: PublishedLine
    level: Level
    workstreams: Annotated[tuple[Code, ...], Field(max_length=10)] = ()
    audience: Annotated[tuple[Code, ...], Field(max_length=10)] = ()
    sessions: Annotated[tuple[AnnounceSession, ...], Field(min_length=1, max_length=20)]


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
    return Answer.of(await learning_event(conn, learning_event_id))


@router.post("/learning-events/{learning_event_id}/publish")
async def publish(learning_event_id: UUID, database: Store, now: Now) -> LearningEvent:
    """Open a draft for booking and tell everybody. Publishing twice is publishing once."""
    async with transaction(database) as conn:
        newly = await _mark_published(conn, learning_event_id, now)
        event = await learning_event(conn, learning_event_id)
        if newly and min(session.starts_at for session in event.sessions) <= now:
            raise Conflict("Its first session has already started.")
        if newly:
            await _tell(conn, event)
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


async def _mark_published(conn: Conn, learning_event_id: UUID, now: datetime) -> bool:
    """Whether this made it public: of two who publish at once, one does."""
    changed: bool | None = await conn.fetchval(
        """
        UPDATE learning_event SET state = 'published', published_at = $2
         WHERE learning_event_id = $1 AND state = 'draft'
     RETURNING true
        """,
        learning_event_id,
        now,
    )
    return bool(changed)
