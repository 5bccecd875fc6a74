"""Learning events that were announced: what kind they are and what they are about."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.bookings.programme import EventPublished, EventUpdated

LEARNING_EVENT = Projection(
    name="learning_event",
    hears=(EventPublished, EventUpdated),
    table="""
        CREATE TABLE learning_event (
            learning_event_id uuid   PRIMARY KEY,
            kind              text   NOT NULL,
            event_type        text   NOT NULL,
            title             text   NOT NULL,
            workstreams       text[] NOT NULL,
            series            text,
            sequence          bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO learning_event AS kept (
               learning_event_id, kind, event_type, title, workstreams, series, sequence)
        SELECT DISTINCT ON (learning_event_id)
               learning_event_id, kind, event_type, title, workstreams, series, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (learning_event_id uuid, kind text, event_type text, title text,
                        workstreams text[], series text)
         ORDER BY learning_event_id, sequence DESC
            ON CONFLICT (learning_event_id) DO UPDATE
           SET kind        = excluded.kind,
               event_type  = excluded.event_type,
               title       = excluded.title,
               workstreams = excluded.workstreams,
               series      = excluded.series,
               sequence    = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
