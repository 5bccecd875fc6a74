"""Who may book a learning event at this moment, before places are counted."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pdu_shared.contracts.vocabulary import AccessTier

LOCAL_AREAS: AbstractSet[str] = frozenset({"nottingham_city", "nottinghamshire"})
"""Where nothing else is set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a learning event asks of those who book it."""

    tier: AccessTier = AccessTier.OPEN
    opens_wider_at: datetime | None = None
    booking_closed_at: datetime | None = None
    invited: AbstractSet[UUID] = frozenset()
    """The people who may book a follow-up first."""
    invited_until: datetime | None = None
    members: AbstractSet[UUID] | None = None
    """The members of its community, where nobody else comes."""
    local_areas: AbstractSet[str] = LOCAL_AREAS


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who asks for a place: who they are, and where their organisation works."""

    person_id: UUID
    area: str


def may_book(event: Access, person: Asker, now: datetime) -> str | None:
    """Why this person cannot book now, in words for them; None when they can."""
    if event.booking_closed_at and now >= event.booking_closed_at:
        return "Booking for this event is closed."
    if event.members is not None and person.person_id not in event.members:
        return (
            "This session is for the members of its community. "
            "Join the community, and you have a place in each of its sessions."
        )
    if person.area not in event.local_areas:
        if event.tier is AccessTier.LOCAL_ONLY:
            return "This event is for people who work in our area."
        if event.opens_wider_at and now < event.opens_wider_at:
            return (
                "At first this event is for people who work in our area. "
                "It opens to everybody later."
            )
    if event.invited_until and now < event.invited_until and person.person_id not in event.invited:
        return (
            "Those who came to the first event are invited to this one before others. "
            "It opens to everybody later."
        )
    return None
