"""What becomes of a topic that somebody suggested."""

from collections.abc import Mapping
from datetime import date, timedelta

from pdu_shared.contracts.bookings.topic_words import TopicState

KEPT_AFTER_ANSWER = timedelta(days=28)
"""How long we can still be asked about an answer; then who suggested the topic is forgotten."""

KEPT_WITHOUT_ANSWER = timedelta(days=365)
"""Nobody waits longer for an answer, and no address is kept for ever."""

_NEXT: Mapping[TopicState, frozenset[TopicState]] = {
    TopicState.RECEIVED: frozenset(
        {
            TopicState.MERGED,
            TopicState.BACKED,
            TopicState.PLANNED,
            TopicState.SCHEDULED,
            TopicState.DECLINED_WITH_REASON,
        }
    ),
    TopicState.BACKED: frozenset(
        {
            TopicState.MERGED,
            TopicState.PLANNED,
            TopicState.SCHEDULED,
            TopicState.DECLINED_WITH_REASON,
        }
    ),
    TopicState.PLANNED: frozenset(
        {TopicState.MERGED, TopicState.SCHEDULED, TopicState.DECLINED_WITH_REASON}
    ),
    # An event can be called off, and a refusal can be thought over.
    TopicState.SCHEDULED: frozenset({TopicState.PLANNED, TopicState.ANSWERED}),
    TopicState.DECLINED_WITH_REASON: frozenset({TopicState.PLANNED, TopicState.ANSWERED}),
    TopicState.MERGED: frozenset(),
    TopicState.ANSWERED: frozenset(),
}

_OPEN = frozenset({TopicState.RECEIVED, TopicState.BACKED, TopicState.PLANNED})


def may_become(state: TopicState, next_state: TopicState) -> bool:
    """Whether a topic in this state may come into the other one."""
    return next_state in _NEXT[state]


def can_be_backed(state: TopicState) -> bool:
    """Whether it still helps to say: I would come."""
    return state in _OPEN


def with_backers(state: TopicState, backers: int) -> TopicState:
    """The state of a topic that so many people stand behind."""
    return TopicState.BACKED if state is TopicState.RECEIVED and backers else state


def takes_in(state: TopicState) -> bool:
    """Whether another topic may be merged into one in this state: all in it are answered as one."""
    return state not in {TopicState.MERGED, TopicState.ANSWERED}


def forgotten_on(today: date, *, answered: bool) -> date:
    """When the name and address of who suggested a topic are deleted."""
    return today + (KEPT_AFTER_ANSWER if answered else KEPT_WITHOUT_ANSWER)
