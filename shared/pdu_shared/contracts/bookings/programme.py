"""What bookings tells of the programme: learning events, their sessions, and what binds them."""

from uuid import UUID

from pydantic import AwareDatetime

from pdu_shared.contracts.message import Code, Message, Wording
from pdu_shared.contracts.vocabulary import (
    AccessTier,
    Composition,
    DeliveryMode,
    EventKind,
    Level,
    SeriesKind,
)


class _LearningEvent(Message):
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
    series: Code | None = None
    """The key of the community or series that it belongs to."""
    series_order: int | None = None
    programme: Code | None = None
    outcomes: tuple[Wording, ...] = ()
    composition: Composition | None = None
    aims: tuple[Code, ...] = ()
    topics: tuple[Code, ...] = ()
    topic_source: Code | None = None
    co_delivery: tuple[Wording, ...] = ()
    """The organisations that deliver it with the PDU."""
    access_tier: AccessTier | None = None
    opens_wider_at: AwareDatetime | None = None
    lived_experience_planned: bool | None = None
    template_id: UUID | None = None
    """Shared by learning events that were copied from one another."""
    follow_up_of: UUID | None = None


class EventDrafted(Message):
    """A learning event is being planned. What it is called is told when it is published."""

    about = "learning_event"

    learning_event_id: UUID
    kind: EventKind
    event_type: Code
    workstreams: tuple[Code, ...] = ()
    series: Code | None = None
    programme: Code | None = None
    template_id: UUID | None = None
    """Shared by learning events that were copied from one another."""
    follow_up_of: UUID | None = None


class EventPublished(_LearningEvent):
    """A learning event is open for booking."""


class EventUpdated(_LearningEvent):
    """A published learning event is described otherwise than before."""

    changed_fields: tuple[Code, ...]


class EventPostponed(Message):
    """A learning event will not take place when it was to; its new date is told later."""

    about = "learning_event"
    public = True

    learning_event_id: UUID
    reason_code: Code


class EventCancelled(Message):
    """A learning event will not take place."""

    about = "learning_event"
    public = True

    learning_event_id: UUID
    reason_code: Code


class _Session(Message):
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
    out_of_hours: bool | None = None
    ical_sequence: int | None = None
    """Grows with each change that calendars have to learn of."""


class SessionScheduled(_Session):
    """A session of a published learning event has a time and a place."""


class SessionRescheduled(_Session):
    """A session has another time or another place than before."""

    previous_starts_at: AwareDatetime
    previous_ends_at: AwareDatetime
    previous_place: Wording


class SessionMovedOnline(_Session):
    """A session to which people were to come in person is online now."""

    previous_mode: DeliveryMode
    previous_place: Wording


class SeriesDefined(Message):
    """There is a series or a programme with this key."""

    about = "series"
    public = True

    series_id: UUID
    key: Code
    kind: SeriesKind
    title: Wording


class FollowUpEventLinked(Message):
    """A learning event takes up what another began."""

    about = "learning_event"
    public = True

    learning_event_id: UUID
    original_id: UUID


class FollowUpInvited(Message):
    """Somebody who was at the original may book its follow-up before others."""

    about = "follow_up_invitation"

    follow_up_invitation_id: UUID
    learning_event_id: UUID
    original_id: UUID
    person_id: UUID
    until: AwareDatetime
