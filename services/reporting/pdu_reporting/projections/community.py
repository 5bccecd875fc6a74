"""Communities of Practice that were proposed."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.bookings.community import CopCreated

COMMUNITY = Projection(
    name="community",
    hears=(CopCreated,),
    table="""
        CREATE TABLE community (
            community_id uuid   PRIMARY KEY,
            key          text   NOT NULL,
            workstream   text   NOT NULL,
            state        text   NOT NULL,
            sequence     bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO community AS kept (
               community_id, key, workstream, state, sequence)
        SELECT DISTINCT ON (community_id)
               community_id, key, workstream, state, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (community_id uuid, key text, workstream text, state text)
         ORDER BY community_id, sequence DESC
            ON CONFLICT (community_id) DO UPDATE
           SET key        = excluded.key,
               workstream = excluded.workstream,
               state      = excluded.state,
               sequence   = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
