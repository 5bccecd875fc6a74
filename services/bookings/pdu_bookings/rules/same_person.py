"""Which booking, and which membership, stays when two people turn out to be one."""

from collections.abc import Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from pdu_shared.contracts.vocabulary import MembershipState, PlaceState

_State = TypeVar("_State")

_NEAREST_TO_A_PLACE = (
    PlaceState.CONFIRMED,
    PlaceState.AWAITING_APPROVAL,
    PlaceState.OFFERED,
    PlaceState.WAITLISTED,
)
_NEAREST_TO_BELONGING = (
    MembershipState.ACTIVE,
    MembershipState.ON_BREAK,
    MembershipState.INVITED,
)


def stays(bookings: Mapping[UUID, PlaceState]) -> UUID:
    """Of the active bookings of one person: the one nearest to a place, then the older one."""
    return _first(bookings, _NEAREST_TO_A_PLACE)


def membership_stays(memberships: Mapping[UUID, MembershipState]) -> UUID:
    """Of one person's in one community: whoever belongs before whoever does not, then the older."""
    return _first(memberships, _NEAREST_TO_BELONGING)


def _first(standing: Mapping[UUID, _State], best_first: Sequence[_State]) -> UUID:
    return min(standing, key=lambda one: (best_first.index(standing[one]), one))
