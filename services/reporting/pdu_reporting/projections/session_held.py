"""Sessions that took place, and the local day on which they did, unless that was taken back."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.bookings.attendance import EventHeld, EventHeldWithdrawn

SESSION_HELD = Projection(
    name="session_held",
    hears=(EventHeld, EventHeldWithdrawn),
    table="""
        CREATE TABLE session_held (
            session_id        uuid    PRIMARY KEY,
            learning_event_id uuid    NOT NULL,
            held              boolean NOT NULL,
            held_on           date,  -- null where it is not held
            sequence          bigint  NOT NULL
        )
        """,
    fold="""
        INSERT INTO session_held AS kept (session_id, learning_event_id, held, held_on, sequence)
        SELECT DISTINCT ON (session_id)
               session_id, learning_event_id, routing_key = 'bookings.EventHeld', held_on, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (session_id uuid, learning_event_id uuid, held_on date)
         ORDER BY session_id, sequence DESC
            ON CONFLICT (session_id) DO UPDATE
           SET learning_event_id = excluded.learning_event_id,
               held              = excluded.held,
               held_on           = excluded.held_on,
               sequence          = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
