"""A place that came free goes to those who wait, in the transaction that frees it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from pdu_bookings.place.hall import holds_of, lock_halls
from pdu_bookings.place.life import Booking, bookings_of, save, session_ids
from pdu_bookings.rules.booking import closed, offers_to
from pdu_bookings.rules.hall import Hall, Terms, line_of, room_for, somebody_waits, starts_at
from pdu_bookings.rules.waiting_list import offer_until
from pdu_shared import outbox
from pdu_shared.contracts.bookings.place import WaitlistOpened, WaitlistPlaceOffered
from pdu_shared.contracts.vocabulary import PlaceState
from pdu_shared.database import Conn


async def offer_what_is_free(conn: Conn, learning_event_id: UUID, *, now: datetime) -> None:
    """Offer free places to the first who wait; in the last hours tell all of them instead."""
    halls = (await lock_halls(conn, [learning_event_id]))[learning_event_id]
    if closed(halls, now=now) or not _somebody_might_come_in(halls):
        return
    holds = await holds_of(conn, [learning_event_id]) if any(one.held for one in halls) else {}
    terms = Terms(holds=holds.get(learning_event_id, ()))
    until = offer_until(now, starts_at(halls))
    if until is None:
        await _open_to_all(conn, halls, terms, await _waiting(conn, learning_event_id), now)
        return
    # In one line with nothing kept for anybody, the first are those whom there is a place for.
    one_line = not terms.holds and not any(hall.way or hall.parallel for hall in halls)
    most = min(hall.capacity - hall.taken for hall in halls) if one_line else None
    waiting = {one.booking_id: one for one in await _waiting(conn, learning_event_id, most)}
    offers = offers_to(halls, [(key, one.asking) for key, one in waiting.items()], terms)
    offered = [
        (waiting[key], waiting[key].offered(until, given.hold_id)) for key, given in offers.items()
    ]
    await save(conn, halls, offered)
    await outbox.add(conn, *(told_offer(after, halls) for _, after in offered))


async def _open_to_all(
    conn: Conn, halls: Sequence[Hall], terms: Terms, waiting: Sequence[Booking], now: datetime
) -> None:
    """Tell those who could have a free place that the first of them gets it."""
    opened = [
        WaitlistOpened(
            booking_id=one.booking_id,
            learning_event_id=one.learning_event_id,
            session_ids=session_ids(halls, one),
            person_id=one.person_id,
            opened_at=now,
        )
        for one in waiting
        if room_for(halls, one.asking, terms, state=PlaceState.CONFIRMED)
    ]
    await outbox.add(conn, *opened)


def told_offer(booking: Booking, halls: Collection[Hall]) -> WaitlistPlaceOffered:
    """What is told of an offer."""
    assert booking.offer_expires_at is not None, "an offer has an end"
    return WaitlistPlaceOffered(
        booking_id=booking.booking_id,
        learning_event_id=booking.learning_event_id,
        session_ids=session_ids(halls, booking),
        person_id=booking.person_id,
        offer_expires_at=booking.offer_expires_at,
    )


def _somebody_might_come_in(halls: Collection[Hall]) -> bool:
    """Whether there is a line, and a place free in every session of those in it."""
    lines: list[Collection[Hall]] = [
        [other for other in halls if other is one or not (other.way or other.parallel)]
        for one in line_of(halls)
    ]
    return any(
        somebody_waits(line) and all(hall.taken < hall.capacity for hall in line) for line in lines
    )


async def _waiting(conn: Conn, learning_event_id: UUID, most: int | None = None) -> list[Booking]:
    """Those who wait, in their order."""
    rows = await conn.fetch(
        """
        SELECT booking_id
          FROM booking
         WHERE learning_event_id = $1 AND state = 'waitlisted'
         ORDER BY priority, turn
         LIMIT $2
        """,
        learning_event_id,
        most,
    )
    return await bookings_of(conn, [row["booking_id"] for row in rows])
