"""What happens after an event, as tests tell it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from notifications.office import tell
from pdu_notifications.diary import post_next
from pdu_shared.contracts.bookings.attendance import AttendanceCorrected, AttendanceRecorded
from pdu_shared.local_time import local_day

HELD = datetime.now(UTC) - timedelta(days=1)
"""Yesterday: a register is written soon after its session."""


def _attendance(story, state, number=0):
    session_id = story.session_ids[number]
    return {
        "attendance_id": uuid5(session_id, story.person_id.hex),
        "session_id": session_id,
        "learning_event_id": story.learning_event_id,
        "event_kind": "learning_event",
        "person_id": story.person_id,
        "state": state,
        "method": "register",
        "sector": "voluntary",
        "work_field": "housing_homelessness",
        "role_level": "front_line",
        "area": "nottingham_city",
        "held_on": local_day(HELD),
        "booking_id": story.booking_id,
    }


def was(story, state, number=0):
    """Somebody was there, or was not."""
    return AttendanceRecorded(**_attendance(story, state, number))


def corrected(story, state, number=0):
    """And was after all, or was not."""
    return AttendanceCorrected(**_attendance(story, state, number), supersedes=UUID(int=1))


async def days_later(database, days):
    """Everything is posted that is due so many days after the event."""
    while await post_next(database, now=HELD + timedelta(days=days, hours=23)):
        pass


async def attended(database, story, *messages, state="present", sealer=None):
    """An event was announced, and somebody with an address came, or did not."""
    messages = (*story.announced, story.link, story.booked, was(story, state), *messages)
    await tell(database, *messages, sealer=sealer)


async def planned(database, story):
    """What is planned for a person: kinds with their reasons."""
    rows = await database.pool.fetch(
        "SELECT kind, reason FROM due WHERE person_id = $1 AND session_id IS NULL ORDER BY due_at",
        story.person_id,
    )
    return [(row["kind"], row["reason"]) for row in rows]
