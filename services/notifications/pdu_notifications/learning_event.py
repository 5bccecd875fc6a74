"""Copies of learning events and their sessions: what letters say about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pdu_notifications.rules.local_time import when
from pdu_shared.contracts.bookings import EventPublished, SessionScheduled
from pdu_shared.contracts.vocabulary import DeliveryMode
from pdu_shared.database import Conn
from pdu_shared.listening import UnknownReferenceError

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


async def keep_learning_event(conn: Conn, message: EventPublished) -> None:
    """Keep what a learning event is called and what it is for."""
    await conn.execute(
        """
        INSERT INTO learning_event (learning_event_id, title, purpose) VALUES ($1, $2, $3)
            ON CONFLICT (learning_event_id) DO UPDATE
           SET title = excluded.title, purpose = excluded.purpose
        """,
        message.learning_event_id,
        message.title,
        message.purpose,
    )


async def keep_session(conn: Conn, message: SessionScheduled) -> None:
    """Keep when and where a session is."""
    await conn.execute(
        """
        INSERT INTO session (session_id, learning_event_id, starts_at, ends_at, tz, mode, place)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (session_id) DO UPDATE
           SET starts_at = excluded.starts_at, ends_at = excluded.ends_at, tz = excluded.tz,
               mode = excluded.mode, place = excluded.place
        """,
        message.session_id,
        message.learning_event_id,
        message.starts_at,
        message.ends_at,
        message.tz,
        message.mode,
        message.place,
    )


LISTENERS = (keep_learning_event, keep_session)


async def programme_of(
    conn: Conn, learning_event_id: UUID, session_ids: Sequence[UUID]
) -> Programme:
    """What a letter says about these sessions.

    Raises UnknownReferenceError while one of them has not been told.
    """
    event = await conn.fetchrow(
        "SELECT title, purpose FROM learning_event WHERE learning_event_id = $1",
        learning_event_id,
    )
    rows = await conn.fetch(
        """
        SELECT session_id, starts_at, ends_at, tz, mode, place
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
        sessions=tuple(Session(**{**row, "mode": DeliveryMode(row["mode"])}) for row in rows),
    )
