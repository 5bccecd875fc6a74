"""What the services answer, as far as the pages need it; anything more is left aside."""

from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field


class Term(BaseModel):
    """One code of a list and the words people read for it."""

    code: str
    label: str


class Vocabulary(BaseModel):
    """The lists a booking form offers."""

    sectors: list[Term] = []
    work_fields: list[Term] = []
    role_levels: list[Term] = []
    areas: list[Term] = []
    heard_about: list[Term] = []
    workstreams: list[Term] = []


class Session(BaseModel):
    """One meeting of a learning event."""

    session_id: UUID | None = None
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    mode: str = "in_person"
    place: str | None = None
    capacity: int | None = None
    places_left: int | None = None
    waiting: int = 0


class LearningEvent(BaseModel):
    """What people attend."""

    learning_event_id: UUID
    title: str
    kind: str = "learning_event"
    event_type: str | None = None
    purpose: str | None = None
    level: str | None = None
    workstreams: list[str] = []
    audience: list[str] = []
    state: str = "published"
    sessions: list[Session] = []

    @property
    def open(self) -> bool:
        """Whether a booking can be made at all; full events still take names for the list."""
        now = datetime.now(UTC)
        return self.state == "published" and any(s.starts_at > now for s in self.sessions)

    @property
    def full(self) -> bool:
        """No session has a place left."""
        return bool(self.sessions) and all(s.places_left == 0 for s in self.sessions)


class LearningEvents(BaseModel):
    """A page of what is on."""

    items: list[LearningEvent]


class Place(BaseModel):
    """What a booking gives in one session."""

    session_id: UUID
    state: str
    position: int | None = None


class Booked(BaseModel):
    """The answer to a booking."""

    booking_id: UUID
    state: str
    places: list[Place] = []


class ManagedBooking(BaseModel):
    """One booking, as its own link shows it."""

    booking_id: UUID
    state: str
    title: str = "Your booking"
    sessions: list[Session] = []

    @property
    def cancelled(self) -> bool:
        """Whether the place has been given back."""
        return self.state.startswith("cancelled")


class Envelope(BaseModel):
    """A message on the bus, as its journal keeps it."""

    id: UUID
    source: str
    type: str
    subject: str = ""
    time: AwareDatetime
    recordedtime: AwareDatetime | None = None
    correlationid: UUID | None = None
    data: dict[str, Any] = {}

    @property
    def name(self) -> str:
        """The message's own name: EventBooked of pdu.bookings.EventBooked."""
        return self.type.rpartition(".")[2]

    @property
    def speaker(self) -> str:
        """The service that said it."""
        return self.source.strip("/")


class JournalEntry(BaseModel):
    """A message and its place in the journal."""

    position: int
    message: Envelope
    received_at: AwareDatetime


class Journal(BaseModel):
    """A page of the journal; `next` moves on over messages that are not for everybody."""

    items: list[JournalEntry]
    next: int


class Handled(BaseModel):
    """What a service did with one message."""

    message_id: UUID
    state: Literal["done", "stale", "waiting", "parked"]
    handled_at: AwareDatetime | None = None


class Inbox(BaseModel):
    """What a service did with the messages it was asked about."""

    handled: list[Handled]


class Wrong(BaseModel):
    """One thing that is wrong with what was sent, and where."""

    pointer: str = ""
    detail: str = ""


class Refusal(BaseModel):
    """Problem details: why a service said no."""

    title: str = ""
    detail: str = ""
    code: str = ""
    status: int = 0
    errors: list[Wrong] = Field(default=[])
