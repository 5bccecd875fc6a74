"""The short way to a place: decide on what is known, and write if nobody came between.

One way to the database where the desk remembers the event and two where it does not, instead of
six; and no lock held while we think. Whatever is not plain goes the long way, `booking.py`, and so
does whoever was not quick enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from pdu_bookings.place import rows, told
from pdu_bookings.place.asking import Ask, Booked, Claim, Keys
from pdu_bookings.place.deciding import Newcomer, decide, place_told
from pdu_bookings.place.known import Known, known_with_halls
from pdu_bookings.place.remembered import Ground, Remembered
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
    conn: Conn, asks: Sequence[Ask], keys: Keys, remembered: Remembered, *, now: datetime
) -> list[Answer] | None:
    """Give each who asks a place or a position in the waiting list, by a statement that commits.

    None when one of them has to be looked at more closely; nothing was written then. Raises
    CameBetweenError. `conn` is in no transaction.
    """
    if any(ask.also for ask in asks) or len({ask.key for ask in asks}) < len(asks):
        return None
    claims = [(ask.learning_event_id, ask.person_id(keys.person)) for ask in asks]
    short = _Short(conn, keys, remembered, now)
    ground = await _ground(conn, asks, claims, remembered)
    try:
        return await short.book(asks, ground)
    except CameBetweenError:
        if not ground.unread.versions:
            raise
        remembered.mistook(ground)
    return await short.book(asks, Ground(*await known_with_halls(conn, asks, claims)))


async def _ground(
    conn: Conn, asks: Sequence[Ask], claims: Sequence[Claim], remembered: Remembered
) -> Ground:
    """What is remembered, and read for the others."""
    recalled = remembered.recall(claims)
    missing = recalled.missing
    if not missing:
        return recalled.completed((), {})
    read = [asks[one] for one in missing], [claims[one] for one in missing]
    return recalled.completed(*await known_with_halls(conn, *read))


@dataclass(frozen=True, slots=True)
class _Short:
    conn: Conn
    keys: Keys
    remembered: Remembered
    now: datetime

    async def book(self, asks: Sequence[Ask], ground: Ground) -> list[Answer] | None:
        """Decide on this ground, and write."""
        newcomers = {
            (ask.learning_event_id, one.person_id): Newcomer(ask, one)
            for ask, one in zip(asks, ground.known, strict=True)
            if _is_plain(one, ground.halls.get(ask.learning_event_id))
        }
        if len(newcomers) < len(asks):
            return None
        outcomes = decide(newcomers, ground.halls, {}, now=self.now)
        booked = [outcome for outcome in outcomes.values() if isinstance(outcome, Booked)]
        if len(booked) < len(asks):
            return None
        told_to = {(one.learning_event_id, one.person_id): place_told(one) for one in booked}
        answers = {one.ask.key: told_to[claim] for claim, one in newcomers.items()}
        promises = [
            promise for one in booked for promise in told.promises(one, self.keys, now=self.now)
        ]
        going_out = rows.Told(promises, answers, ground.unread)
        try:
            counts = await rows.insert(self.conn, booked, ground.halls, going_out, now=self.now)
        except CAME_BETWEEN:
            raise CameBetweenError from None
        known = {one.ask.learning_event_id: one.known for one in newcomers.values()}
        self.remembered.keep(known, ground.halls, counts)
        return list(answers.values())


def _is_plain(known: Known, halls: Sequence[Hall] | None) -> bool:
    """Whether somebody is new here, and nothing is kept for some at this event."""
    return bool(
        halls
        and known.answer is None
        and not (known.erasures or known.stands or known.selective or known.kept_as)
        and not any(hall.held for hall in halls)
    )
