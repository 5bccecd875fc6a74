"""The sessions of a booking, as a letter tells them and as the reader's calendar keeps them."""

from uuid import UUID

from pdu_notifications.learning_event import Programme
from pdu_notifications.rules.local_time import when
from pdu_notifications.wording import Appointment, Section
from pdu_shared.calendar_entry import appointment_uid


def when_and_where(programme: Programme) -> tuple[Section, ...]:
    """A section for each session, numbered where there are several."""
    several = len(programme.sessions) > 1
    return tuple(
        Section(
            heading=f"Session {number}" if several else "When and where",
            facts=session.facts,
        )
        for number, session in enumerate(programme.sessions, start=1)
    )


def in_short(programme: Programme, *, over: bool = False) -> str:
    """What, when and where, as one sentence of a text message; `over` for what is cancelled."""
    first, *others = programme.sessions
    at = when(first.starts_at, first.ends_at, zone=first.tz)
    if over:
        return f"{programme.title} ({at}) is cancelled."
    more = f", and {len(others)} more" if others else ""
    return f"{programme.title}, {at}{more}, {first.place}."


def appointments(booking_id: UUID, programme: Programme) -> tuple[Appointment, ...]:
    """One entry for each session; a later letter about the same booking finds it by its UID."""
    return tuple(
        Appointment(
            uid=appointment_uid(booking_id, session.session_id),
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            summary=programme.title,
            place=session.place,
            revision=session.revision,
        )
        for session in programme.sessions
    )
