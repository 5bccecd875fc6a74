"""A learning event as everybody may see it."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from pdu_bookings.rules.charge import WhoPays
from pdu_bookings.rules.programme import DurationClass, Stage, State
from pdu_shared.contracts.vocabulary import AccessTier, Composition, DeliveryMode, EventKind, Level


class Venue(BaseModel):
    """Where people meet, and how to get there."""

    venue_id: UUID
    name: str
    address: str
    travel: str | None
    access_information: str | None
    city_centre: bool


class Session(BaseModel):
    """A session as everybody may see it."""

    session_id: UUID
    title: str | None
    parallel: str | None
    """Sessions with the same word are at the same time: whoever books chooses one of them."""
    starts_at: datetime
    ends_at: datetime
    mode: DeliveryMode
    place: str
    venue: Venue | None
    capacity: int
    online_capacity: int | None
    places_left: int
    """For everybody; of a hybrid session with places of its own online, those in the room."""
    online_places_left: int | None
    waiting: int
    out_of_hours: bool | None
    recording: bool


class SupportContact(BaseModel):
    """Whom to talk to about what may distress people."""

    name: str
    reach: str


class Price(BaseModel):
    """What a place costs those who pay; `/learning-events/{learning_event_id}/cost` says whom."""

    pence: int
    who_pays: WhoPays
    note: str | None


class LearningEvent(BaseModel):
    """A learning event as everybody may see it."""

    learning_event_id: UUID
    title: str
    kind: EventKind
    event_type: str
    purpose: str | None
    outcomes: list[str]
    level: Level | None
    audience: list[str]
    composition: Composition
    workstreams: list[str]
    aims: list[str]
    topics: list[str]
    topic_source: str | None
    series: str | None
    series_order: int | None
    programme: str | None
    co_delivery: list[str]
    delivered_by: str
    ask: str | None
    content_note: str | None
    support_contact: SupportContact | None
    access_tier: AccessTier
    opens_wider_at: datetime | None
    lived_experience_planned: bool
    cpd_hours: float | None
    refresher_after_months: int | None
    duration_class: DurationClass
    template_id: UUID
    follow_up_of: UUID | None
    state: State
    stage: Stage
    reason_code: str | None
    price: Price | None
    """Null where it costs nobody anything."""
    materials: int
    """How many there are at `/learning-events/{learning_event_id}/materials`."""
    version: int
    sessions: list[Session]
