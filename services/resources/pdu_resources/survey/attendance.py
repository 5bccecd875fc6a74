"""Who came to what: whom a survey about a learning event may ask, and when it will."""

from datetime import datetime

from pdu_resources.rules.cadence import requests_after
from pdu_resources.survey import due
from pdu_shared.contracts.bookings.attendance import AttendanceCorrected, AttendanceRecorded
from pdu_shared.contracts.vocabulary import AttendanceState
from pdu_shared.database import Conn
from pdu_shared.runtime import utc_now

CAME = frozenset({AttendanceState.PRESENT, AttendanceState.PARTIAL})


async def learn_attendance(conn: Conn, message: AttendanceRecorded | AttendanceCorrected) -> None:
    """Keep whether somebody came, and plan what they will be asked.

    It does not hear of the past: nobody is asked about that.
    """
    await _keep(conn, message)
    await plan_after(conn, message, now=await utc_now())


async def plan_after(
    conn: Conn, message: AttendanceRecorded | AttendanceCorrected, *, now: datetime
) -> None:
    """Plan the surveys that follow an attendance; none any more for somebody who was not there."""
    if message.state in CAME:
        requests = requests_after(message.held_on, now=now)
        await due.plan(conn, message.person_id, message.learning_event_id, requests)
    else:
        await due.forget_event(conn, message.person_id, message.learning_event_id)


async def _keep(conn: Conn, message: AttendanceRecorded | AttendanceCorrected) -> None:
    await conn.execute(
        """
        INSERT INTO attendance (attendance_id, learning_event_id, person_id, came, held_on)
        VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (attendance_id) DO UPDATE
           SET came = excluded.came, held_on = excluded.held_on
        """,
        message.attendance_id,
        message.learning_event_id,
        message.person_id,
        message.state in CAME,
        message.held_on,
    )
