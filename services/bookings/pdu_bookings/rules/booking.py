"""Who gets a place at a learning event, and who waits for one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pdu_shared.contracts.vocabulary import PlaceState


@dataclass(frozen=True, slots=True)
class Hall:
    """One session as it stands: how many places it has, how many are taken, how many wait."""

    session_id: UUID
    capacity: int
    taken: int
    waiting: int
    starts_at: datetime
    open: bool = True

    @property
    def has_room(self) -> bool:
        """Whether the next person gets a place. Whoever waits already comes first."""
        return self.taken < self.capacity and self.waiting == 0


@dataclass(frozen=True, slots=True)
class Given:
    """What a person receives: a place in every session, or a position in the waiting list."""

    state: PlaceState
    positions: Mapping[UUID, int | None]


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """Why a person cannot book, in words for them."""

    because: str


def places_for(halls: Sequence[Hall], asks: int, *, now: datetime) -> list[Given | TurnedAway]:
    """What each of so many people receives who ask for one learning event, in their order.

    Somebody who comes to several sessions gets all of them or waits for all of them.
    """
    if not halls or not all(hall.open for hall in halls):
        return [TurnedAway("This event is not open for booking.")] * asks
    if now >= min(hall.starts_at for hall in halls):
        return [TurnedAway("This event has already started.")] * asks
    answers: list[Given | TurnedAway] = []
    for _ in range(asks):
        given = _place(halls)
        answers.append(given)
        halls = [_after(hall, given) for hall in halls]
    return answers


def next_in_line(halls: Sequence[Hall], waiting: Iterable[UUID]) -> UUID | None:
    """Who is confirmed now: the first who waits, once every session has room. Nobody overtakes."""
    if any(hall.taken >= hall.capacity for hall in halls):
        return None
    return next(iter(waiting), None)


def _place(halls: Sequence[Hall]) -> Given:
    if all(hall.has_room for hall in halls):
        return Given(PlaceState.CONFIRMED, {hall.session_id: None for hall in halls})
    return Given(PlaceState.WAITLISTED, {hall.session_id: hall.waiting + 1 for hall in halls})


def _after(hall: Hall, given: Given) -> Hall:
    confirmed = given.state is PlaceState.CONFIRMED
    return Hall(
        hall.session_id,
        hall.capacity,
        hall.taken + confirmed,
        hall.waiting + (not confirmed),
        hall.starts_at,
        hall.open,
    )
