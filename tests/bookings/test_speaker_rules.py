"""What becomes of offers and invitations, as tables."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pdu_bookings.rules.speaker import (
    AssignmentState,
    OfferState,
    consent_after,
    may_become,
    offer_forgotten_on,
    speaker_forgotten_on,
    why_not_confirm,
)

NOON = datetime(2028, 3, 1, 12, tzinfo=UTC)
WAYS = {
    "received": "shortlisted matched declined answered",
    "shortlisted": "matched declined answered",
    "matched": "matched answered",
    "declined": "shortlisted answered",
    "answered": "",
}


@pytest.mark.parametrize("state", OfferState)
def test_an_offer_goes_these_ways_and_no_others(state):
    assert {one for one in OfferState if may_become(state, one)} == set(WAYS[state].split())


def test_one_may_say_yes_until_the_session_is_over_unless_one_said_no():
    over = NOON + timedelta(hours=1)
    for state in (AssignmentState.INVITED, AssignmentState.CONFIRMED):
        assert why_not_confirm(state, over, named=True, now=NOON) is None
        assert why_not_confirm(state, over, named=True, now=over) == "This session is over."
    assert why_not_confirm(AssignmentState.WITHDRAWN, over, named=False, now=NOON)


def test_when_it_is_over_one_may_be_named_no_more_but_not_say_yes():
    assert why_not_confirm(AssignmentState.CONFIRMED, NOON, named=False, now=NOON) is None
    assert why_not_confirm(AssignmentState.INVITED, NOON, named=False, now=NOON)


@pytest.mark.parametrize(
    ("state", "yes", "no"),
    [
        ("asked", "given", "refused"),
        ("refused", "given", "refused"),
        ("given", "given", "withdrawn"),
        ("withdrawn", "given", "withdrawn"),
    ],
)
def test_one_may_change_ones_mind_about_being_recorded(state, yes, no):
    assert (consent_after(state, agrees=True), consent_after(state, agrees=False)) == (yes, no)


def test_people_are_forgotten_four_weeks_afterwards():
    leap_day = date(2028, 2, 29)
    assert offer_forgotten_on(leap_day, answered=True) == date(2028, 3, 28)
    assert offer_forgotten_on(leap_day, answered=False) == date(2029, 2, 28)
    assert speaker_forgotten_on(leap_day) == date(2028, 3, 28)
