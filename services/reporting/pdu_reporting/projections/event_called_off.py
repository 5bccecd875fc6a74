"""Whether a learning event will not take place."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.bookings.programme import EventCancelled, EventPublished

EVENT_CALLED_OFF = Projection(
    name="event_called_off",
    hears=(EventPublished, EventCancelled),
    table="""
        CREATE TABLE event_called_off (
            learning_event_id uuid    PRIMARY KEY,
            called_off        boolean NOT NULL,
            sequence          bigint  NOT NULL
        )
        """,
    fold="""
        INSERT INTO event_called_off AS kept (
               learning_event_id, called_off, sequence)
        SELECT DISTINCT ON (learning_event_id)
               learning_event_id, routing_key = 'bookings.EventCancelled' AS called_off, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (learning_event_id uuid)
         ORDER BY learning_event_id, sequence DESC
            ON CONFLICT (learning_event_id) DO UPDATE
           SET called_off = excluded.called_off,
               sequence   = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
