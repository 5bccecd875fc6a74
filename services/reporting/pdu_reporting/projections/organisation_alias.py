"""Ids that stand for an organisation: other names of it, and records that were merged into it."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.organisation import OrganisationMerged, OrganisationUnmerged

ORGANISATION_ALIAS = Projection(
    name="organisation_alias",
    hears=(OrganisationMerged, OrganisationUnmerged),
    table="""
        CREATE TABLE organisation_alias (
            merged_id uuid    PRIMARY KEY,
            kept_id   uuid    NOT NULL,
            merged    boolean NOT NULL,  -- false where that was taken back
            sequence  bigint  NOT NULL
        )
        """,
    fold="""
        INSERT INTO organisation_alias AS kept (merged_id, kept_id, merged, sequence)
        SELECT DISTINCT ON (merged_id)
               merged_id, kept_id, routing_key = 'resources.OrganisationMerged', sequence
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
