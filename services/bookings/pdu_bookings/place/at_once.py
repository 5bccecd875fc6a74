"""The short way to a place: decide on what was read, and write if nobody came between.

Two ways to the database instead of six, and no lock held while we think. Whatever is not plain
goes the long way, `booking.py`, and so does whoever was not quick enough.
"""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from pdu_bookings.place import rows, told
from pdu_bookings.place.asking import Ask, Booked, Keys
from pdu_bookings.place.deciding import Newcomer, decide, place_told
from pdu_bookings.place.known import Known, known_with_halls
from pdu_bookings.rules.hall import Hall
from pdu_shared.database import Conn
from pdu_shared.idempotency import Answer

CAME_BETWEEN = (
    asyncpg.CheckViolationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.NotNullViolationError,  # a hall was locked since it was read
    asyncpg.UniqueViolationError,  # the same person, or the same request, elsewhere
)


class CameBetweenError(Exception):
    """Somebody else changed what the decision rested on. Nothing was written."""


async def book_at_once(
    conn: Conn, asks: Sequence[Ask], keys: Keys, *, now: datetime
) -> list[Answer] | None:
    """Give each who asks a place or a position in the waiting list, by a statement that commits.

    None when one of them has to be looked at more closely; nothing was written then. Raises
    CameBetweenError. `conn` is in no transaction.
    """
    if any(ask.also for ask in asks) or len({ask.key for ask in asks}) < len(asks):
        return None
    claims = [(ask.learning_event_id, ask.person_id(keys.person)) for ask in asks]
    known, halls = await known_with_halls(conn, asks, claims)
    newcomers = {
        claim: Newcomer(ask, one)
        for claim, ask, one in zip(claims, asks, known, strict=True)
        if _is_plain(one, halls.get(ask.learning_event_id))
    }
    if len(newcomers) < len(asks):
        return None
    outcomes = decide(newcomers, halls, {}, now=now)
    booked = [outcome for outcome in outcomes.values() if isinstance(outcome, Booked)]
    if len(booked) < len(asks):
        return None
    told_to = {(one.learning_event_id, one.person_id): place_told(one) for one in booked}
    answers = {ask.key: told_to[claim] for claim, ask in zip(claims, asks, strict=True)}
    promises = [promise for one in booked for promise in told.promises(one, keys, now=now)]
    try:
        await rows.insert(conn, booked, halls, rows.Told(promises, answers), now=now)
    except CAME_BETWEEN:
        raise CameBetweenError from None
    return [answers[ask.key] for ask in asks]


def _is_plain(known: Known, halls: Sequence[Hall] | None) -> bool:
    """Whether somebody is new here, and nothing is kept for some at this event."""
    return bool(
        halls
        and known.answer is None
        and not (known.erasures or known.stands or known.selective or known.kept_as)
        and not any(hall.held for hall in halls)
    )
