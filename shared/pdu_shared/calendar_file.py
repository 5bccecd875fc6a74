"""Calendar files (RFC 5545, RFC 5546): sessions as entries of somebody's own calendar.

PUBLISH, not REQUEST: nobody is asked to accept, and no answer is mailed to us.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vText
from icalendar.enums import STATUS

from pdu_shared.calendar_entry import Entry, Organiser
from pdu_shared.local_time import HOME

PRODUCT = "-//Practice Development Unit//Learning events//EN"
LOOK_AGAIN_AFTER = timedelta(hours=4)
"""How often a calendar that has subscribed is asked to look."""

# Written out, because the one that icalendar makes is an hour late on the night in March.
_LONDON = b"""\
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE
"""


def calendar_file(
    entries: Sequence[Entry],
    *,
    organiser: Organiser,
    method: Literal["PUBLISH", "CANCEL"] = "PUBLISH",
    name: str | None = None,
) -> str:
    """The file as text, the same for the same entries; a feed to subscribe to has a name."""
    # Not Calendar.new: it would give the file another UID each time.
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        for called in ("name", "x-wr-calname"):
            calendar.add(called, vText(name))
        for patience in ("refresh-interval", "x-published-ttl"):
            calendar.add(patience, LOOK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    calendar.add_component(Timezone.from_ical(_LONDON))
    for entry in entries:
        calendar.add_component(_event(entry, organiser))
    return str(calendar.to_ical(), "utf-8")


def _event(entry: Entry, organiser: Organiser) -> Event:
    address = vCalAddress(f"mailto:{organiser.address}")
    address.params["CN"] = organiser.name
    return Event.new(
        uid=str(entry.uid),
        stamp=entry.written_at,
        last_modified=entry.written_at,
        start=_on_the_wall(entry.starts_at),
        end=_on_the_wall(entry.ends_at),
        summary=entry.summary,
        location=entry.place,
        description=entry.description,
        url=entry.url,
        organizer=address,
        sequence=entry.sequence,
        status=STATUS.CANCELLED if entry.cancelled else STATUS.CONFIRMED,
    )


def _on_the_wall(at: datetime) -> datetime:
    """Local time; in the hour that comes twice its second time, which only UTC can tell, UTC."""
    local = at.astimezone(ZoneInfo(HOME))
    return at.astimezone(UTC) if local.fold else local
