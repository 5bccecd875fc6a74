"""What bookings tells of attendance: who came, and which sessions were held."""

from datetime import date
from uuid import UUID

from pdu_shared.contracts.message import Code, Message, Part
from pdu_shared.contracts.vocabulary import (
    AttendanceMethod,
    AttendanceState,
    CorrectionReason,
    EventKind,
    MinutesBand,
)


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
    booking_id: UUID | None = None
    """None for somebody who walked in."""
    booked_on: date | None = None
    """Told of imported history only, where the booking has no message of its own."""
    heard_about: Code | None = None
    minutes_band: MinutesBand | None = None
    """Where a webinar tool counted."""


class AttendanceRecorded(_Attendance):
    """What became of a person in a session, with who they were at the time."""


class AttendanceCorrected(_Attendance):
    """An attendance was written down wrongly; this is how it was."""

    supersedes: UUID
    reason_code: CorrectionReason | None = None


class EventHeld(Message):
    """A session took place: somebody was there."""

    about = "session"
    public = True

    session_id: UUID
    learning_event_id: UUID
    held_on: date


class EventHeldWithdrawn(Message):
    """A session was written down as held, and was not."""

    about = "session"
    public = True

    session_id: UUID
    learning_event_id: UUID


class SectorCount(Part):
    """How many of those who were counted are of one sector."""

    sector: Code
    people: int


class HeadCountRecorded(Message):
    """How many people were at a session, where nobody took names. Nobody's attendance."""

    about = "session"
    public = True

    session_id: UUID
    learning_event_id: UUID
    held_on: date
    people: int
    by_sector: tuple[SectorCount, ...] = ()


class CertificateIssued(Message):
    """A person completed a learning event and has a certificate; also when its hours changed."""

    about = "certificate"

    certificate_id: UUID
    person_id: UUID
    learning_event_id: UUID
    hours: float
    verification_hash: Code
    """SHA-256 of the code that is printed on it."""


class CertificateWithdrawn(Message):
    """A certificate does not hold: its person was not there, as a register was put right."""

    about = "certificate"

    certificate_id: UUID
    person_id: UUID
    learning_event_id: UUID


class CertificateLinkIssued(Message):
    """The code by which a person finds their certificate, which they did not ask for."""

    about = "certificate"
    sealed_for = "notifications"

    certificate_id: UUID
    person_id: UUID
    learning_event_id: UUID
    code: str
