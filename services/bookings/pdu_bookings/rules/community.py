"""How a Community of Practice comes into being, changes and ends, and who belongs to it."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import timedelta

from pdu_shared.contracts.vocabulary import CommunityState, MembershipState

SECONDS_NEEDED = 3
"""So many people besides the one who proposes it must want a community before it forms."""

BELONGS = frozenset({MembershipState.ACTIVE, MembershipState.ON_BREAK})
"""Who is a member; an invited person may still say no."""

CONTACT_KEPT_FOR = timedelta(days=28)
"""How long a name and address are kept of whoever left, or was invited and did not answer."""

WORDS_KEPT_FOR = timedelta(days=365)
"""How long it is kept what people meant to do, after it was done or dropped."""

_LIFE: Mapping[CommunityState, frozenset[CommunityState]] = {
    CommunityState.PROPOSED: frozenset({CommunityState.FORMING, CommunityState.CLOSED}),
    CommunityState.FORMING: frozenset({CommunityState.ACTIVE, CommunityState.CLOSED}),
    CommunityState.ACTIVE: frozenset(
        {CommunityState.PAUSED, CommunityState.WORKING_GROUP, CommunityState.CLOSED}
    ),
    CommunityState.PAUSED: frozenset({CommunityState.ACTIVE, CommunityState.CLOSED}),
    CommunityState.WORKING_GROUP: frozenset({CommunityState.CLOSED}),
    CommunityState.CLOSED: frozenset(),
}

_LONGEST_KEY = 64


def key_of(name: str) -> str:
    """The key that a name gives: `housing_first` for Housing First. Empty if it gives none."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain)[:_LONGEST_KEY].strip("_")


def forms(state: CommunityState, seconds: int) -> bool:
    """Whether enough people want a proposed community for it to form."""
    return state is CommunityState.PROPOSED and seconds >= SECONDS_NEEDED


def why_it_cannot_become(state: CommunityState, wanted: CommunityState) -> str | None:
    """Why a community does not go on to another state; None when it may, or is there already."""
    possible = _LIFE[state]
    if wanted is state or wanted in possible:
        return None
    if not possible:
        return "This community is closed: propose a new one."
    words = " or ".join(sorted(map(_plain, possible)))
    return f"From {_plain(state)} a community can only become {words}."


def why_nobody_joins(state: CommunityState) -> str | None:
    """Why a community takes no members; None when it does."""
    match state:
        case CommunityState.PROPOSED:
            return "This community is only proposed: second it, and it comes sooner."
        case CommunityState.CLOSED:
            return "This community has closed."
        case _:
            return None


def why_it_does_not_meet(state: CommunityState) -> str | None:
    """Why a community opens no sessions; None when it does."""
    if state is CommunityState.PAUSED:
        return "This community is paused: make it active first."
    return why_nobody_joins(state)


def why_it_stays(state: MembershipState, wanted: MembershipState) -> str | None:
    """Why somebody does not belong in another way from now on; None when they may, or do."""
    if wanted is state:
        return None
    match state:
        case MembershipState.LEFT:
            return "This membership has ended: join again with the form."
        case MembershipState.INVITED if wanted is not MembershipState.LEFT:
            return "Accept the invitation first."
        case _:
            return None


def _plain(state: CommunityState) -> str:
    return state.replace("_", " ")
