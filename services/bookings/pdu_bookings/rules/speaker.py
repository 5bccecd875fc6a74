"""Those who offer to speak or to facilitate, and those who are asked to."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from pdu_shared.contracts.bookings.topic_words import RecordingConsent

KEPT_AFTERWARDS = timedelta(days=28)
"""How long after an answer, or after the session, we can still reach somebody."""

OFFER_KEPT = timedelta(days=365)
"""An offer that nobody took up is forgotten after a year."""


class OfferState(StrEnum):
    """Where an offer is on its way."""

    RECEIVED = "received"
    SHORTLISTED = "shortlisted"
    MATCHED = "matched"
    DECLINED = "declined"
    ANSWERED = "answered"


class AssignmentState(StrEnum):
    """What has become of asking somebody."""

    INVITED = "invited"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


_NEXT: Mapping[OfferState, frozenset[OfferState]] = {
    OfferState.RECEIVED: frozenset(
        {OfferState.SHORTLISTED, OfferState.MATCHED, OfferState.DECLINED, OfferState.ANSWERED}
    ),
    OfferState.SHORTLISTED: frozenset(
        {OfferState.MATCHED, OfferState.DECLINED, OfferState.ANSWERED}
    ),
    OfferState.MATCHED: frozenset({OfferState.MATCHED, OfferState.ANSWERED}),
    OfferState.DECLINED: frozenset({OfferState.SHORTLISTED, OfferState.ANSWERED}),
    OfferState.ANSWERED: frozenset(),
}


def may_become(state: OfferState, next_state: OfferState) -> bool:
    """Whether an offer in this state may come into the other one."""
    return next_state in _NEXT[state]


def why_not_confirm(
    state: AssignmentState, ends_at: datetime, *, named: bool, now: datetime
) -> str | None:
    """Why somebody cannot say yes any more, in words for them; None while they can.

    Who said yes takes their name back whenever they like.
    """
    if state is AssignmentState.WITHDRAWN:
        return "You said no, or we took the invitation back. Write to us if you would come."
    if now >= ends_at and (named or state is not AssignmentState.CONFIRMED):
        return "This session is over."
    return None


def consent_after(state: RecordingConsent, *, agrees: bool) -> RecordingConsent:
    """Whether somebody may be recorded, after they said so. They may change their mind."""
    if agrees:
        return RecordingConsent.GIVEN
    if state in {RecordingConsent.GIVEN, RecordingConsent.WITHDRAWN}:
        return RecordingConsent.WITHDRAWN
    return RecordingConsent.REFUSED


def offer_forgotten_on(today: date, *, answered: bool) -> date:
    """When the name, the address and the words of an offer are deleted."""
    return today + (KEPT_AFTERWARDS if answered else OFFER_KEPT)


def speaker_forgotten_on(last_day: date) -> date:
    """When the name and address of somebody who spoke on this day are deleted."""
    return last_day + KEPT_AFTERWARDS
