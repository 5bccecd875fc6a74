"""A session as a hall: places taken and kept, people who wait; who fits in, and what is left."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from pdu_shared.contracts.vocabulary import Attending, PlaceState

Scheme: TypeAlias = Literal["sector", "work_field"]


@dataclass(frozen=True, slots=True)
class Hall:
    """One session as it stands: how many places it has, how many are taken, how many wait.

    A hybrid session is two halls, one for each way of attending.
    """

    session_id: UUID
    capacity: int
    taken: int
    waiting: int
    starts_at: datetime
    held: int = 0
    """How many of its free places are kept for some."""
    way: Attending | None = None
    """The way of attending that it is for; None when there is but one."""
    behind: int = 0
    """How many of those who wait come after everybody whom the event is meant for."""
    parallel: str | None = None
    """What it shares with the sessions at the same time, of which people choose one."""
    times_locked: int = 0
    """How often it had been locked when it was read."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody who asks or waits for a place, as far as it decides what they get."""

    sector: str
    work_field: str
    attending: Attending | None = None
    outside: bool = False
    """Whether the event is meant for others: then somebody decides, and others come before."""
    chosen: frozenset[UUID] = frozenset()
    """The sessions that they chose of parallel ones."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Places in the room that are kept for people of one sector or work field."""

    hold_id: UUID
    scheme: Scheme
    code: str
    left: int

    def fits(self, person: Asking) -> bool:
        """Whether one is left for this person."""
        return (
            self.left > 0
            and person.attending is not Attending.ONLINE
            and getattr(person, self.scheme) == self.code
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """What a learning event has beside its halls: a yes to be given, places kept for some."""

    approval: bool = False
    holds: tuple[Hold, ...] = ()


PLAIN = Terms()


@dataclass(frozen=True, slots=True)
class Given:
    """What a person receives: a place in every session, or a position in the waiting list."""

    state: PlaceState
    halls: tuple[Hall, ...]
    """Theirs, as they were before."""
    hold_id: UUID | None = None
    """The kept places of which theirs is one."""
    behind: bool = False
    """Whether they wait after everybody whom the event is meant for."""
    position: int | None = None
    """In the waiting list; None for a place."""

    @property
    def positions(self) -> Mapping[UUID, int | None]:
        """The position in the waiting list of each session; None for a place."""
        return {hall.session_id: self.position for hall in self.halls}


def room_for(
    halls: Iterable[Hall], person: Asking, terms: Terms, *, state: PlaceState
) -> Given | None:
    """A place in every session for this person, if each of them has one."""
    hold = next((hold for hold in terms.holds if hold.fits(person)), None)
    mine = entered(halls, person)
    if all(hall.taken + hall.held - (hold is not None) < hall.capacity for hall in mine):
        return Given(state, mine, hold.hold_id if hold else None)
    return None


def entered(halls: Iterable[Hall], person: Asking) -> tuple[Hall, ...]:
    """The halls of somebody who comes this way, to the parallel sessions that they chose."""
    return tuple(
        hall
        for hall in halls
        if hall.way in {None, person.attending}
        and (hall.parallel is None or hall.session_id in person.chosen)
    )


def line_of(halls: Collection[Hall]) -> Collection[Hall]:
    """Those of somebody's halls in whose lines they wait.

    Each way of attending has a line of its own, and each of several parallel sessions.
    """
    apart = [hall for hall in halls if hall.way or hall.parallel]
    return apart or halls


def after(halls: Iterable[Hall], given: Given) -> list[Hall]:
    """The halls when somebody has come in, or has joined the line."""
    theirs = {(hall.session_id, hall.way) for hall in given.halls}
    return [
        _with_one_more(hall, given) if (hall.session_id, hall.way) in theirs else hall
        for hall in halls
    ]


def less(terms: Terms, hold_id: UUID | None) -> Terms:
    """The terms when one of the places kept is gone."""
    if hold_id is None:
        return terms
    holds = (
        replace(hold, left=hold.left - 1) if hold.hold_id == hold_id else hold
        for hold in terms.holds
    )
    return replace(terms, holds=tuple(holds))


def starts_at(halls: Iterable[Hall]) -> datetime:
    """When the first session begins."""
    return min(hall.starts_at for hall in halls)


def somebody_waits(halls: Collection[Hall]) -> bool:
    """Whether there is a line for these halls."""
    return any(hall.waiting for hall in line_of(halls))


def _with_one_more(hall: Hall, given: Given) -> Hall:
    """The hall with one more; an offer is made to one of those in the line."""
    match given.state:
        case PlaceState.WAITLISTED:
            return replace(hall, waiting=hall.waiting + 1, behind=hall.behind + given.behind)
        case PlaceState.OFFERED:
            line = hall.waiting - 1
        case _:
            line = hall.waiting
    return replace(
        hall, taken=hall.taken + 1, waiting=line, held=hall.held - (given.hold_id is not None)
    )
