"""What becomes of something that somebody took on: an action, an objective, a commitment."""

from collections.abc import Mapping
from datetime import date

from pdu_shared.contracts.resources.steering import UndertakingState

_DONE, _NOT_DONE = UndertakingState.DONE, UndertakingState.NOT_DONE
_PARTLY, _NO_ANSWER = UndertakingState.PARTLY, UndertakingState.NO_ANSWER
_INTENDED, _REMINDED = UndertakingState.INTENDED, UndertakingState.REMINDED

_NEXT: Mapping[UndertakingState, frozenset[UndertakingState]] = {
    _INTENDED: frozenset({_REMINDED, _DONE, _PARTLY, _NOT_DONE, _NO_ANSWER}),
    _REMINDED: frozenset({_DONE, _PARTLY, _NOT_DONE, _NO_ANSWER}),
    _PARTLY: frozenset({_REMINDED, _DONE, _NOT_DONE, _NO_ANSWER}),
    # Somebody may answer after all, and a mistake be put right; nothing is forgotten by that.
    _NO_ANSWER: frozenset({_REMINDED, _DONE, _PARTLY, _NOT_DONE}),
    _NOT_DONE: frozenset({_PARTLY, _DONE}),
    _DONE: frozenset({_PARTLY}),
}


def may_become(state: UndertakingState, following: UndertakingState) -> bool:
    """Whether a way leads from one state to another. To stay as it is always may be."""
    return following is state or following in _NEXT[state]


def is_open(state: UndertakingState) -> bool:
    """Whether there is still something to do."""
    return state not in (_DONE, _NOT_DONE)


def is_overdue(state: UndertakingState, due_on: date, today: date) -> bool:
    """Whether it should have been done by now."""
    return is_open(state) and due_on < today
