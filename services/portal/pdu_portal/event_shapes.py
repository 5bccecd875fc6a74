"""What bookings answers about learning events, as far as the pages need it."""

from datetime import UTC, datetime
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from pdu_portal.shapes import Term


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
