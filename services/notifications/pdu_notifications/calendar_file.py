"""The calendar file of a letter: the sessions of a booking for the reader's own calendar."""

from datetime import datetime

from pdu_notifications.wording import PROVIDER, Appointment, Diary
from pdu_shared import calendar_file as shared
from pdu_shared.calendar_entry import Entry, Organiser, sequence_of


def calendar_file(diary: Diary, *, organiser: str, written_at: datetime) -> str:
    """The file as text, the same at each attempt to send the letter."""
    cancelled = diary.method == "CANCEL"
    return shared.calendar_file(
        [_entry(one, cancelled, written_at) for one in diary.appointments],
        organiser=Organiser(PROVIDER, organiser),
        method=diary.method,
    )


def _entry(appointment: Appointment, cancelled: bool, written_at: datetime) -> Entry:  # noqa: FBT001
    return Entry(
        uid=appointment.uid,
        sequence=sequence_of(appointment.revision, cancelled=cancelled),
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        summary=appointment.summary,
        place=appointment.place,
        cancelled=cancelled,
        written_at=written_at,
    )
