"""The calendar of what is due: everything that will be written is a row, with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from pdu_notifications.letter import key_of
from pdu_notifications.rules.cadence import Moment
from pdu_shared.bus import Thread, current_thread
from pdu_shared.database import Conn

AGAIN_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A letter that will be written on its day."""

    kind: str
    person_id: UUID
    related_id: UUID
    """What it is about: a booking, a learning event, an engagement …"""
    due_at: datetime
    reason: str
    """Such as `1 day before the session`."""
    offset: str
    session_id: UUID | None = None
    """The session that it precedes: it moves with it."""

    @property
    def key(self) -> str:
        """The key of the letter that it becomes."""
        return key_of(self.kind, self.related_id, self.offset)


@dataclass(frozen=True, slots=True)
class Due:
    """A planned letter as it stands in the calendar, and the thread it belongs to."""

    key: str
    kind: str
    person_id: UUID
    related_id: UUID
    session_id: UUID | None
    due_at: datetime
    reason: str
    thread: Thread

    @property
    def offset(self) -> str:
        """What tells it from others of its kind about the same."""
        return self.key.removeprefix(key_of(self.kind, self.related_id, ""))


async def plan(conn: Conn, planned: Planned) -> None:
    """Put a date in the calendar; a later word moves it. An import plans nothing."""
    thread = current_thread()
    if thread.origin != "live":
        return
    await conn.execute(
        """
        INSERT INTO due (key, kind, person_id, related_id, session_id, due_at, reason,
                         correlation_id, causation_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (key) DO UPDATE SET due_at = excluded.due_at, reason = excluded.reason
        """,
        planned.key,
        planned.kind,
        planned.person_id,
        planned.related_id,
        planned.session_id,
        planned.due_at,
        planned.reason,
        thread.correlation_id,
        thread.causation_id,
    )


async def plan_for_places(
    conn: Conn,
    kind: str,
    session_id: UUID,
    moments: Sequence[Moment],
    *,
    booking_id: UUID | None = None,
) -> None:
    """Put these dates in the calendar of each who has a place in a session, or of one booking.

    One statement, however many they are. What is there already stays.
    """
    thread = current_thread()
    if thread.origin != "live" or not moments:
        return
    await conn.execute(
        """
        INSERT INTO due (key, kind, person_id, related_id, session_id, due_at, reason,
                         correlation_id, causation_id)
        SELECT $1::text || ':' || booking_id || ':' || told_apart, $1, person_id, booking_id,
               session_id, moment.due_at, moment.reason, $6, $7
          FROM session
          JOIN booking USING (learning_event_id)
         CROSS JOIN unnest($3::text[], $4::timestamptz[], $5::text[])
                    AS moment (told_apart, due_at, reason)
         WHERE session_id = $2 AND $2 = ANY (session_ids) AND state = 'confirmed' AND reachable
           AND booking_id = coalesce($8, booking_id)
            ON CONFLICT (key) DO NOTHING
        """,
        kind,
        session_id,
        [moment.offset for moment in moments],
        [moment.due_at for moment in moments],
        [moment.reason for moment in moments],
        thread.correlation_id,
        thread.causation_id,
        booking_id,
    )


async def withdraw(conn: Conn, related_id: UUID) -> None:
    """Take everything that was planned about something out of the calendar."""
    await conn.execute("DELETE FROM due WHERE related_id = $1", related_id)


async def withdraw_one(conn: Conn, kind: str, related_id: UUID, offset: str) -> None:
    """Take one planned letter out of the calendar, if it is still there."""
    await conn.execute("DELETE FROM due WHERE key = $1", key_of(kind, related_id, offset))


async def withdraw_session(conn: Conn, session_id: UUID, kind: str) -> None:
    """Take what was planned for everybody in a session out of the calendar."""
    await conn.execute("DELETE FROM due WHERE session_id = $1 AND kind = $2", session_id, kind)


async def next_due(conn: Conn, *, now: datetime) -> Due | None:
    """What is due first, held until the end. Another copy of the worker takes the next."""
    row = await conn.fetchrow(
        """
        SELECT key, kind, person_id, related_id, session_id, due_at, reason, correlation_id,
               causation_id
          FROM due
         WHERE due_at <= $1
         ORDER BY due_at
         LIMIT 1
           FOR UPDATE SKIP LOCKED
        """,
        now,
    )
    return _due(row) if row else None


async def due_for(conn: Conn, person_ids: Sequence[UUID], *, limit: int) -> list[Due]:
    """What is planned for a person, under all their ids, in the order of its dates."""
    rows = await conn.fetch(
        """
        SELECT key, kind, person_id, related_id, session_id, due_at, reason, correlation_id,
               causation_id
          FROM due
         WHERE person_id = ANY ($1::uuid[])
         ORDER BY due_at, key
         LIMIT $2
        """,
        person_ids,
        limit,
    )
    return [_due(row) for row in rows]


async def strike_out(conn: Conn, key: str) -> None:
    """Take out what has been dealt with."""
    await conn.execute("DELETE FROM due WHERE key = $1", key)


async def put_off(conn: Conn, key: str, *, until: datetime) -> None:
    """Look at it again later."""
    await conn.execute("UPDATE due SET due_at = $2 WHERE key = $1", key, until)


def _due(row: asyncpg.Record) -> Due:
    return Due(
        row["key"],
        row["kind"],
        row["person_id"],
        row["related_id"],
        row["session_id"],
        row["due_at"],
        row["reason"],
        Thread(row["correlation_id"], row["causation_id"]),
    )
