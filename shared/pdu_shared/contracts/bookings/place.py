"""What bookings tells of places: who holds one, who waits, who gave theirs back."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime

from pdu_shared.contracts.message import Code, Message, Part
from pdu_shared.contracts.vocabulary import BookingChannel, CancelledBy, Channel

SAME_PERSON = "same_person"
"""The reason for which one of two bookings ends that turn out to be of one person."""


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
    channel: BookingChannel | None = None
    """How they asked; None where records of the past do not say."""
    on_behalf: bool | None = None
    """Whether somebody else asked for them."""
    reachable: bool | None = None
    """False for somebody who can be reached in no way: nobody writes to them."""
    rechosen_at: AwareDatetime | None = None
    """When they chose others of the parallel sessions; None when they first have the place."""


class BookingWaitlisted(Message):
    """A person waits for a place, because a session is full."""

    about = "booking"

    booking_id: UUID
    learning_event_id: UUID
    session_ids: tuple[UUID, ...]
    person_id: UUID
    position: int
    reachable: bool | None = None
    """False for somebody who can be reached in no way: nobody writes to them."""


class BookingCancelled(Message):
    """A booking, or a place in the waiting list, was given back."""

    about = "booking"
    public = True

    booking_id: UUID
    learning_event_id: UUID
    person_id: UUID
    by: CancelledBy
    late: bool = False
    """Whether a confirmed place came back less than two days before the start."""
    reason_code: Code | None = None


class WaitlistPlaceOffered(Message):
    """A place came free, and is kept for a person who waited until the offer expires."""

    about = "booking"

    booking_id: UUID
    learning_event_id: UUID
    session_ids: tuple[UUID, ...]
    person_id: UUID
    offer_expires_at: AwareDatetime


class WaitlistOfferDeclined(Message):
    """A person did not want the place that was offered, and waits no longer."""

    about = "booking"

    booking_id: UUID
    learning_event_id: UUID
    person_id: UUID


class WaitlistOfferExpired(Message):
    """An offer was not answered in time. Who still wants to come asks again."""

    about = "booking"

    booking_id: UUID
    learning_event_id: UUID
    person_id: UUID


class WaitlistOpened(Message):
    """So near to the start that nobody is asked any more: who comes first has the place."""

    about = "booking"

    booking_id: UUID
    """Of a person who waits."""
    learning_event_id: UUID
    session_ids: tuple[UUID, ...]
    person_id: UUID
    opened_at: AwareDatetime


class BookingRequested(Message):
    """A person asks for a place that somebody has to approve; meanwhile it is kept for them."""

    about = "booking"

    booking_id: UUID
    learning_event_id: UUID
    session_ids: tuple[UUID, ...]
    person_id: UUID


class BookingDeclined(Message):
    """A place that a person asked for was not approved."""

    about = "booking"

    booking_id: UUID
    learning_event_id: UUID
    person_id: UUID
    reason_code: Code | None = None


class SessionCapacityChanged(Message):
    """A session has another number of places."""

    about = "session"
    public = True

    session_id: UUID
    learning_event_id: UUID
    capacity: int
    online_capacity: int | None = None


class ContactPoint(Part):
    """A way to reach somebody, and where it leads: a number, an address, or through whom."""

    channel: Channel
    address: str


class BookingLinkIssued(Message):
    """How to reach the person who booked, and the token with which they manage that booking."""

    about = "booking"
    sealed_for = "notifications"

    booking_id: UUID
    person_id: UUID
    channel: Channel
    """How they wish to hear from us."""
    address: str
    name: str
    token: str
    also: tuple[ContactPoint, ...] = ()
    """Other ways to reach them."""
    arranged_by: UUID | None = None
    """Who booked for them, and may tell them what there is to tell."""
