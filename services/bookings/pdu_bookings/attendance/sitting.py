"""A session as its register needs it, and the fact that it was held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import asyncpg

from pdu_shared import outbox
from pdu_shared.contracts.bookings.attendance import EventHeld, EventHeldWithdrawn
from pdu_shared.contracts.vocabulary import EventKind
from pdu_shared.database import Conn
from pdu_shared.local_time import local_day
from pdu_shared.problems import NotFound

_SITTING = """
    SELECT session_id, learning_event_id, kind, starts_at, ends_at, tz, held_at IS NOT NULL AS held
      FROM session JOIN learning_event USING (learning_event_id)
     WHERE session_id = $1 AND state IN ('published', 'archived') AND published_at IS NOT NULL
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A session at which somebody is, or is missed."""

    session_id: UUID
    learning_event_id: UUID
    kind: EventKind
    starts_at: datetime
    ends_at: datetime
    tz: str
    held: bool

    @property
    def held_on(self) -> date:
        """The day on which it starts, as people there call it."""
        return local_day(self.starts_at, self.tz)


async def sitting_of(conn: Conn, session_id: UUID) -> Sitting:
    """The session of a published event. Raises NotFound."""
    return _sitting(await conn.fetchrow(_SITTING, session_id))


async def lock_sitting(conn: Conn, session_id: UUID) -> Sitting:
    """The same, locked, so that one register is written at a time."""
    return _sitting(await conn.fetchrow(f"{_SITTING} FOR UPDATE OF session", session_id))


def _sitting(row: asyncpg.Record | None) -> Sitting:
    if row is None:
        raise NotFound
    return Sitting(**{**row, "kind": EventKind(row["kind"])})


def event_held(sitting: Sitting) -> EventHeld:
    """What is told of a session that took place."""
    return EventHeld(
        session_id=sitting.session_id,
        learning_event_id=sitting.learning_event_id,
        held_on=sitting.held_on,
    )


async def mark_held(conn: Conn, session_ids: Sequence[UUID], now: datetime) -> list[UUID]:
    """Note that sessions took place; those of which it was not known."""
    rows = await conn.fetch(
        """
        UPDATE session SET held_at = $2
         WHERE session_id = ANY ($1::uuid[]) AND held_at IS NULL
     RETURNING session_id
        """,
        session_ids,
        now,
    )
    return [row["session_id"] for row in rows]


async def withdraw_unless_held(conn: Conn, sitting: Sitting) -> None:
    """Take back that a session was held, when nobody is left who came, and nobody was counted."""
    withdrawn = await conn.fetchval(
        """
        UPDATE session SET held_at = NULL
         WHERE session_id = $1 AND held_at IS NOT NULL
           AND NOT EXISTS (SELECT FROM attendance
                             JOIN attendance_entry AS entry USING (attendance_id)
                            WHERE attendance.session_id = $1
                              AND entry.state IN ('present', 'partial')
                              AND NOT EXISTS (SELECT FROM attendance_entry AS later
                                               WHERE later.supersedes = entry.entry_id))
           AND NOT EXISTS (SELECT FROM head_count AS counted
                            WHERE counted.session_id = $1 AND counted.people > 0
                              AND NOT EXISTS (SELECT FROM head_count AS later
                                               WHERE later.supersedes = counted.head_count_id))
     RETURNING true
        """,
        sitting.session_id,
    )
    if withdrawn:
        await outbox.add(
            conn,
            EventHeldWithdrawn(
                session_id=sitting.session_id, learning_event_id=sitting.learning_event_id
            ),
        )
