"""Bookings at a glance: its rooms, and what it keeps of other services."""

from pdu_bookings import category
from pdu_bookings.attendance.room import ROOM as ATTENDANCE
from pdu_bookings.briefing.room import ROOM as BRIEFING
from pdu_bookings.calendar.room import ROOM as CALENDAR
from pdu_bookings.charge.room import ROOM as CHARGE
from pdu_bookings.command.room import ROOM as COMMAND
from pdu_bookings.community.room import ROOM as COMMUNITY
from pdu_bookings.listing.room import ROOM as LISTING
from pdu_bookings.lived_experience.room import ROOM as LIVED_EXPERIENCE
from pdu_bookings.past.history import HISTORIES
from pdu_bookings.place.room import ROOM as PLACE
from pdu_bookings.programme.room import ROOM as PROGRAMME
from pdu_bookings.topic.room import ROOM as TOPIC
from pdu_shared import instance
from pdu_shared.service import Service
from pdu_shared.sheet_file import CSV, XLSX

service = Service.of_rooms(
    "bookings",
    PROGRAMME,
    PLACE,
    CHARGE,
    ATTENDANCE,
    COMMUNITY,
    LIVED_EXPERIENCE,
    TOPIC,
    CALENDAR,
    BRIEFING,
    LISTING,
    COMMAND,
    listeners=(
        category.learn_category,
        category.learn_setting,
        category.learn_workstream,
        instance.keep_setting,
    ),
    histories=HISTORIES,
    gives=("application/json", "application/ld+json", "text/calendar", "text/html", CSV, XLSX),
)
