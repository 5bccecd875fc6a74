"""Where Communities of Practice have come to in their life, once it was told."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.bookings.community import CopStateChanged

COMMUNITY_STATE = Projection(
    name="community_state",
    hears=(CopStateChanged,),
    table="""
        CREATE TABLE community_state (
            community_id uuid   PRIMARY KEY,
            state        text   NOT NULL,
            sequence     bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO community_state AS kept (
               community_id, state, sequence)
        SELECT DISTINCT ON (community_id)
               community_id, state, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (community_id uuid, state text)
         ORDER BY community_id, sequence DESC
            ON CONFLICT (community_id) DO UPDATE
           SET state    = excluded.state,
               sequence = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
