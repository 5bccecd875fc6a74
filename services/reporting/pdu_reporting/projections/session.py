"""Sessions and the day on which each starts, by the clock of the place where it is held."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.bookings.programme import (
    SessionMovedOnline,
    SessionRescheduled,
    SessionScheduled,
)

SESSION = Projection(
    name="session",
    hears=(SessionScheduled, SessionRescheduled, SessionMovedOnline),
    table="""
        CREATE TABLE session (
            session_id        uuid        PRIMARY KEY,
            learning_event_id uuid        NOT NULL,
            starts_at         timestamptz NOT NULL,
            starts_on         date        NOT NULL,
            mode              text        NOT NULL,
            capacity          integer     NOT NULL,
            sequence          bigint      NOT NULL
        )
        """,
    fold="""
        INSERT INTO session AS kept (
               session_id, learning_event_id, starts_at, starts_on, mode, capacity, sequence)
        SELECT DISTINCT ON (session_id)
               session_id, learning_event_id, starts_at, (starts_at AT TIME ZONE tz)::date, mode,
               capacity, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (session_id uuid, learning_event_id uuid, starts_at timestamptz, tz text,
                        mode text, capacity integer)
         ORDER BY session_id, sequence DESC
            ON CONFLICT (session_id) DO UPDATE
           SET learning_event_id = excluded.learning_event_id,
               starts_at         = excluded.starts_at,
               starts_on         = excluded.starts_on,
               mode              = excluded.mode,
               capacity          = excluded.capacity,
               sequence          = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
