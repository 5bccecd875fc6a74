"""Copies of bookings: whether a letter about one is still true."""

from dataclasses import dataclass
from uuid import UUID

from pdu_shared.contracts.bookings import BookingCancelled, BookingWaitlisted, EventBooked
from pdu_shared.contracts.vocabulary import PlaceState
from pdu_shared.database import Conn


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A booking as bookings told it last."""

    booking_id: UUID
    learning_event_id: UUID
    person_id: UUID
    session_ids: tuple[UUID, ...]
    state: PlaceState
    was_confirmed: bool


async def keep_booking(
    conn: Conn, message: EventBooked | BookingWaitlisted | BookingCancelled
) -> None:
    """Keep how a booking stands. A cancellation may be the first that is heard of it."""
    match message:
        case EventBooked():
            state, session_ids = PlaceState.CONFIRMED, message.session_ids
        case BookingWaitlisted():
            state, session_ids = PlaceState.WAITLISTED, message.session_ids
        case BookingCancelled():
            state, session_ids = PlaceState.CANCELLED, ()
    await conn.execute(
        """
        INSERT INTO booking (booking_id, learning_event_id, person_id, session_ids, state,
                             was_confirmed)
        VALUES ($1, $2, $3, $4, $5, $5 = 'confirmed')
            ON CONFLICT (booking_id) DO UPDATE
           SET state = excluded.state,
               was_confirmed = booking.was_confirmed OR excluded.was_confirmed,
               session_ids = CASE excluded.state WHEN 'cancelled' THEN booking.session_ids
                                                 ELSE excluded.session_ids END
        """,
        message.booking_id,
        message.learning_event_id,
        message.person_id,
        list(session_ids),
        state,
    )


LISTENERS = (keep_booking,)


async def booking_of(conn: Conn, booking_id: UUID) -> Booking | None:
    """The booking, if it was heard of."""
    row = await conn.fetchrow(
        """
        SELECT booking_id, learning_event_id, person_id, session_ids, state, was_confirmed
          FROM booking
         WHERE booking_id = $1
        """,
        booking_id,
    )
    if row is None:
        return None
    return Booking(
        booking_id=row["booking_id"],
        learning_event_id=row["learning_event_id"],
        person_id=row["person_id"],
        session_ids=tuple(row["session_ids"]),
        state=PlaceState(row["state"]),
        was_confirmed=row["was_confirmed"],
    )
