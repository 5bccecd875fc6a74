"""The sessions of a booking as entries of the reader's own calendar."""

from uuid import UUID

from pdu_notifications.learning_event import Programme
from pdu_notifications.wording import Appointment
from pdu_shared.identity import derived_id


def appointments(booking_id: UUID, programme: Programme) -> tuple[Appointment, ...]:
    """One entry for each session; a later letter about the same booking finds it by its UID."""
    return tuple(
        Appointment(
            uid=derived_id("appointment", booking_id, session.session_id),
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            tz=session.tz,
            summary=programme.title,
            place=session.place,
        )
        for session in programme.sessions
    )
