"""People ask for places at learning events: the whole story of those who ask at one moment.

`book` locks, decides, writes and promises for all of them, and commits once. A single request is
a list of one. `desk.py` collects what arrives together.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from pdu_bookings.place import also_told, rows, told
from pdu_bookings.place.asking import Ask, Booked, BookingAnswer, Claim, Keys
from pdu_bookings.place.deciding import Newcomer, answer_to, decide
from pdu_bookings.place.hall import holds_of, lock_halls, with_those_behind
from pdu_bookings.place.known import Known
from pdu_bookings.place.known import known as select_known
from pdu_bookings.place.offer import accept
from pdu_bookings.place.standing import standing as select_standing
from pdu_bookings.rules.booking import TurnedAway
from pdu_bookings.rules.hall import Hall, Hold, starts_at
from pdu_bookings.rules.waiting_list import first_come
from pdu_shared.contracts.vocabulary import PlaceState
from pdu_shared.database import Conn
from pdu_shared.idempotency import Answer, Key
from pdu_shared.problems import Conflict, NotFound, Problem


async def book(
    conn: Conn, asks: Sequence[Ask], keys: Keys, *, now: datetime
) -> list[Answer | Problem]:
    """Give each who asks a place, a position in the waiting list, or the reason why not.

    Who asks again, under the same key or another, gets the first answer.
    """
    halls = await lock_halls(conn, {ask.learning_event_id for ask in asks})
    claims, known = await _known(conn, asks, keys)
    standing = await select_standing(
        conn, {claim for claim, one in zip(claims, known, strict=True) if one.stands}
    )

    if await _have_come_first(conn, standing, halls, now=now):
        halls = await lock_halls(conn, list(halls))
        standing = await select_standing(conn, list(standing))

    answers: dict[Key, Answer | Problem] = {}
    newcomers: dict[Claim, Newcomer] = {}
    for claim, ask, one in zip(claims, asks, known, strict=True):
        if one.answer is not None:
            answers[ask.key] = one.answer
        elif ask.learning_event_id not in halls:
            answers[ask.key] = NotFound()
        elif claim not in standing:
            newcomers.setdefault(claim, Newcomer(ask, one))

    holds = await _holds(conn, newcomers, halls)
    lines = await _lines(conn, newcomers, halls)
    outcomes = decide(newcomers, halls | lines, holds, now=now)
    booked = [outcome for outcome in outcomes.values() if isinstance(outcome, Booked)]
    given = _given(standing, outcomes)
    first = {
        ask.key: given[claim]
        for claim, ask in zip(claims, asks, strict=True)
        if ask.key not in answers
    }
    promises = [promise for one in booked for promise in told.promises(one, keys, now=now)]
    kept = {key: one for key, one in first.items() if isinstance(one, Answer)}
    await rows.insert(conn, booked, halls, rows.Told(promises, kept), now=now)
    await also_told.keep(conn, {one.booking_id: one.also for one in booked if one.also}, now=now)
    answers |= first
    return [answers[ask.key] for ask in asks]


async def _known(conn: Conn, asks: Sequence[Ask], keys: Keys) -> tuple[list[Claim], list[Known]]:
    claims = [(ask.learning_event_id, ask.person_id(keys.person)) for ask in asks]
    known = await select_known(conn, asks, claims)
    generations = [0 for _ in asks]
    while any(one.erasures for one in known):  # whoever was erased is somebody new, each time
        generations = [
            before + one.erasures for before, one in zip(generations, known, strict=True)
        ]
        before, claims = (
            claims,
            [
                (ask.learning_event_id, ask.person_id(keys.person, generation))
                for ask, generation in zip(asks, generations, strict=True)
            ],
        )
        if claims == before:  # only people without an address, who have one id for ever
            break
        known = await select_known(conn, asks, claims)
    claims = [
        (learning_event_id, one.kept_as or person_id)
        for (learning_event_id, person_id), one in zip(claims, known, strict=True)
    ]
    return claims, known


async def _have_come_first(
    conn: Conn,
    standing: Mapping[Claim, BookingAnswer],
    halls: Mapping[UUID, Sequence[Hall]],
    *,
    now: datetime,
) -> bool:
    """Whether some who wait tried for a place, by asking again in the last hours."""
    trying = [
        answer.booking_id
        for (learning_event_id, _), answer in standing.items()
        if answer.state is PlaceState.WAITLISTED
        and first_come(now, starts_at(halls[learning_event_id]))
    ]
    for booking_id in trying:
        with suppress(Conflict):  # somebody was quicker
            await accept(conn, booking_id, now=now)
    return bool(trying)


async def _holds(
    conn: Conn, newcomers: Iterable[Claim], halls: Mapping[UUID, Sequence[Hall]]
) -> dict[UUID, tuple[Hold, ...]]:
    """What is kept for some at these learning events; most keep nothing, and nobody asks."""
    keep_some = {
        learning_event_id
        for learning_event_id, _ in newcomers
        if any(hall.held for hall in halls[learning_event_id])
    }
    return await holds_of(conn, keep_some) if keep_some else {}


async def _lines(
    conn: Conn, newcomers: Mapping[Claim, Newcomer], halls: Mapping[UUID, Sequence[Hall]]
) -> dict[UUID, list[Hall]]:
    """The halls of events that are meant for some first, where people wait; nobody else asks."""
    selective = {
        learning_event_id: halls[learning_event_id]
        for (learning_event_id, _), one in newcomers.items()
        if one.known.selective and any(hall.waiting for hall in halls[learning_event_id])
    }
    return await with_those_behind(conn, selective) if selective else {}


def _given(
    standing: Mapping[Claim, BookingAnswer], outcomes: Mapping[Claim, Booked | TurnedAway]
) -> dict[Claim, Answer | Problem]:
    return {
        **{claim: Answer.of(place) for claim, place in standing.items()},
        **{claim: answer_to(outcome) for claim, outcome in outcomes.items()},
    }
