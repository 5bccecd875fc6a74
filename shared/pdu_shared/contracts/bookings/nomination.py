"""What bookings tells of nominations, and of what people change about a booking."""

from uuid import UUID

from pdu_shared.contracts.message import Code, Message
from pdu_shared.contracts.vocabulary import Channel


class BookingChanged(Message):
    """What somebody told with their booking is different now."""

    about = "booking"

    booking_id: UUID
    learning_event_id: UUID
    person_id: UUID
    organisation_id: UUID | None = None
    """The organisation as it is now."""
    changes: tuple[Code, ...]
    """What is different: `organisation`, `share_with_attendees`, `prior_knowledge`, `answers`,
    `intention`."""


class NominationLinkIssued(Message):
    """Somebody was nominated for a learning event, and may say yes or no with this token."""

    about = "nomination"
    sealed_for = "notifications"

    nomination_id: UUID
    learning_event_id: UUID
    session_ids: tuple[UUID, ...]
    person_id: UUID
    channel: Channel
    address: str
    name: str
    token: str
