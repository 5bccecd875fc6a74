"""Who sits at which table, when some people are not to sit together. Nobody has to say why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

MOST_TRIES = 20_000
"""So many placements are tried before we say that there is no way."""


class WhyNot(StrEnum):
    """Why there is no way to seat everybody."""

    TOO_FEW_SEATS = "too_few_seats"
    TOO_MANY_APART = "too_many_apart"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who are not to sit together."""

    one_id: UUID
    other_id: UUID


def seating(
    people: Sequence[UUID], apart: Collection[Pair], *, tables: int, seats: int
) -> list[list[UUID]] | WhyNot:
    """People at tables of so many seats, about as many at each, or why that cannot be."""
    if len(people) > tables * seats:
        return WhyNot.TOO_FEW_SEATS
    never_with = _never_with(people, apart)
    delicate = sorted(never_with, key=lambda one: (-len(never_with[one]), one))
    plan = _Plan(never_with, seats, [[] for _ in range(tables)])
    if not plan.place(delicate):
        return WhyNot.TOO_MANY_APART
    for one in people:
        if one not in never_with:
            min(plan.tables, key=len).append(one)
    return plan.tables


def _never_with(people: Sequence[UUID], apart: Collection[Pair]) -> dict[UUID, set[UUID]]:
    """Those of these people who are to be kept apart, each with from whom."""
    here = set(people)
    never_with: dict[UUID, set[UUID]] = {}
    for pair in apart:
        if {pair.one_id, pair.other_id} <= here:
            never_with.setdefault(pair.one_id, set()).add(pair.other_id)
            never_with.setdefault(pair.other_id, set()).add(pair.one_id)
    return never_with


@dataclass(slots=True)
class _Plan:
    never_with: Mapping[UUID, set[UUID]]
    seats: int
    tables: list[list[UUID]]
    tries: int = field(default=0)

    def place(self, delicate: Sequence[UUID]) -> bool:
        """Whether there was a way to seat these, the most difficult first."""
        if not delicate:
            return True
        one, *others = delicate
        for table in self._tables_for(one):
            self.tries += 1
            if self.tries > MOST_TRIES:
                return False
            table.append(one)
            if self.place(others):
                return True
            table.pop()
        return False

    def _tables_for(self, one: UUID) -> list[list[UUID]]:
        """Where this person may sit, the emptiest first. Of empty tables one will do."""
        free = [
            table
            for table in self.tables
            if table and len(table) < self.seats and self.never_with[one].isdisjoint(table)
        ]
        empty = [table for table in self.tables if not table][:1]
        return [*empty, *sorted(free, key=len)]
