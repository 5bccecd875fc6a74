"""Closing a register: whoever was expected and is not in it did not come."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_bookings.attendance import door, people
from pdu_bookings.attendance.recording import Said, compare, record
from pdu_bookings.attendance.rows import Recorder
from pdu_bookings.attendance.sitting import lock_sitting
from pdu_bookings.rules.attendance import Entry, Recording
from pdu_shared.access import Who
from pdu_shared.contracts.vocabulary import AttendanceMethod, AttendanceState
from pdu_shared.database import Conn, transaction
from pdu_shared.problems import Conflict
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["attendance"])


class Closed(BaseModel):
    """A closed register in numbers. It may still be corrected."""

    session_id: UUID
    closed_at: datetime
    held: bool = Field(description="Whether somebody was there")
    by_state: dict[AttendanceState, int]


@router.post("/sessions/{session_id}/register/closing")
async def close_register(session_id: UUID, database: Store, caller: Who, now: Now) -> Closed:
    """Write down as absent whoever held a place and is not in the register. Once is enough."""
    async with transaction(database) as conn:
        sitting = await lock_sitting(conn, session_id)
        by = await door.recorder(conn, caller, sitting, now=now)
        if now < sitting.ends_at:
            raise Conflict("This session has not ended yet: somebody may still come.")
        if await _newly_closed(conn, session_id, by, now):
            absent = [
                Said(one, AttendanceState.ABSENT_NO_SHOW)
                for one in await people.expected(conn, session_id)
            ]
            await record(conn, sitting, await compare(conn, absent, _if_missing), by=by, now=now)
        return await _closed(conn, session_id)


def _if_missing(_: Said, stood: Entry | None) -> Recording | None:
    return None if stood else Recording(AttendanceMethod.REGISTER_CLOSED)


async def _newly_closed(conn: Conn, session_id: UUID, by: Recorder, now: datetime) -> bool:
    newly: bool | None = await conn.fetchval(
        """
        INSERT INTO register_closed (session_id, closed_at, closed_by, closed_by_role)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT DO NOTHING
        RETURNING true
        """,
        session_id,
        now,
        by.person_id,
        by.role,
    )
    return bool(newly)


async def _closed(conn: Conn, session_id: UUID) -> Closed:
    row = await conn.fetchrow(
        """
        SELECT closed_at, held_at IS NOT NULL AS held
          FROM register_closed JOIN session USING (session_id)
         WHERE session_id = $1
        """,
        session_id,
    )
    assert row is not None, "it has just been closed"
    counted = await conn.fetch(
        """
        SELECT entry.state, count(*) AS people
          FROM attendance JOIN attendance_entry AS entry USING (attendance_id)
         WHERE session_id = $1
           AND NOT EXISTS (SELECT FROM attendance_entry AS later
                            WHERE later.supersedes = entry.entry_id)
         GROUP BY entry.state
        """,
        session_id,
    )
    return Closed(
        session_id=session_id,
        **row,
        by_state={AttendanceState(one["state"]): one["people"] for one in counted},
    )
