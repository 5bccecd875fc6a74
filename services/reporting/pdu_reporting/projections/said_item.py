"""What people said, and how far it has come."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.voice import WeDidReported, YouSaidRecorded

SAID_ITEM = Projection(
    name="said_item",
    hears=(YouSaidRecorded, WeDidReported),
    table="""
        CREATE TABLE said_item (
            item_id           uuid   PRIMARY KEY,
            state             text   NOT NULL,
            learning_event_id uuid,
            organisation_id   uuid,
            workstream        text,
            said_on           date   NOT NULL,
            sequence          bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO said_item AS kept (
               item_id, state, learning_event_id, organisation_id, workstream, said_on, sequence)
        SELECT DISTINCT ON (item_id)
               item_id, state, learning_event_id, organisation_id, workstream, said_on, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (item_id uuid, state text, learning_event_id uuid, organisation_id uuid,
                        workstream text, said_on date)
         ORDER BY item_id, sequence DESC
            ON CONFLICT (item_id) DO UPDATE
           SET state             = excluded.state,
               learning_event_id = excluded.learning_event_id,
               organisation_id   = excluded.organisation_id,
               workstream        = excluded.workstream,
               said_on           = excluded.said_on,
               sequence          = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
