"""Which organisation is a part of which: never of itself, by however many steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Standing:
    """What a record says: of what it is a part, and into which other record it is merged."""

    parent_id: UUID | None = None
    merged_into: UUID | None = None


def root(standing: Mapping[UUID, Standing], organisation_id: UUID) -> UUID:
    """The record that stands for this one: itself, or the one it is merged into in the end."""
    while (into := standing[organisation_id].merged_into) is not None:
        organisation_id = into
    return organisation_id


def is_part_of_itself(standing: Mapping[UUID, Standing], organisation_id: UUID) -> bool:
    """Whether the way up from this organisation leads back to it."""
    start = root(standing, organisation_id)
    seen, here = set(), start
    while (parent_id := standing[here].parent_id) is not None:
        here = root(standing, parent_id)
        if here == start:
            return True
        if here in seen:
            return False  # a circle, but of others
        seen.add(here)
    return False
