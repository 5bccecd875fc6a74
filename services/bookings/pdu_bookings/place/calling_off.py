"""A learning event is called off: every booking ends with it, and everybody is told."""

from datetime import datetime
from uuid import UUID

from pdu_bookings.place.hall import lock_halls
from pdu_bookings.place.life import bookings_of, save
from pdu_shared import outbox
from pdu_shared.contracts.bookings.place import BookingCancelled
from pdu_shared.contracts.vocabulary import CancelledBy, PlaceState
from pdu_shared.database import Conn


async def call_off(conn: Conn, learning_event_id: UUID, *, now: datetime) -> None:
    """End every active booking of a learning event, whatever it holds or waits for."""
    halls = (await lock_halls(conn, [learning_event_id]))[learning_event_id]
    bookings = await bookings_of(conn, await _active(conn, learning_event_id))
    ended = [one.ended(PlaceState.CANCELLED_BY_PDU, at=now) for one in bookings]
    await save(conn, halls, list(zip(bookings, ended, strict=True)))
    told = [
        BookingCancelled(
            booking_id=one.booking_id,
            learning_event_id=learning_event_id,
            person_id=one.person_id,
            by=CancelledBy.PDU,
        )
        for one in ended
    ]
    await outbox.add(conn, *told)


async def _active(conn: Conn, learning_event_id: UUID) -> list[UUID]:
    rows = await conn.fetch(
        """
        SELECT booking_id
          FROM booking
         WHERE learning_event_id = $1 AND active
         ORDER BY booking_id
        """,
        learning_event_id,
    )
    return [row["booking_id"] for row in rows]
