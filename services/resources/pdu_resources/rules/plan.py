"""What may become of the objectives of a plan when it is written anew."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from pdu_resources.rules.undertaking import may_become
from pdu_shared.contracts.resources.steering import UndertakingState


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with the objective at this place; with the whole list where it is None."""

    place: int | None
    code: str
    detail: str


def troubles(
    there: Mapping[UUID, UndertakingState],
    written: Sequence[tuple[UUID | None, UndertakingState]],
) -> Iterator[Trouble]:
    """What stands in the way of objectives as they are written, held against those there.

    None is left out: what was wanted and not done is told as such. None changes to a state that
    no way leads to.
    """
    named: set[UUID] = set()
    for place, (objective_id, state) in enumerate(written):
        if objective_id is None:
            continue
        if objective_id not in there:
            yield Trouble(place, "unknown-objective", "This plan has no such objective.")
        elif objective_id in named:
            yield Trouble(place, "named-twice", "This objective is in the list already.")
        elif not may_become(there[objective_id], state):
            before = there[objective_id]
            detail = f"An objective that is {before} cannot become {state}."
            yield Trouble(place, "no-way", detail)
        named.add(objective_id)
    if missing := there.keys() - named:
        detail = f"{len(missing)} of the objectives are left out: none is ever taken away."
        yield Trouble(None, "left-out", detail)
