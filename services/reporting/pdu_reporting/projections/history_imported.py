"""Files of records that have been taken: how many rows each had, and how many messages it gave."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.bookings import past as bookings
from pdu_shared.contracts.resources import past as resources

HISTORY_IMPORTED = Projection(
    name="history_imported",
    hears=(bookings.HistoryImported, resources.HistoryImported),
    table="""
        CREATE TABLE history_imported (
            batch_id uuid   PRIMARY KEY,
            service  text   NOT NULL,
            file     text   NOT NULL,
            rows     bigint NOT NULL,
            messages bigint NOT NULL,
            sequence bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO history_imported AS kept (batch_id, service, file, rows, messages, sequence)
        SELECT DISTINCT ON (batch_id)
               batch_id, ltrim(source, '/'), file, rows, messages, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (batch_id uuid, file text, rows bigint, messages bigint)
         ORDER BY batch_id, sequence DESC, ltrim(source, '/') DESC
            ON CONFLICT (batch_id) DO UPDATE
           SET service  = excluded.service,
               file     = excluded.file,
               rows     = excluded.rows,
               messages = excluded.messages,
               sequence = excluded.sequence
         WHERE (kept.sequence, kept.service) < (excluded.sequence, excluded.service)
        """,
)
