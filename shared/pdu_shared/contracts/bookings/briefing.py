"""What bookings tells of briefings: what came of an event, for those who decide; and for managers.

Sealed, because a digest has names in it, and a briefing goes to people.
"""

from datetime import date
from uuid import UUID

from pdu_shared.contracts.message import Message, Part
from pdu_shared.contracts.vocabulary import Channel


class EventBriefingIssued(Message):
    """What somebody who decides about services is to know of a learning event."""

    about = "briefing"
    sealed_for = "notifications"

    briefing_id: UUID
    learning_event_id: UUID
    person_id: UUID
    channel: Channel
    address: str
    name: str
    points: tuple[str, ...]
    """What came of it, in a few sentences that name nobody."""


class DigestLine(Part):
    """What one of the staff came to, who agreed that their manager hears of it."""

    name: str
    event_title: str
    held_on: date
    plans: str | None = None
    """What they want to do with it, in their own words, if they said so."""


class ManagerDigestIssued(Message):
    """What a manager is to know of what their staff came to, as each of them agreed."""

    about = "digest"
    sealed_for = "notifications"

    digest_id: UUID
    person_id: UUID
    channel: Channel
    address: str
    name: str
    period_from: date
    period_to: date
    lines: tuple[DigestLine, ...]
