"""The calendar file of a letter: sessions for the reader's own calendar (RFC 5545, RFC 5546).

PUBLISH, not REQUEST: nobody is asked to accept, and no answer is mailed to us.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress
from icalendar.enums import STATUS

from pdu_notifications.wording import PROVIDER, Appointment, Diary

PRODUCT = "-//Practice Development Unit//Letters//EN"
MARGIN = timedelta(days=400)
"""How far around the sessions the file knows when clocks change."""


def calendar_file(diary: Diary, *, organiser: str, written_at: datetime) -> str:
    """The file as text. The UID of a session stays for a booking; a cancellation is newer."""
    # Not Calendar.new: it would give the file another UID at each attempt to send the letter.
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", diary.method)
    for appointment in diary.appointments:
        calendar.add_component(_event(appointment, diary, organiser, written_at))
    calendar.add_missing_timezones(
        first_date=min(one.starts_at for one in diary.appointments).date() - MARGIN,
        last_date=max(one.ends_at for one in diary.appointments).date() + MARGIN,
    )
    return str(calendar.to_ical(), "utf-8")


def _event(appointment: Appointment, diary: Diary, organiser: str, written_at: datetime) -> Event:
    cancelled = diary.method == "CANCEL"
    zone = ZoneInfo(appointment.tz)
    address = vCalAddress(f"mailto:{organiser}")
    address.params["CN"] = PROVIDER
    return Event.new(
        uid=str(appointment.uid),
        stamp=written_at,
        start=appointment.starts_at.astimezone(zone),
        end=appointment.ends_at.astimezone(zone),
        summary=appointment.summary,
        location=appointment.place,
        organizer=address,
        sequence=1 if cancelled else 0,
        status=STATUS.CANCELLED if cancelled else STATUS.CONFIRMED,
    )
