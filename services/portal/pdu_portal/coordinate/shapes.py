"""What bookings answers to a coordinator, as far as the desk needs it."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from pdu_portal.event_shapes import LearningEvent
from pdu_portal.shapes import Term

EVENT_TYPES = {
    "workshop": "Workshop",
    "seminar": "Seminar",
    "training": "Training",
    "development_day": "Development day",
    "webinar": "Webinar",
    "briefing": "Briefing",
    "refresher": "Refresher",
    "follow_up": "Follow-up",
    "train_the_trainer": "Train the trainer",
}
AUDIENCES = {
    "any": "Anybody",
    "front_line": "Front-line workers",
    "managers": "Managers",
    "senior": "Senior managers",
    "commissioners": "Commissioners",
    "trustees_governors": "Trustees and governors",
    "new_starters": "New starters",
}
MODES = {"in_person": "In person", "online": "Online", "hybrid": "Both"}
STATES = {
    "draft": "Draft",
    "review": "Somebody looks through it",
    "booking_open": "Booking open",
    "full": "Full",
    "closed": "Over, nobody marked yet",
    "in_progress": "Going on",
    "held": "Held",
    "published": "Published",
    "postponed": "Postponed",
    "cancelled": "Cancelled",
    "archived": "Put away",
}
MARKS = {
    "present": "Here",
    "partial": "Part",
    "absent_apologies": "Told us",
    "absent_no_show": "Not here",
}


def terms(words: dict[str, str]) -> list[Term]:
    """A list of ours, as forms take it."""
    return [Term(code=code, label=label) for code, label in words.items()]


class Coming(BaseModel):
    """A session that comes, and how it stands."""

    learning_event_id: UUID
    title: str
    starts_at: datetime
    capacity: int
    booked: int
    waiting: int = 0
    offered: int = 0
    awaiting_approval: int = 0
    needs_to_read: int = 0
    not_ready: int = 0


class RegisterLine(BaseModel):
    """A session whose register is not whole."""

    session_id: UUID
    learning_event_id: UUID
    title: str
    starts_at: datetime
    booked: int = 0
    present: int = 0


class Overview(BaseModel):
    """The day at a glance."""

    coming: list[Coming] = []
    drafts: int = 0
    in_review: int = 0
    registers_missing: list[RegisterLine] = []


class Registers(BaseModel):
    """Those of a day."""

    items: list[RegisterLine] = []


class EventLine(BaseModel):
    """A learning event in the list."""

    learning_event_id: UUID
    title: str
    state: str
    starts_at: datetime | None = None
    capacity: int = 0
    taken: int = 0
    waiting: int = 0


class EventLines(BaseModel):
    """A page of the list."""

    items: list[EventLine] = []
    next: UUID | None = None


class Managed(LearningEvent):
    """A learning event with what only a coordinator looks at."""

    stage: str = ""
    version: int = 0
    without_lived_experience_because: str | None = None


class Waiting(BaseModel):
    """Somebody who waits."""

    booking_id: UUID
    position: int
    put_first: bool = False
    asked_at: datetime
    sector: str = ""


class Share(BaseModel):
    """An organisation that holds many of the places."""

    organisation: str
    places: int
    share: float


class Places(BaseModel):
    """Who has places, and who waits."""

    bookings: dict[str, int] = {}
    waiting: list[Waiting] = []
    large_shares: list[Share] = []


class Booked(BaseModel):
    """A booking with a name."""

    booking_id: UUID
    learning_event_id: UUID
    name: str | None = None
    address: str | None = None
    organisation: str | None = None
    sector: str = ""
    state: str
    booked_at: datetime
    title: str = ""


class BookedPage(BaseModel):
    """Bookings, the newest first."""

    items: list[Booked] = []


class Assignment(BaseModel):
    """Somebody who speaks, or is asked to."""

    assignment_id: UUID | None = None
    name: str | None = None
    organisation: str | None = None
    published_name: str | None = None
    role: str
    state: str
    brief_acknowledged: int | None = None


class Assignments(BaseModel):
    """Who speaks."""

    items: list[Assignment] = []


class Readiness(BaseModel):
    """How ready those are who share their experience."""

    engaged: int = 0
    ready: int = 0
    missing: dict[str, int] = {}
    warning: bool = False
