"""A coordinator puts somebody first on the waiting list: the next free place is theirs."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from pdu_bookings.place.life import lock
from pdu_bookings.place.offering import offer_what_is_free
from pdu_bookings.place.seen import BookingSeen, seen
from pdu_shared.access import Role, Who
from pdu_shared.database import Conn, transaction
from pdu_shared.problems import Conflict
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["waiting list"])


@router.put("/bookings/{booking_id}/first-in-line")
async def put_first(booking_id: UUID, database: Store, caller: Who, now: Now) -> BookingSeen:
    """Offer the next free place to this person, out of order. It is written down who did so.

    Whomever the event is meant for, nobody decides on them again.
    """
    async with transaction(database) as conn:
        await put_first_in_line(conn, booking_id, by=caller.sub, now=now)
        return await seen(conn, booking_id, now=now)


async def put_first_in_line(
    conn: Conn, booking_id: UUID, *, by: UUID | None, now: datetime
) -> None:
    """Ask this person next. Raises Conflict when they do not wait any more."""
    booking, _ = await lock(conn, booking_id)
    if booking.waits:
        await _put_first(conn, booking_id, by, now)
        await offer_what_is_free(conn, booking.learning_event_id, now=now)
    elif not booking.state.takes_place:
        raise Conflict("This person is not on the waiting list any more.")


async def _put_first(conn: Conn, booking_id: UUID, by: UUID | None, now: datetime) -> None:
    await conn.execute(
        """
        WITH first AS (
            UPDATE booking SET priority = 0, outside = NULL
             WHERE booking_id = $1 AND priority > 0
         RETURNING booking_id)
        INSERT INTO put_first (booking_id, role, person_id, put_at)
        SELECT booking_id, $2, $3, $4 FROM first
        """,
        booking_id,
        Role.COORDINATOR,
        by,
        now,
    )
