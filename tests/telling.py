"""What others tell reporting: builders of messages, each about things of its own."""

from datetime import UTC, date, datetime
from itertools import count
from uuid import UUID, uuid4, uuid5

from pdu_shared.contracts.bookings import (
    AttendanceCorrected,
    AttendanceRecorded,
    BookingCancelled,
    BookingWaitlisted,
    EventBooked,
    EventHeld,
    EventPublished,
    SessionScheduled,
)
from pdu_shared.contracts.resources import CategoryDefined, MemberRegistered, ProjectYearDefined

_NAMES = UUID("5a8b0f4e-92b1-4d6f-9b73-0c1f6f6b2a11")
_years = count(2200, 3)

WHO = {
    "sector": "voluntary",
    "work_field": "housing_homelessness",
    "role_level": "front_line",
    "area": "nottingham_city",
}
WORDS = {
    "sector": ("voluntary", "statutory", "private"),
    "work_field": ("housing_homelessness", "mental_health"),
    "role_level": ("front_line", "team_manager"),
    "area": ("nottingham_city", "national"),
    "heard_about": ("bulletin", "word_of_mouth"),
}


def words() -> list[CategoryDefined]:
    return [
        CategoryDefined(
            category_id=uuid5(_NAMES, f"{scheme}/{code}"), scheme=scheme, code=code, label=code
        )
        for scheme, codes in WORDS.items()
        for code in codes
    ]


def project_year(**details) -> ProjectYearDefined:
    """A year that no other test uses; its code is its own, too."""
    year = next(_years)
    told = {
        "project_year_id": uuid4(),
        "code": f"y{year}",
        "label": f"Year {year}",
        "starts_on": date(year, 4, 1),
        "ends_on": date(year + 1, 3, 31),
        "is_partial": False,
    }
    return ProjectYearDefined(**{**told, **details})


def attendance(**details) -> AttendanceRecorded:
    return AttendanceRecorded(**_attendance(details))


def correction(of: AttendanceRecorded, **details) -> AttendanceCorrected:
    return AttendanceCorrected(**{**of.model_dump(), "supersedes": uuid4(), **details})


def _attendance(details) -> dict[str, object]:
    return {
        "attendance_id": uuid4(),
        "session_id": uuid4(),
        "learning_event_id": uuid4(),
        "event_kind": "learning_event",
        "person_id": uuid4(),
        "state": "present",
        "method": "register",
        "held_on": date(2199, 1, 1),
        **WHO,
        **details,
    }


def booked(**details) -> EventBooked:
    told = {
        "booking_id": uuid4(),
        "learning_event_id": uuid4(),
        "session_ids": (uuid4(),),
        "person_id": uuid4(),
        "booked_on": date(2199, 1, 1),
        **WHO,
    }
    return EventBooked(**{**told, **details})


def waitlisted(of: EventBooked) -> BookingWaitlisted:
    return BookingWaitlisted(**of.model_dump(), position=1)


def cancelled(of: EventBooked) -> BookingCancelled:
    return BookingCancelled(**of.model_dump(), by="person")


def published(**details) -> EventPublished:
    told = {
        "learning_event_id": uuid4(),
        "kind": "learning_event",
        "event_type": "workshop",
        "title": "Hoarding: behind the door",
        "purpose": "Work with people who hoard, without force.",
        "level": "introductory",
        "workstreams": ("housing",),
        "audience": ("any",),
    }
    return EventPublished(**{**told, **details})


def scheduled(**details) -> SessionScheduled:
    told = {
        "session_id": uuid4(),
        "learning_event_id": uuid4(),
        "starts_at": datetime(2199, 1, 1, 12, tzinfo=UTC),
        "ends_at": datetime(2199, 1, 1, 14, tzinfo=UTC),
        "tz": "Europe/London",
        "mode": "online",
        "place": "Online",
        "capacity": 20,
    }
    return SessionScheduled(**{**told, **details})


def held(**details) -> EventHeld:
    told = {"session_id": uuid4(), "learning_event_id": uuid4(), "held_on": date(2199, 1, 1)}
    return EventHeld(**{**told, **details})


def member(**details) -> MemberRegistered:
    return MemberRegistered(
        **{"person_id": uuid4(), "registered_on": date(2199, 1, 1), **WHO, **details}
    )
