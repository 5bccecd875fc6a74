"""What became of each booking: the newest message about it decides."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.bookings.place import BookingCancelled, BookingWaitlisted, EventBooked

BOOKING_STATE = Projection(
    name="booking_state",
    hears=(EventBooked, BookingWaitlisted, BookingCancelled),
    table="""
        CREATE TABLE booking_state (
            booking_id uuid   PRIMARY KEY,
            state      text   NOT NULL,
            sequence   bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO booking_state AS kept (booking_id, state, sequence)
        SELECT DISTINCT ON (booking_id)
               (data ->> 'booking_id')::uuid AS booking_id,
               CASE routing_key WHEN 'bookings.EventBooked'       THEN 'confirmed'
                                WHEN 'bookings.BookingWaitlisted' THEN 'waitlisted'
                                WHEN 'bookings.BookingCancelled'  THEN 'cancelled' END,
               sequence
          FROM heard
         ORDER BY booking_id, sequence DESC
            ON CONFLICT (booking_id) DO UPDATE
           SET state    = excluded.state,
               sequence = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
