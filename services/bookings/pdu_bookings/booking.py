"""People ask for places at learning events: the whole story of those who ask at one moment.

`book` locks, decides, writes and promises for all of them, and commits once. A single request is
a list of one. `desk.py` collects what arrives together.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from pdu_bookings import booking_rows
from pdu_bookings.asking import Ask, Booked, BookingAnswer, Claim, Keys, PlaceGiven
from pdu_bookings.hall import lock_halls
from pdu_bookings.link import token_for
from pdu_bookings.rules.booking import Given, Hall, TurnedAway, places_for
from pdu_bookings.rules.local_time import local_day
from pdu_shared import idempotency, outbox
from pdu_shared.contracts.bookings import BookingLinkIssued, BookingWaitlisted, EventBooked
from pdu_shared.contracts.vocabulary import Channel, PlaceState
from pdu_shared.database import Conn
from pdu_shared.idempotency import Answer, Key
from pdu_shared.identity import uuid7
from pdu_shared.outbox import Promise
from pdu_shared.persons import persons_of
from pdu_shared.problems import Conflict, NotFound, Problem


async def book(
    conn: Conn, asks: Sequence[Ask], keys: Keys, *, now: datetime
) -> list[Answer | Problem]:
    """Give each who asks a place, a position in the waiting list, or the reason why not.

    Who asks again, under the same key or another, gets the first answer.
    """
    halls = await lock_halls(conn, {ask.learning_event_id for ask in asks})
    kept = await idempotency.answers(conn, [ask.key for ask in asks])
    people = await persons_of(conn, keys.person, [ask.person.email for ask in asks])
    claims = [(ask.learning_event_id, person) for ask, person in zip(asks, people, strict=True)]
    standing = await booking_rows.standing(conn, claims)

    answers: dict[Key, Answer | Problem] = {**kept}
    newcomers: dict[Claim, Ask] = {}
    for claim, ask in zip(claims, asks, strict=True):
        if ask.key in answers:
            continue
        if ask.learning_event_id not in halls:
            answers[ask.key] = NotFound()
        elif claim in standing:
            answers[ask.key] = Answer.of(standing[claim])
        else:
            newcomers.setdefault(claim, ask)

    outcomes = _decide(newcomers, halls, now=now)
    booked = [outcome for outcome in outcomes.values() if isinstance(outcome, Booked)]
    await booking_rows.insert(conn, booked, halls, now=now)
    await outbox.add(conn, *(promise for one in booked for promise in _told(one, keys, now=now)))

    for claim, ask in zip(claims, asks, strict=True):
        if ask.key not in answers:
            answers[ask.key] = _answer(outcomes[claim])
    new = {key: one for key, one in answers.items() if isinstance(one, Answer) and key not in kept}
    await idempotency.keep(conn, new)
    return [answers[ask.key] for ask in asks]


def _decide(
    newcomers: Mapping[Claim, Ask], halls: Mapping[UUID, Sequence[Hall]], *, now: datetime
) -> dict[Claim, Booked | TurnedAway]:
    outcomes: dict[Claim, Booked | TurnedAway] = {}
    for learning_event_id in {learning_event_id for learning_event_id, _ in newcomers}:
        claims = [claim for claim in newcomers if claim[0] == learning_event_id]
        places = places_for(halls[learning_event_id], len(claims), now=now)
        for claim, place in zip(claims, places, strict=True):
            outcomes[claim] = (
                _booked(claim, newcomers[claim], place) if isinstance(place, Given) else place
            )
    return outcomes


def _booked(claim: Claim, ask: Ask, given: Given) -> Booked:
    return Booked(uuid7(), *claim, ask.person, ask.thread, given)


def _told(booked: Booked, keys: Keys, *, now: datetime) -> list[Promise]:
    link = BookingLinkIssued(
        booking_id=booked.booking_id,
        person_id=booked.person_id,
        channel=Channel.EMAIL,
        address=booked.person.email,
        name=booked.person.name,
        token=token_for(keys.link, booked.booking_id),
    )
    sealed = outbox.sealed(link, keys.sealer, thread=booked.thread)
    if booked.given.state is PlaceState.CONFIRMED:
        return [sealed, Promise(_event_booked(booked, now=now), booked.thread)]
    waitlisted = BookingWaitlisted(
        booking_id=booked.booking_id,
        learning_event_id=booked.learning_event_id,
        session_ids=tuple(booked.given.positions),
        person_id=booked.person_id,
        position=max(position or 0 for position in booked.given.positions.values()),
    )
    return [sealed, Promise(waitlisted, booked.thread)]


def _event_booked(booked: Booked, *, now: datetime) -> EventBooked:
    return EventBooked(
        booking_id=booked.booking_id,
        learning_event_id=booked.learning_event_id,
        session_ids=tuple(booked.given.positions),
        person_id=booked.person_id,
        heard_about=booked.person.heard_about,
        booked_on=local_day(now),
        **booked.person.as_at_the_time(),
    )


def _answer(outcome: Booked | TurnedAway) -> Answer | Problem:
    match outcome:
        case TurnedAway(because):
            return Conflict(because)
        case Booked(booking_id, learning_event_id, given=Given(state, positions)):
            places = [
                PlaceGiven(session_id=session_id, state=state, position=position)
                for session_id, position in positions.items()
            ]
            return Answer.of(
                BookingAnswer(
                    booking_id=booking_id,
                    learning_event_id=learning_event_id,
                    state=state,
                    places=places,
                )
            )
