"""The people of a session, as they were at the time: who booked it, and who is in its register."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from pdu_bookings.attendance.rows import AS_AT_THE_TIME, Attendee
from pdu_shared.contracts.vocabulary import PlaceState
from pdu_shared.database import Conn


async def by_booking(
    conn: Conn, session_id: UUID, booking_ids: Sequence[UUID]
) -> dict[UUID, Attendee]:
    """Those who booked this session; whoever waited, or had given the place back, walked in."""
    rows = await conn.fetch(
        """
        SELECT booking_id, session_id, booking.person_id, place.state, organisation_id, sector,
               work_field, role_level, area
          FROM place JOIN booking USING (booking_id)
         WHERE session_id = $1 AND booking_id = ANY ($2::uuid[])
        """,
        session_id,
        booking_ids,
    )
    return {row["booking_id"]: _attendee(row) for row in rows}


async def expected(conn: Conn, session_id: UUID) -> list[Attendee]:
    """Everybody who holds a place."""
    rows = await conn.fetch(
        """
        SELECT booking_id, session_id, booking.person_id, place.state, organisation_id, sector,
               work_field, role_level, area
          FROM place JOIN booking USING (booking_id)
         WHERE session_id = $1 AND place.state = 'confirmed'
         ORDER BY booking_id
        """,
        session_id,
    )
    return [_attendee(row) for row in rows]


async def by_person(
    conn: Conn, session_id: UUID, person_ids: Sequence[UUID]
) -> dict[UUID, Attendee]:
    """Those of these people who asked for a place, or are in the register already."""
    rows = await conn.fetch(
        """
        SELECT DISTINCT ON (person_id)
               booking_id, session_id, person_id, state, organisation_id, sector, work_field,
               role_level, area
          FROM (SELECT booking_id, session_id, booking.person_id, place.state, organisation_id,
                       sector, work_field, role_level, area, place.active
                  FROM place JOIN booking USING (booking_id)
                 WHERE session_id = $1 AND booking.person_id = ANY ($2::uuid[])
                 UNION ALL
                SELECT NULL, session_id, person_id, NULL, organisation_id, sector, work_field,
                       role_level, area, false
                  FROM attendance
                 WHERE session_id = $1 AND person_id = ANY ($2::uuid[])) AS known
         ORDER BY person_id, active DESC, booking_id DESC NULLS LAST
        """,
        session_id,
        person_ids,
    )
    return {row["person_id"]: _attendee(row) for row in rows}


async def as_elsewhere(
    conn: Conn, session_id: UUID, person_ids: Sequence[UUID]
) -> dict[UUID, Attendee]:
    """These people as they were when they last booked something; if never, nobody knows."""
    rows = await conn.fetch(
        """
        SELECT DISTINCT ON (person_id)
               organisation_id, coalesce(sector, 'unknown') AS sector,
               coalesce(work_field, 'unknown') AS work_field,
               coalesce(role_level, 'unknown') AS role_level, coalesce(area, 'unknown') AS area,
               person_id
          FROM unnest($1::uuid[]) AS person (person_id)
          LEFT JOIN booking USING (person_id)
         ORDER BY person_id, booked_at DESC
        """,
        person_ids,
    )
    return {
        row["person_id"]: Attendee(
            session_id, row["person_id"], None, {field: row[field] for field in AS_AT_THE_TIME}
        )
        for row in rows
    }


def _attendee(row: asyncpg.Record) -> Attendee:
    return Attendee(
        row["session_id"],
        row["person_id"],
        row["booking_id"] if row["state"] == PlaceState.CONFIRMED else None,
        {field: row[field] for field in AS_AT_THE_TIME},
    )
