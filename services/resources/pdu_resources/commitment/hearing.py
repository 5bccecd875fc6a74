"""What bookings tells of who came for which organisation, and of topics that were suggested."""

from pdu_shared.contracts.bookings.attendance import AttendanceCorrected, AttendanceRecorded
from pdu_shared.contracts.bookings.topic import TopicDecided, TopicSuggested
from pdu_shared.contracts.vocabulary import AttendanceState
from pdu_shared.database import Conn
from pdu_shared.listening import AlsoOfThePast

CAME = {AttendanceState.PRESENT, AttendanceState.PARTIAL}


async def count_for_organisation(
    conn: Conn, message: AlsoOfThePast[AttendanceRecorded | AttendanceCorrected]
) -> None:
    """Keep who came for which organisation, also in earlier years."""
    if message.organisation_id is None:
        await conn.execute(
            "DELETE FROM organisation_attendance WHERE attendance_id = $1", message.attendance_id
        )
        return
    await conn.execute(
        """
        INSERT INTO organisation_attendance (attendance_id, organisation_id, person_id, came,
                                             held_on)
        VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (attendance_id) DO UPDATE
           SET organisation_id = excluded.organisation_id, person_id = excluded.person_id,
               came = excluded.came, held_on = excluded.held_on
        """,
        message.attendance_id,
        message.organisation_id,
        message.person_id,
        message.state in CAME,
        message.held_on,
    )


async def know_topic(conn: Conn, message: TopicSuggested | TopicDecided) -> None:
    """Know a topic that an organisation may have named, and what was decided about it."""
    await conn.execute(
        """
        INSERT INTO told_topic (topic_id, decision) VALUES ($1, $2)
            ON CONFLICT (topic_id) DO UPDATE
           SET decision = coalesce(excluded.decision, told_topic.decision)
        """,
        message.topic_id,
        message.decision if isinstance(message, TopicDecided) else None,
    )
