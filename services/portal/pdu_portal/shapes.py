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
    title: str | None = None
    parallel: str | None = None
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    mode: str = "in_person"
    place: str | None = None
    capacity: int | None = None
    places_left: int | None = None
    online_places_left: int | None = None
    waiting: int = 0
    recording: bool = False


class SupportContact(BaseModel):
    """Whom to talk to about what may distress."""

    name: str
    reach: str


class Price(BaseModel):
    """What a place costs those who pay."""

    pence: int
    who_pays: str
    note: str | None = None


class LearningEvent(BaseModel):
    """What people attend."""

    learning_event_id: UUID
    title: str
    kind: str = "learning_event"
    event_type: str | None = None
    purpose: str | None = None
    level: str | None = None
    outcomes: list[str] = []
    workstreams: list[str] = []
    audience: list[str] = []
    delivered_by: str | None = None
    lived_experience_planned: bool = False
    ask: str | None = None
    content_note: str | None = None
    price: Price | None = None
    support_contact: SupportContact | None = None
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
        return bool(self.sessions) and all(
            s.places_left == 0 and not s.online_places_left for s in self.sessions
        )

    @property
    def choices(self) -> dict[str, list[Term]]:
        """The sessions at the same time, of which one is chosen, by the word that they share."""
        found: dict[str, list[Term]] = {}
        for one in self.sessions:
            if one.parallel:
                label = (
                    f"{one.title or one.place or one.mode}{'' if one.places_left else ' (full)'}"
                )
                found.setdefault(one.parallel, []).append(
                    Term(code=str(one.session_id), label=label)
                )
        return found

    @property
    def ways(self) -> list[Term]:
        """How one can come, where people have to say so."""
        if all(session.online_places_left is None for session in self.sessions):
            return []
        return [Term(code="in_person", label="In person"), Term(code="online", label="Online")]


class Speaker(BaseModel):
    """Somebody who agreed to be named."""

    session_id: UUID
    role: str
    name: str
    organisation: str | None = None


class Speakers(BaseModel):
    """Who speaks at a learning event, or runs it."""

    items: list[Speaker] = []


class LearningEvents(BaseModel):
    """A page of what is on."""

    items: list[LearningEvent]
    next: UUID | None = None


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


class JoinOnline(BaseModel):
    """Where an online session is joined."""

    session_id: UUID
    joining_link: str


class ManagedBooking(BaseModel):
    """One booking, as its own link shows it."""

    booking_id: UUID
    state: str
    position: int | None = None
    offer_expires_at: AwareDatetime | None = None
    can: list[str] = []
    join_online: list[JoinOnline] = []
    session_ids: list[UUID] = []
    learning_event: LearningEvent

    def chosen(self, terms: list[Term]) -> str:
        """Which of the sessions at the same time they come to."""
        ids = {str(session_id) for session_id in self.session_ids}
        return next((term.code for term in terms if term.code in ids), "")

    @property
    def cancelled(self) -> bool:
        """Whether the place has been given back."""
        return self.state.startswith("cancelled")

    def joining_link(self, session: Session) -> str | None:
        """Where to join a session, if it is shown already."""
        return next(
            (
                one.joining_link
                for one in self.join_online
                if one.session_id == session.session_id and one.joining_link.startswith("https://")
            ),
            None,
        )

    @property
    def begun(self) -> bool:
        """Whether a session has begun, so that there may be a certificate."""
        return any(
            session.starts_at <= datetime.now(UTC) for session in self.learning_event.sessions
        )


class Meeting(BaseModel):
    """When and where a community meets."""

    starts_at: AwareDatetime
    place: str


class Community(BaseModel):
    """People who meet regularly."""

    name: str
    purpose: str = ""
    next_session: Meeting | None = None


class Fellow(BaseModel):
    """A member whom other members may see."""

    name: str
    organisation: str | None = None


class Membership(BaseModel):
    """How somebody belongs to a community, as their own link shows it."""

    state: Literal["invited", "active", "on_break", "left"]
    shares_name: bool = False
    community: Community
    fellows: list[Fellow] = []


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
    code: str = ""
    detail: str = ""


class Refusal(BaseModel):
    """Problem details: why a service said no."""

    title: str = ""
    detail: str = ""
    code: str = ""
    status: int = 0
    errors: list[Wrong] = Field(default=[])
