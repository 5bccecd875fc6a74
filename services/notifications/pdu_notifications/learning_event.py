"""Copies of learning events and their sessions: what letters say about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from pdu_notifications.rules.local_time import when
from pdu_notifications.wording import PROVIDER, listed
from pdu_shared.contracts.bookings.programme import (
    EventPostponed,
    EventPublished,
    EventUpdated,
    SessionMovedOnline,
    SessionRescheduled,
    SessionScheduled,
)
from pdu_shared.contracts.vocabulary import DeliveryMode
from pdu_shared.database import Conn
from pdu_shared.listening import AlsoOfThePast, UnknownReferenceError

HOW_TO_COME = {
    DeliveryMode.IN_PERSON: "In person",
    DeliveryMode.ONLINE: "Online",
    DeliveryMode.HYBRID: "In person or online",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """When and where people meet."""

    session_id: UUID
    starts_at: datetime
    ends_at: datetime
    tz: str
    mode: DeliveryMode
    place: str
    revision: int = 0
    """How often it was moved."""

    @property
    def online(self) -> bool:
        """Whether people can come to it online."""
        return self.mode is not DeliveryMode.IN_PERSON

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The session in words, as pairs of a term and what it is."""
        return (
            ("When", when(self.starts_at, self.ends_at, zone=self.tz)),
            ("Where", self.place),
            ("How", HOW_TO_COME[self.mode]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A learning event with those of its sessions that are asked for, in order of time."""

    title: str
    purpose: str
    sessions: tuple[Session, ...]
    partners: tuple[str, ...] = ()
    lived_experience_planned: bool = False

    @property
    def provider(self) -> str:
        """Who provides it, with whom."""
        if not self.partners:
            return f"the {PROVIDER} (PDU)"
        return f"the {PROVIDER} (PDU), delivered with {listed(self.partners)}"

    @property
    def purpose_and_people(self) -> tuple[str, ...]:
        """What it is for, and that experts by experience are invited to take part."""
        if not self.lived_experience_planned:
            return (self.purpose,)
        return (self.purpose, "People with lived experience are invited to take part as experts.")


async def keep_learning_event(
    conn: Conn, message: AlsoOfThePast[EventPublished | EventUpdated]
) -> None:
    """Keep what a learning event is called and what it is for."""
    await conn.execute(
        """
        INSERT INTO learning_event (learning_event_id, title, purpose, partners,
                                    lived_experience_planned, workstreams)
        VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (learning_event_id) DO UPDATE
           SET title = excluded.title, purpose = excluded.purpose, partners = excluded.partners,
               lived_experience_planned = excluded.lived_experience_planned,
               workstreams = excluded.workstreams, postponed = false
        """,
        message.learning_event_id,
        message.title,
        message.purpose,
        message.co_delivery,
        bool(message.lived_experience_planned),
        message.workstreams,
    )


async def keep_postponement(conn: Conn, message: EventPostponed) -> None:
    """Keep that the dates of a learning event do not hold, until it is announced again."""
    await conn.execute(
        "UPDATE learning_event SET postponed = true WHERE learning_event_id = $1",
        message.learning_event_id,
    )


async def keep_session(
    conn: Conn, message: AlsoOfThePast[SessionScheduled | SessionRescheduled | SessionMovedOnline]
) -> None:
    """Keep when and where a session is."""
    await conn.execute(
        """
        INSERT INTO session (session_id, learning_event_id, starts_at, ends_at, tz, mode, place,
                             revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (session_id) DO UPDATE
           SET starts_at = excluded.starts_at, ends_at = excluded.ends_at, tz = excluded.tz,
               mode = excluded.mode, place = excluded.place, revision = excluded.revision
        """,
        message.session_id,
        message.learning_event_id,
        message.starts_at,
        message.ends_at,
        message.tz,
        message.mode,
        message.place,
        message.ical_sequence or 0,
    )


LISTENERS = (keep_learning_event, keep_postponement, keep_session)


async def programme_of(
    conn: Conn, learning_event_id: UUID, session_ids: Sequence[UUID]
) -> Programme:
    """What a letter says about these sessions.

    Raises UnknownReferenceError while one of them has not been told.
    """
    event = await conn.fetchrow(
        """
        SELECT title, purpose, partners, lived_experience_planned
          FROM learning_event
         WHERE learning_event_id = $1
        """,
        learning_event_id,
    )
    rows = await conn.fetch(
        """
        SELECT session_id, starts_at, ends_at, tz, mode, place, revision
          FROM session
         WHERE session_id = ANY ($1::uuid[])
         ORDER BY starts_at, session_id
        """,
        session_ids,
    )
    if event is None or len(rows) != len(set(session_ids)):
        raise UnknownReferenceError(str(learning_event_id))
    return Programme(
        title=event["title"],
        purpose=event["purpose"],
        partners=tuple(event["partners"]),
        lived_experience_planned=event["lived_experience_planned"],
        sessions=tuple(_session(row) for row in rows),
    )


async def title_of(conn: Conn, learning_event_id: UUID) -> str:
    """What a learning event is called. Raises UnknownReferenceError until it has been told."""
    title: str | None = await conn.fetchval(
        "SELECT title FROM learning_event WHERE learning_event_id = $1", learning_event_id
    )
    if title is None:
        raise UnknownReferenceError(str(learning_event_id))
    return title


async def is_postponed(conn: Conn, learning_event_id: UUID) -> bool:
    """Whether it was postponed and has not been announced again."""
    postponed: bool | None = await conn.fetchval(
        "SELECT postponed FROM learning_event WHERE learning_event_id = $1", learning_event_id
    )
    return bool(postponed)


async def sessions_of(conn: Conn, learning_event_id: UUID) -> list[UUID]:
    """The sessions of a learning event. Raises UnknownReferenceError until one has been told."""
    rows = await conn.fetch(
        "SELECT session_id FROM session WHERE learning_event_id = $1", learning_event_id
    )
    if not rows:
        raise UnknownReferenceError(str(learning_event_id))
    return [row["session_id"] for row in rows]


async def sessions_known(conn: Conn, learning_event_id: UUID) -> list[Session]:
    """The sessions of a learning event that have been told, in order of time; maybe none."""
    rows = await conn.fetch(
        """
        SELECT session_id, starts_at, ends_at, tz, mode, place, revision
          FROM session
         WHERE learning_event_id = $1
         ORDER BY starts_at, session_id
        """,
        learning_event_id,
    )
    return [_session(row) for row in rows]


def _session(row: asyncpg.Record) -> Session:
    return Session(**{**row, "mode": DeliveryMode(row["mode"])})
