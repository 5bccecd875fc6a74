"""Registers for a coordinator: which are missing, what became of people, and each as a file."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import AttendanceMethod, AttendanceState, PlaceState
from pdu_shared.database import Conn
from pdu_shared.local_time import local_day
from pdu_shared.paging import AsFile, Paged, Within, cut
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store
from pdu_shared.sheet import Cell
from pdu_shared.sheet_file import AS_SHEET, Rows, sheet

router = APIRouter(tags=["coordinator"])


class RegisterPage(Within, Paged):
    """Which sessions, by the day on which they start."""

    workstream: Code | None = None
    missing: Annotated[
        bool,
        Field(description="Only sessions that are over and have no register"),
    ] = False


class RegisterLine(BaseModel):
    """A session and what its register says so far."""

    session_id: UUID
    learning_event_id: UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    booked: int
    present: int
    partial: int
    absent_apologies: int
    absent_no_show: int
    walked_in: int
    missing: bool


class RegisterLines(BaseModel):
    """One page of sessions. `next` goes into `after` for the following page."""

    items: list[RegisterLine]
    next: UUID | None


class PersonLine(BaseModel):
    """A person in a register. The name is gone 28 days after the event."""

    name: str | None
    organisation: str | None
    sector: str
    work_field: str
    role_level: str
    area: str
    place: PlaceState | None
    state: AttendanceState | None
    method: AttendanceMethod | None


COLUMNS: dict[str, Callable[[PersonLine], Cell]] = {
    "Name": lambda line: line.name,
    "Organisation": lambda line: line.organisation,
    "Sector": lambda line: line.sector,
    "Work field": lambda line: line.work_field,
    "Role": lambda line: line.role_level,
    "Area": lambda line: line.area,
    "Place": lambda line: line.place or "walked in",
    "Attendance": lambda line: line.state,
    "Written down by": lambda line: line.method,
}


@router.get("/coordinator/registers")
async def listed(
    asked: Annotated[RegisterPage, Query()], database: Store, now: Now
) -> RegisterLines:
    """The registers of published events, latest session first."""
    async with database.pool.acquire(timeout=5) as conn:
        lines = await registers(conn, asked, asked.limit + 1, now=now)
    items, following = cut(lines, asked.limit, lambda line: line.session_id)
    return RegisterLines(items=items, next=following)


@router.get(
    "/coordinator/registers/{session_id}/file", response_class=StreamingResponse, responses=AS_SHEET
)
async def as_file(
    session_id: UUID, asked: Annotated[AsFile, Query()], database: Store, now: Now
) -> StreamingResponse:
    """One register as a file for a spreadsheet: who is expected, who walked in, who came."""
    async with database.pool.acquire(timeout=5) as conn:
        if not await _is_public(conn, session_id):
            raise NotFound
        lines = await _people(conn, session_id)
    rows = [[cell(line) for cell in COLUMNS.values()] for line in lines]
    return await sheet("register", tuple(COLUMNS), _one(rows), asked.format, local_day(now))


async def _one(rows: Rows) -> AsyncIterator[Rows]:
    yield rows


async def registers(
    conn: Conn, asked: RegisterPage, limit: int, *, now: datetime
) -> list[RegisterLine]:
    """So many registers at most. Sessions at which nobody had a place need none."""
    rows = await conn.fetch(
        """
        WITH page AS (
            SELECT session_id, learning_event_id, event.title, starts_at, ends_at, place,
                   ends_at < $1 AND held_at IS NULL AND taken > 0
                   AND NOT EXISTS (SELECT FROM attendance
                                    WHERE attendance.session_id = session.session_id)
                   AND NOT EXISTS (SELECT FROM head_count
                                    WHERE head_count.session_id = session.session_id)
                   AND NOT EXISTS (SELECT FROM register_closed AS closed
                                    WHERE closed.session_id = session.session_id) AS missing
              FROM session
              JOIN learning_event AS event USING (learning_event_id)
             WHERE state IN ('published', 'archived')
               AND ($2::timestamptz IS NULL OR starts_at >= $2)
               AND ($3::timestamptz IS NULL OR starts_at <= $3)
               AND ($4::text IS NULL OR $4 = ANY (workstreams))
               AND ($6::uuid IS NULL
                    OR (starts_at, session_id)
                       < ((SELECT starts_at FROM session WHERE session_id = $6), $6)))
        SELECT page.*, expected.booked, said.*
          FROM (SELECT *
                  FROM page
                 WHERE missing OR NOT $5
                 ORDER BY starts_at DESC, session_id DESC
                 LIMIT $7) AS page
         CROSS JOIN LATERAL (SELECT count(*) AS booked
                               FROM place
                              WHERE place.session_id = page.session_id
                                AND state = 'confirmed') AS expected
         CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE state = 'present') AS present,
                   count(*) FILTER (WHERE state = 'partial') AS partial,
                   count(*) FILTER (WHERE state = 'absent_apologies') AS absent_apologies,
                   count(*) FILTER (WHERE state = 'absent_no_show') AS absent_no_show,
                   count(*) FILTER (WHERE booking_id IS NULL) AS walked_in
              FROM attendance
              JOIN attendance_entry AS entry USING (attendance_id)
             WHERE attendance.session_id = page.session_id
               AND NOT EXISTS (SELECT FROM attendance_entry AS later
                                WHERE later.supersedes = entry.entry_id)) AS said
         ORDER BY starts_at DESC, session_id DESC
        """,
        now,
        asked.begins,
        asked.ends,
        asked.workstream,
        asked.missing,
        asked.after,
        limit,
    )
    return [RegisterLine(**row) for row in rows]


async def _is_public(conn: Conn, session_id: UUID) -> bool:
    found: bool = await conn.fetchval(
        """
        SELECT EXISTS (SELECT
                         FROM session JOIN learning_event USING (learning_event_id)
                        WHERE session_id = $1 AND state <> 'draft')
        """,
        session_id,
    )
    return found


async def _people(conn: Conn, session_id: UUID) -> list[PersonLine]:
    rows = await conn.fetch(
        """
        SELECT name, booking.organisation, place.state AS place, entry.state, entry.method,
               coalesce(attendance.sector, booking.sector) AS sector,
               coalesce(attendance.work_field, booking.work_field) AS work_field,
               coalesce(attendance.role_level, booking.role_level) AS role_level,
               coalesce(attendance.area, booking.area) AS area
          FROM (SELECT * FROM place WHERE session_id = $1 AND active) AS place
          FULL JOIN (SELECT * FROM attendance WHERE session_id = $1) AS attendance
                 ON attendance.person_id = place.person_id
          LEFT JOIN booking
                 ON booking.booking_id = coalesce(place.booking_id, attendance.booking_id)
          LEFT JOIN contact ON contact.booking_id = booking.booking_id
          LEFT JOIN attendance_entry AS entry
                 ON entry.attendance_id = attendance.attendance_id
                AND NOT EXISTS (SELECT FROM attendance_entry AS later
                                 WHERE later.supersedes = entry.entry_id)
         ORDER BY name, booking.booking_id, attendance.attendance_id
        """,
        session_id,
    )
    return [PersonLine(**row) for row in rows]
