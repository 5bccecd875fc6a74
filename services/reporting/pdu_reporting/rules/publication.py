"""What of a list may be published, and when a list that was published may be told anew.

A list is a figure in a project year that is over, cut by one thing, with its total. It is told
once: who reads an older publication beside a newer one finds nothing that neither of them shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pdu_reporting.rules.withholding import Code


@dataclass(frozen=True, slots=True)
class Told:
    """A list as readers have it."""

    total: int | None
    """None when it is withheld."""
    numbers: Mapping[Code, int]
    hidden: frozenset[Code] | None
    """Which numbers are withheld; None when not even their names are shown."""

    @property
    def rest(self) -> int | None:
        """What the withheld numbers add up to, as readers can work out."""
        return None if self.total is None else self.total - sum(self.numbers.values())


def rounded_down(number: int, limit: int) -> int:
    """A number of which changes by fewer than the limit are not to be seen."""
    return number - number % limit


def may_replace(before: Told, after: Told, limit: int) -> bool:
    """Whether the two side by side tell nobody of a change of fewer people than the limit.

    What was withheld before has to be withheld after.
    """
    if before.total is None or after.total is None:
        return False
    if before.hidden is None or after.hidden is None:
        return before.hidden == after.hidden and _tells_of_nobody(before.total, after.total, limit)
    if not before.hidden <= after.hidden:
        return False
    pairs = [
        (before.numbers.get(code, 0), after.numbers.get(code, 0))
        for code in {*before.numbers, *after.numbers} - after.hidden
    ]
    out_of_sight = sum(before.numbers.get(code, 0) for code in after.hidden)
    rest = (before.rest or 0) + out_of_sight, after.rest or 0
    return all(
        _tells_of_nobody(*pair, limit) for pair in (*pairs, rest, (before.total, after.total))
    )


def _tells_of_nobody(before: int, after: int, limit: int) -> bool:
    return before == after or abs(before - after) >= limit
