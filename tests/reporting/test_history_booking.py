"""Bookings of imported history: told by the attendance, since they have no message."""

from datetime import date
from uuid import uuid4

import telling
from bus import arrived


async def test_an_imported_attendance_tells_the_booking_before_it(take, kept):
    attendance = telling.attendance(
        booking_id=uuid4(), booked_on=date(2198, 11, 30), heard_about="bulletin",
        organisation_id=uuid4(), method="import",
    )  # fmt: skip
    await take(attendance)
    who = ("person_id", "organisation_id", "sector", "work_field", "role_level", "area")
    assert await kept("history_booking", booking_id=attendance.booking_id) == [
        {
            "attendance_id": attendance.attendance_id,
            "booking_id": attendance.booking_id,
            "session_id": attendance.session_id,
            "learning_event_id": attendance.learning_event_id,
            **{name: getattr(attendance, name) for name in who},
            "heard_about": "bulletin",
            "booked_on": date(2198, 11, 30),
            "sequence": 1,
        }
    ]


async def test_an_attendance_of_today_tells_no_booking(take, kept):
    attendance = telling.attendance(booking_id=uuid4())
    await take(attendance)
    assert await kept("history_booking", attendance_id=attendance.attendance_id) == []


async def test_a_correction_that_says_nothing_of_the_booking_leaves_it_as_it_was(take, kept):
    attendance = telling.attendance(booking_id=uuid4(), booked_on=date(2198, 11, 30))
    corrected = telling.correction(attendance, booked_on=date(2198, 11, 29))
    silent = telling.correction(attendance, booked_on=None)
    first, second, third = arrived(attendance), arrived(corrected), arrived(silent)
    await take(third, second)
    await take(first)
    [row] = await kept("history_booking", attendance_id=attendance.attendance_id)
    assert (row["booked_on"], row["sequence"]) == (date(2198, 11, 29), 2)
