"""The register of a session as those at the door read it."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_bookings.attendance import door
from pdu_bookings.attendance.sitting import sitting_of
from pdu_shared.access import Caller, Role, Who
from pdu_shared.contracts.vocabulary import AttendanceMethod, AttendanceState, PlaceState
from pdu_shared.database import Conn
from pdu_shared.runtime import Store

router = APIRouter(tags=["attendance"])


class Line(BaseModel):
    """What is written down of somebody; nothing yet, where `attendance_id` is missing."""

    attendance_id: UUID | None = Field(description="Under which it is corrected")
    state: AttendanceState | None
    method: AttendanceMethod | None = Field(description="How that came to be known")


class Expected(Line):
    """Somebody who booked. The name is gone 28 days after the event."""

    booking_id: UUID
    name: str | None = Field(description="In full for coordinators; for others the first name")
    organisation: str | None
    adjustments_needed: bool = Field(description="What they are, a coordinator knows")
    place: PlaceState


class Register(BaseModel):
    """Who is expected at a session, who came besides, and what has been written down so far."""

    session_id: UUID
    closed_at: datetime | None
    expected: list[Expected]
    walked_in: list[Line] = Field(description="Those without a place; nobody keeps their names")


@router.get("/sessions/{session_id}/register")
async def read_register(session_id: UUID, database: Store, caller: Who) -> Register:
    """Who is expected at a session, in the order of their names."""
    async with database.pool.acquire(timeout=5) as conn:
        await sitting_of(conn, session_id)
        await door.let_in(conn, caller, session_id)
        return Register(
            session_id=session_id,
            closed_at=await _closed_at(conn, session_id),
            expected=await _expected(conn, session_id, caller),
            walked_in=await _walked_in(conn, session_id),
        )


async def _expected(conn: Conn, session_id: UUID, caller: Caller) -> list[Expected]:
    rows = await conn.fetch(
        """
        SELECT place.booking_id, contact.name, booking.organisation, place.state AS place,
               need.booking_id IS NOT NULL AS adjustments_needed,
               entry.attendance_id, entry.state, entry.method
          FROM place
          JOIN booking USING (booking_id)
          LEFT JOIN contact USING (booking_id)
          LEFT JOIN need USING (booking_id)
          LEFT JOIN attendance ON attendance.session_id = place.session_id
                              AND attendance.person_id = place.person_id
          LEFT JOIN attendance_entry AS entry
                 ON entry.attendance_id = attendance.attendance_id
                AND NOT EXISTS (SELECT FROM attendance_entry AS later
                                 WHERE later.supersedes = entry.entry_id)
         WHERE place.session_id = $1 AND place.active
         ORDER BY contact.name, place.booking_id
        """,
        session_id,
    )
    in_full = caller.has(Role.COORDINATOR)
    return [
        Expected(**{**row, "name": row["name"] if in_full else _first_name(row["name"])})
        for row in rows
    ]


def _first_name(name: str | None) -> str | None:
    return name.split()[0] if name else None


async def _walked_in(conn: Conn, session_id: UUID) -> list[Line]:
    rows = await conn.fetch(
        """
        SELECT attendance_id, entry.state, entry.method
          FROM attendance
          JOIN attendance_entry AS entry USING (attendance_id)
         WHERE attendance.session_id = $1
           AND NOT EXISTS (SELECT FROM attendance_entry AS later
                            WHERE later.supersedes = entry.entry_id)
           AND NOT EXISTS (SELECT FROM place
                            WHERE place.session_id = attendance.session_id
                              AND place.person_id = attendance.person_id
                              AND place.active)
         ORDER BY attendance_id
        """,
        session_id,
    )
    return [Line(**row) for row in rows]


async def _closed_at(conn: Conn, session_id: UUID) -> datetime | None:
    closed_at: datetime | None = await conn.fetchval(
        "SELECT closed_at FROM register_closed WHERE session_id = $1", session_id
    )
    return closed_at
