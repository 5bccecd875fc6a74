"""Persons with two ids: what is said about the merged one is about the kept one."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.member import PersonMerged, PersonUnmerged

PERSON_ALIAS = Projection(
    name="person_alias",
    hears=(PersonMerged, PersonUnmerged),
    table="""
        CREATE TABLE person_alias (
            merged_id uuid    PRIMARY KEY,
            kept_id   uuid    NOT NULL,
            merged    boolean NOT NULL,  -- false where that was taken back
            sequence  bigint  NOT NULL
        )
        """,
    fold="""
        INSERT INTO person_alias AS kept (merged_id, kept_id, merged, sequence)
        SELECT DISTINCT ON (merged_id)
               merged_id, kept_id, routing_key = 'resources.PersonMerged', sequence
          FROM journal,
               jsonb_to_record(body::jsonb -> 'data') AS told (merged_id uuid, kept_id uuid)
         WHERE position BETWEEN $1 AND $2 AND routing_key = ANY ($3)
         ORDER BY merged_id, sequence DESC
            ON CONFLICT (merged_id) DO UPDATE
           SET kept_id  = excluded.kept_id,
               merged   = excluded.merged,
               sequence = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
