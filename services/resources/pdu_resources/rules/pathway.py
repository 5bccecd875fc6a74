"""Which pathway suits whom, what comes next on it, and when it is completed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

FIRST_SCREEN = 3
"""So many things are shown to newcomers at once."""
SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class Aim:
    """For whom a pathway is. What it does not name suits everybody."""

    pathway_key: str
    role_levels: frozenset[str] = frozenset()
    work_fields: frozenset[str] = frozenset()
    interests: frozenset[str] = frozenset()
    starts_here: bool = False


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looks for a pathway."""

    role_level: str | None = None
    work_field: str | None = None
    interests: frozenset[str] = frozenset()
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a pathway."""

    place: int
    optional: bool
    done: bool
    there: bool


def suggested(aims: Iterable[Aim], who: Looking) -> list[str]:
    """At most three pathways for somebody, the most fitting first.

    A pathway for other roles or fields is not suggested. Of the others, what shares interests and
    names their role or field comes first; whoever is new sees the way in before all.
    """
    fitting = [aim for aim in aims if _is_for(aim, who)]
    fitting.sort(key=lambda aim: (-_weight(aim, who), aim.pathway_key))
    return [aim.pathway_key for aim in fitting[:SUGGESTED]]


def next_step(steps: Sequence[Step]) -> int | None:
    """The place of the first step that is there and neither done nor optional; else an optional."""
    left = [step for step in steps if step.there and not step.done]
    required = [step for step in left if not step.optional]
    return next((step.place for step in required or left), None)


def is_completed(steps: Collection[Step]) -> bool:
    """Whether everything that is not optional is done; of only optional steps, all of them."""
    required = [step for step in steps if not step.optional] or list(steps)
    return bool(required) and all(step.done for step in required)


def _is_for(aim: Aim, who: Looking) -> bool:
    return (not aim.role_levels or who.role_level in aim.role_levels) and (
        not aim.work_fields or who.work_field in aim.work_fields
    )


def _weight(aim: Aim, who: Looking) -> int:
    weight = 2 * len(aim.interests & who.interests)
    weight += bool(aim.role_levels) + bool(aim.work_fields)
    return weight + (100 if aim.starts_here and who.is_new else 0)
