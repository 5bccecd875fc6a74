"""The calendar of what is due: everything that will be written is a row, with its reason."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pdu_notifications.letter import key_of
from pdu_shared.bus import Thread, current_thread
from pdu_shared.database import Conn

AGAIN_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A letter about a session that will be written on its day."""

    kind: str
    booking_id: UUID
    session_id: UUID
    due_at: datetime
    reason: str
    """Such as `1 day before the session`."""
    offset: str

    @property
    def key(self) -> str:
        """The key of the letter that it becomes."""
        return key_of(self.kind, self.booking_id, self.offset)


@dataclass(frozen=True, slots=True)
class Due:
    """A planned letter whose time has come, and the thread it belongs to."""

    key: str
    kind: str
    booking_id: UUID
    session_id: UUID
    thread: Thread


async def plan(conn: Conn, planned: Planned) -> None:
    """Put a date in the calendar; the same again changes nothing. An import plans nothing."""
    thread = current_thread()
    if thread.origin != "live":
        return
    await conn.execute(
        """
        INSERT INTO due (key, kind, booking_id, session_id, due_at, reason, correlation_id,
                         causation_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (key) DO NOTHING
        """,
        planned.key,
        planned.kind,
        planned.booking_id,
        planned.session_id,
        planned.due_at,
        planned.reason,
        thread.correlation_id,
        thread.causation_id,
    )


async def withdraw(conn: Conn, booking_id: UUID) -> None:
    """Take everything that was planned for a booking out of the calendar."""
    await conn.execute("DELETE FROM due WHERE booking_id = $1", booking_id)


async def withdraw_session(conn: Conn, session_id: UUID) -> None:
    """Take everything that was planned for a session out of the calendar."""
    await conn.execute("DELETE FROM due WHERE session_id = $1", session_id)


async def take_next(conn: Conn, *, now: datetime) -> Due | None:
    """Take what is due first out of the calendar. Another copy of the worker takes the next."""
    row = await conn.fetchrow(
        """
        DELETE FROM due
         WHERE key = (SELECT key FROM due WHERE due_at <= $1
                       ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING key, kind, booking_id, session_id, correlation_id, causation_id
        """,
        now,
    )
    if row is None:
        return None
    return Due(
        row["key"],
        row["kind"],
        row["booking_id"],
        row["session_id"],
        Thread(row["correlation_id"], row["causation_id"]),
    )


async def postpone(conn: Conn, key: str, *, now: datetime) -> None:
    """Look at it again later, because it could not be written."""
    await conn.execute("UPDATE due SET due_at = $2 WHERE key = $1", key, now + AGAIN_AFTER)
