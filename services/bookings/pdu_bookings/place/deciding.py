"""What each of those who ask receives, and how they are told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from pdu_bookings.place.asking import Ask, Booked, BookingAnswer, Claim, PlaceGiven, note
from pdu_bookings.place.known import Known
from pdu_bookings.rules.access import Asker, may_book
from pdu_bookings.rules.booking import TurnedAway, places_for
from pdu_bookings.rules.hall import Asking, Given, Hall, Hold, Terms
from pdu_shared.idempotency import Answer
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict, Fault, Problem, Refused


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who asks and has no booking yet."""

    ask: Ask
    known: Known

    @property
    def asking(self) -> Asking:
        """What decides on their place."""
        asking = self.ask.person.asking
        return asking if self.known.outside is None else replace(asking, outside=True)


def decide(
    newcomers: Mapping[Claim, Newcomer],
    halls: Mapping[UUID, Sequence[Hall]],
    holds: Mapping[UUID, tuple[Hold, ...]],
    *,
    now: datetime,
) -> dict[Claim, Booked | TurnedAway]:
    """Decide on people in the order in which they asked."""
    outcomes: dict[Claim, Booked | TurnedAway] = {}
    by_event: dict[UUID, dict[Claim, Newcomer]] = {}
    for claim, one in newcomers.items():
        asker = Asker(one.known.person_id, one.ask.person.area)
        if because := may_book(one.known.access, asker, now):
            outcomes[claim] = TurnedAway(because)
        else:
            by_event.setdefault(claim[0], {})[claim] = one
    for learning_event_id, claims in by_event.items():
        event = next(iter(claims.values())).known
        places = places_for(
            halls[learning_event_id] if event.open else (),
            [one.asking for one in claims.values()],
            terms=Terms(event.approval, holds.get(learning_event_id, ())),
            now=now,
        )
        for (claim, one), place in zip(claims.items(), places, strict=True):
            outcomes[claim] = _booked(one, place) if isinstance(place, Given) else place
    return outcomes


def _booked(newcomer: Newcomer, given: Given) -> Booked:
    ask = newcomer.ask
    return Booked(
        uuid7(),
        ask.learning_event_id,
        newcomer.known.person_id,
        ask.person,
        ask.thread,
        given,
        ask.also,
        ask.channel,
        kept_as=newcomer.known.kept_as,
        outside=newcomer.known.outside,
    )


def answer_to(outcome: Booked | TurnedAway) -> Answer | Problem:
    """What somebody is told."""
    match outcome:
        case TurnedAway(because, None):
            return Conflict(because)
        case TurnedAway(because, str(pointer)):
            return Refused(errors=[Fault(pointer, "missing", because)])
        case Booked() as booked:
            return place_told(booked)
    raise AssertionError("that is all that can come out")


def place_told(booked: Booked) -> Answer:
    """What somebody is told who got a place, or waits for one."""
    places = [
        PlaceGiven(session_id=session_id, state=booked.given.state, position=position)
        for session_id, position in booked.given.positions.items()
    ]
    return Answer.of(
        BookingAnswer(
            booking_id=booked.booking_id,
            learning_event_id=booked.learning_event_id,
            state=booked.given.state,
            places=places,
            offer_expires_at=None,
            note=note(booked.outside),
        )
    )
