"""The way from what people said to that they hear what came of it."""

from collections.abc import Mapping

from pdu_shared.contracts.resources.change import SaidState

_SAID, _SHARED = SaidState.SAID, SaidState.SHARED_WITH_ORGANISATION
_COMMITTED, _GOING = SaidState.COMMITTED, SaidState.IN_PROGRESS
_DONE, _NOT_DONE = SaidState.DONE, SaidState.NOT_DONE_WITH_REASON

_NEXT: Mapping[SaidState, frozenset[SaidState]] = {
    _SAID: frozenset({_SHARED, _COMMITTED, _GOING, _DONE, _NOT_DONE}),
    _SHARED: frozenset({_COMMITTED, _GOING, _DONE, _NOT_DONE}),
    _COMMITTED: frozenset({_GOING, _DONE, _NOT_DONE}),
    _GOING: frozenset({_DONE, _NOT_DONE}),
    # What was not done can be done after all; what is done has to be told to those who said it.
    _NOT_DONE: frozenset({_COMMITTED, _GOING, _DONE, SaidState.FED_BACK}),
    _DONE: frozenset({SaidState.FED_BACK}),
    SaidState.FED_BACK: frozenset({_GOING, _DONE}),
}
NEEDS_WORDS = frozenset({_DONE, _NOT_DONE})
"""What was done, or why it was not, has to be said."""


def may_become(state: SaidState, following: SaidState) -> bool:
    """Whether a way leads from one state to another."""
    return following in _NEXT[state]


def ways_from(state: SaidState) -> list[SaidState]:
    """The states that may follow, in the order of the way."""
    return [one for one in SaidState if one in _NEXT[state]]
