"""Until when somebody has promised to convene a Community of Practice."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.bookings.community import CopConvenorAssigned

COMMUNITY_CONVENOR = Projection(
    name="community_convenor",
    hears=(CopConvenorAssigned,),
    table="""
        CREATE TABLE community_convenor (
            community_id   uuid   NOT NULL,
            person_id      uuid   NOT NULL,
            convenor_until date   NOT NULL,
            sequence       bigint NOT NULL,
            PRIMARY KEY (community_id, person_id)
        )
        """,
    fold="""
        INSERT INTO community_convenor AS kept (
               community_id, person_id, convenor_until, sequence)
        SELECT DISTINCT ON (community_id, person_id)
               community_id, person_id, convenor_until, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (community_id uuid, person_id uuid, convenor_until date)
         ORDER BY community_id, person_id, sequence DESC
            ON CONFLICT (community_id, person_id) DO UPDATE
           SET convenor_until = excluded.convenor_until,
               sequence       = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
