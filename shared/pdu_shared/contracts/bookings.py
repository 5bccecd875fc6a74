"""What bookings tells: learning events, places and attendance."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime

from pdu_shared.contracts.message import Code, Message, Wording
from pdu_shared.contracts.vocabulary import (
    AttendanceMethod,
    AttendanceState,
    CancelledBy,
    Channel,
    DeliveryMode,
    EventKind,
    Level,
)


class EventPublished(Message):
    """A learning event is open for booking."""

    about = "learning_event"
    public = True

    learning_event_id: UUID
    kind: EventKind
    event_type: Code
    title: Wording
    purpose: Wording
    level: Level
    workstreams: tuple[Code, ...]
    audience: tuple[Code, ...]


class SessionScheduled(Message):
    """A session of a published learning event has a time and a place."""

    about = "session"
    public = True

    session_id: UUID
    learning_event_id: UUID
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    tz: Wording
    mode: DeliveryMode
    place: Wording
    capacity: int


class EventBooked(Message):
    """A person holds a place at a learning event."""

    about = "booking"
    public = True

    booking_id: UUID
    learning_event_id: UUID
    session_ids: tuple[UUID, ...]
    person_id: UUID
    organisation_id: UUID | None = None
    sector: Code
    work_field: Code
    role_level: Code
    area: Code
    heard_about: Code | None = None
    booked_on: date


class BookingWaitlisted(Message):
    """A person waits for a place, because a session is full."""

    about = "booking"

    booking_id: UUID
    learning_event_id: UUID
    session_ids: tuple[UUID, ...]
    person_id: UUID
    position: int


class BookingCancelled(Message):
    """A booking, or a place in the waiting list, was given back."""

    about = "booking"
    public = True

    booking_id: UUID
    learning_event_id: UUID
    person_id: UUID
    by: CancelledBy


class _Attendance(Message):
    about = "attendance"
    public = True

    attendance_id: UUID
    session_id: UUID
    learning_event_id: UUID
    event_kind: EventKind
    person_id: UUID
    state: AttendanceState
    method: AttendanceMethod
    organisation_id: UUID | None = None
    sector: Code
    work_field: Code
    role_level: Code
    area: Code
    held_on: date


class AttendanceRecorded(_Attendance):
    """What became of a person in a session, with who they were at the time."""


class AttendanceCorrected(_Attendance):
    """An attendance was written down wrongly; this is how it was."""

    supersedes: UUID


class EventHeld(Message):
    """A session took place: somebody was there."""

    about = "session"
    public = True

    session_id: UUID
    learning_event_id: UUID
    held_on: date


class BookingLinkIssued(Message):
    """How to reach the person who booked, and the token with which they manage that booking."""

    about = "booking"
    sealed_for = "notifications"

    booking_id: UUID
    person_id: UUID
    channel: Channel
    address: str
    name: str
    token: str
