"""Who came to what: whom a survey about a learning event may ask."""

from pdu_shared.contracts.bookings.attendance import AttendanceCorrected, AttendanceRecorded
from pdu_shared.contracts.vocabulary import AttendanceState
from pdu_shared.database import Conn

CAME = frozenset({AttendanceState.PRESENT, AttendanceState.PARTIAL})


async def learn_attendance(conn: Conn, message: AttendanceRecorded | AttendanceCorrected) -> None:
    """Keep whether somebody came. It does not hear of the past: nobody is asked about that."""
    await conn.execute(
        """
        INSERT INTO attendance (attendance_id, learning_event_id, person_id, came)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT (attendance_id) DO UPDATE SET came = excluded.came
        """,
        message.attendance_id,
        message.learning_event_id,
        message.person_id,
        message.state in CAME,
    )
