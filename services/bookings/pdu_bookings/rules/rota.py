"""Whose turn it is to convene a session of a Community of Practice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Commitment:
    """What a member has promised: so many sessions, between these days."""

    membership_id: UUID
    sessions: int
    starts_on: date
    ends_on: date


def turns(promised: Sequence[Commitment], days: Sequence[date]) -> list[UUID | None]:
    """Who convenes the session on each of these days, which are in their order. None is a gap.

    Whoever has had the fewest turns comes next, in the order of the rota, within their promise.
    """
    had: Counter[int] = Counter()
    answer: list[UUID | None] = []
    for day in days:
        able = [
            number
            for number, one in enumerate(promised)
            if one.starts_on <= day <= one.ends_on and had[number] < one.sessions
        ]
        following = min(able, key=lambda number: had[number], default=None)
        if following is not None:
            had[following] += 1
        answer.append(None if following is None else promised[following].membership_id)
    return answer
