"""Who gets a place at a learning event, and who waits for one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pdu_bookings.rules.hall import (
    PLAIN,
    Asking,
    Given,
    Hall,
    Terms,
    after,
    entered,
    less,
    line_of,
    room_for,
    somebody_waits,
    starts_at,
)
from pdu_bookings.rules.parallel import why_no_choice
from pdu_bookings.rules.waiting_list import first_come
from pdu_shared.contracts.vocabulary import PlaceState


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """Why a person cannot book, in words for them."""

    because: str
    pointer: str | None = None
    """What of their request it is about."""


def places_for(
    halls: Sequence[Hall], people: Iterable[Asking], *, terms: Terms = PLAIN, now: datetime
) -> list[Given | TurnedAway]:
    """What each of these people receives who ask for one learning event, in their order.

    Without halls it is not open. Somebody who comes to several sessions gets all of them or waits
    for all of them. Whoever waits already comes first; in the last hours, whoever asks first.
    """
    if nobody := closed(halls, now=now):
        return [nobody for _ in people]
    answers: list[Given | TurnedAway] = []
    in_line = not first_come(now, starts_at(halls))
    for person in people:
        answer = _given(halls, person, terms, in_line=in_line)
        answers.append(answer)
        if isinstance(answer, Given):
            halls, terms = after(halls, answer), less(terms, answer.hold_id)
    return answers


def closed(halls: Sequence[Hall], *, now: datetime) -> TurnedAway | None:
    """Why nobody can book, if nobody can."""
    if not halls:
        return TurnedAway("This event is not open for booking.")
    if now >= starts_at(halls):
        return TurnedAway("This event has already started.")
    return None


def offers_to(
    halls: Sequence[Hall], waiting: Iterable[tuple[UUID, Asking]], terms: Terms = PLAIN
) -> dict[UUID, Given]:
    """To whom of those who wait, in their order, a free place is offered.

    Nobody overtakes in their line, but to a place that is kept for them.
    """
    offered: dict[UUID, Given] = {}
    for booking_id, person in waiting:
        given = room_for(halls, person, terms, state=PlaceState.OFFERED)
        if given:
            offered[booking_id] = given
            halls, terms = after(halls, given), less(terms, given.hold_id)
    return offered


def _given(
    halls: Sequence[Hall], person: Asking, terms: Terms, *, in_line: bool
) -> Given | TurnedAway:
    if person.attending is None and any(hall.way for hall in halls):
        return TurnedAway("Say whether you come in person or online.", "/attending")
    parallel = {hall.session_id: hall.parallel for hall in halls if hall.parallel}
    if because := why_no_choice(parallel, person.chosen):
        return TurnedAway(because, "/sessions")
    decided = terms.approval or person.outside
    state = PlaceState.AWAITING_APPROVAL if decided else PlaceState.CONFIRMED
    given = room_for(halls, person, terms, state=state)
    if given and not (in_line and given.hold_id is None and somebody_waits(given.halls)):
        return given
    mine = entered(halls, person)
    before = max(one.waiting - (0 if person.outside else one.behind) for one in line_of(mine))
    return Given(PlaceState.WAITLISTED, mine, behind=person.outside, position=before + 1)
