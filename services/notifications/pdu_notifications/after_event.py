"""Who was at what, and what they are written because of it, each at its time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from pdu_notifications import due
from pdu_notifications.due import Due, Planned
from pdu_notifications.rules.cadence import days_after
from pdu_shared.bus import current_thread
from pdu_shared.contracts.bookings.attendance import AttendanceCorrected, AttendanceRecorded
from pdu_shared.contracts.vocabulary import AttendanceState
from pdu_shared.database import Conn

Attendance: TypeAlias = AttendanceRecorded | AttendanceCorrected
TOO_LATE = timedelta(days=14)
"""What was due longer ago, when a register is written at last, is not made up for."""
_CAME = frozenset({AttendanceState.PRESENT, AttendanceState.PARTIAL})


@dataclass(frozen=True, slots=True)
class Step:
    """A letter so many days after an event, to those who came or to those who did not."""

    kind: str
    days: int
    reason: str
    to_absent: bool = False


async def keep_presence(conn: Conn, message: Attendance) -> None:
    """Keep whether somebody was in a session, as it was said last."""
    await conn.execute(
        """
        INSERT INTO presence (session_id, person_id, learning_event_id, came, held_on)
        VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (session_id, person_id) DO UPDATE
           SET came = excluded.came, held_on = excluded.held_on
        """,
        message.session_id,
        message.person_id,
        message.learning_event_id,
        message.state in _CAME,
        message.held_on,
    )


LISTENERS = (keep_presence,)


async def follow(conn: Conn, message: Attendance, *steps: Step) -> None:
    """Plan what somebody is written after an event, or take it back as a register is put right.

    Of several sessions the last counts: what was planned after an earlier one moves.
    """
    came = await _came(conn, message)
    for step in steps:
        offset = _offset(message.person_id, step.days)
        due_at = days_after(message.held_on, step.days)
        if came is step.to_absent:
            await due.withdraw_one(conn, step.kind, message.learning_event_id, offset)
        elif due_at > datetime.now(UTC) - TOO_LATE:
            planned = Planned(
                kind=step.kind,
                person_id=message.person_id,
                related_id=message.learning_event_id,
                due_at=due_at,
                reason=step.reason,
                offset=offset,
            )
            await due.plan(conn, planned)


async def plan_for_those_who_came(
    conn: Conn, kind: str, learning_event_id: UUID, *, days: int, reason: str
) -> None:
    """Plan a letter that has something to say only now, for those who have not had it yet."""
    thread = current_thread()
    if thread.origin != "live":
        return
    await conn.execute(
        """
        INSERT INTO due (key, kind, person_id, related_id, due_at, reason, correlation_id,
                         causation_id)
        SELECT key, $1, person_id, $2, $4, $5, $6, $7
          FROM (SELECT DISTINCT person_id,
                       $1::text || ':' || $2::uuid || ':' || person_id || $3::text AS key
                  FROM presence
                 WHERE learning_event_id = $2 AND came) AS came
         WHERE NOT EXISTS (SELECT FROM letter WHERE letter.key = came.key)
            ON CONFLICT (key) DO NOTHING
        """,
        kind,
        learning_event_id,
        _days(days),
        datetime.now(UTC),
        reason,
        thread.correlation_id,
        thread.causation_id,
    )


async def still_true(conn: Conn, planned: Due, *, came: bool = True) -> bool:
    """Whether somebody still counts as there, or as absent, when their letter is due."""
    found: bool = await conn.fetchval(
        """
        SELECT EXISTS (SELECT FROM presence
                        WHERE learning_event_id = $1 AND person_id = $2 AND came)
        """,
        planned.related_id,
        planned.person_id,
    )
    return found is came


async def people_who_came(conn: Conn, learning_event_id: UUID) -> Sequence[UUID]:
    """Whoever was in one of its sessions."""
    rows = await conn.fetch(
        """
        SELECT DISTINCT person_id FROM presence
         WHERE learning_event_id = $1 AND came
         ORDER BY person_id
        """,
        learning_event_id,
    )
    return [row["person_id"] for row in rows]


async def _came(conn: Conn, message: Attendance) -> bool:
    if message.state in _CAME:
        return True
    came: bool = await conn.fetchval(
        """
        SELECT EXISTS (SELECT FROM presence
                        WHERE learning_event_id = $1 AND person_id = $2 AND came
                          AND session_id <> $3)
        """,
        message.learning_event_id,
        message.person_id,
        message.session_id,
    )
    return came


def _offset(person_id: UUID, days: int) -> str:
    return f"{person_id}{_days(days)}"


def _days(days: int) -> str:
    return f"-P{days}D"
