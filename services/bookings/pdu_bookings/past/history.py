"""The records of the past that bookings takes."""

from pdu_bookings.past.attendance import AttendanceRow, take_attendances
from pdu_bookings.past.event import EventRow, take_events
from pdu_shared.importing import History

HISTORIES = (
    History(file="events", row=EventRow, take=take_events),
    History(file="attendances", row=AttendanceRow, take=take_attendances),
)
