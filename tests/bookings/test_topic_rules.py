"""What becomes of topics, as a table."""

from datetime import date

import pytest

from pdu_bookings.rules.topic import (
    can_be_backed,
    forgotten_on,
    may_become,
    takes_in,
    with_backers,
)
from pdu_shared.contracts.bookings.topic_words import TopicState

WAYS = {
    "received": "merged backed planned scheduled declined_with_reason",
    "backed": "merged planned scheduled declined_with_reason",
    "planned": "merged scheduled declined_with_reason",
    "scheduled": "planned answered",
    "declined_with_reason": "planned answered",
    "merged": "",
    "answered": "",
}


@pytest.mark.parametrize("state", TopicState)
def test_a_topic_goes_these_ways_and_no_others(state):
    assert {one for one in TopicState if may_become(state, one)} == set(WAYS[state].split())


def test_a_topic_is_backed_while_nothing_has_been_decided():
    assert {one for one in TopicState if can_be_backed(one)} == {"received", "backed", "planned"}


def test_the_first_backer_makes_a_received_topic_a_backed_one():
    assert with_backers(TopicState.RECEIVED, 0) is TopicState.RECEIVED
    assert with_backers(TopicState.RECEIVED, 1) is TopicState.BACKED
    assert with_backers(TopicState.PLANNED, 5) is TopicState.PLANNED


def test_nothing_is_merged_into_what_has_been_answered():
    assert {one for one in TopicState if not takes_in(one)} == {"merged", "answered"}


def test_an_address_is_forgotten_four_weeks_after_the_answer_and_never_kept_for_ever():
    today = date(2028, 2, 29)
    assert forgotten_on(today, answered=True) == date(2028, 3, 28)
    assert forgotten_on(today, answered=False) == date(2029, 2, 28)
