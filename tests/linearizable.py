"""Whether what concurrent clients saw could have come from one clerk who serves one at a time.

The search is Wing and Gong's, with Lowe's memory of what has been tried.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

MOST_TRIED = 300_000

S = TypeVar("S", bound=Hashable)


@dataclass(frozen=True)
class Op:
    """What one client did: asked and answered at these times, with this result."""

    asked: float
    answered: float
    name: str
    who: Any
    result: Any


def linearizable(history: Sequence[Op], start: S, step: Callable[[S, Op], tuple[S, Any]]) -> bool:
    """Whether some order explains every result, in which nothing comes before what ended earlier.

    `step` says what the clerk does: the state after an operation, and its result.
    """
    ops = sorted(history, key=lambda op: op.asked)
    tried: set[tuple[int, S]] = set()
    open_ends = [(0, start)]  # which operations are explained (as bits), and the state after them
    everything = (1 << len(ops)) - 1
    while open_ends:
        assert len(tried) < MOST_TRIED, "the history is too long to be searched"
        done, state = open_ends.pop()
        if done == everything:
            return True
        left = [place for place in range(len(ops)) if not done >> place & 1]
        first_end = min(ops[place].answered for place in left)
        for place in left:
            if ops[place].asked > first_end:
                break  # it began when another had ended, so that one comes first
            after, result = step(state, ops[place])
            end = (done | 1 << place, after)
            if result == ops[place].result and end not in tried:
                tried.add(end)
                open_ends.append(end)
    return False
