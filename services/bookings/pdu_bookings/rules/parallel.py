"""Sessions at the same time, of which people choose one."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pdu_bookings.rules.description import Lack
from pdu_shared.contracts.vocabulary import EventKind


@dataclass(frozen=True, slots=True)
class Sitting:
    """One session, as far as it may be parallel to others."""

    starts_at: datetime
    ends_at: datetime
    parallel: str | None
    hybrid: bool
    """Whether it has places of its own online."""


def awry(kind: EventKind, sittings: Sequence[Sitting]) -> Iterator[Lack]:
    """What is wrong with the parallel sessions of a learning event."""
    groups: dict[str, list[Sitting]] = {}
    for one in sittings:
        if one.parallel:
            groups.setdefault(one.parallel, []).append(one)
    if groups and kind is EventKind.COP_SESSION:
        yield Lack("/sessions", "community", "Members come to all of it: plan sessions apart.")
    if groups and any(one.hybrid for one in sittings):
        words = "Beside parallel sessions no session counts its online places apart."
        yield Lack("/sessions", "hybrid", words)
    for place, one in enumerate(sittings):
        if one.parallel and not _at_one_time(groups[one.parallel]):
            words = "It is parallel to no other session: two or more share a word and a time."
            yield Lack(f"/sessions/{place}/parallel", "alone", words)


def why_no_choice(parallel: Mapping[UUID, str], chosen: Collection[UUID]) -> str | None:
    """What is wrong with what somebody chose of these sessions, in words for them."""
    if not parallel:
        return "This event has no sessions to choose from." if chosen else None
    groups = [parallel.get(one) for one in chosen]
    if None in groups or sorted(groups, key=str) != sorted(set(parallel.values())):
        return "Of the sessions that are at the same time, choose one each."
    return None


def _at_one_time(group: Sequence[Sitting]) -> bool:
    begin, end = max(other.starts_at for other in group), min(other.ends_at for other in group)
    return len(group) > 1 and begin < end
