"""What organisations promised for a year, and what they kept at the last review."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.steering import CommitmentMade, CommitmentReviewed

COMMITMENT = Projection(
    name="commitment",
    hears=(CommitmentMade, CommitmentReviewed),
    table="""
        CREATE TABLE commitment (
            commitment_id   uuid   PRIMARY KEY,
            organisation_id uuid   NOT NULL,
            kind            text   NOT NULL,
            project_year    text   NOT NULL,
            promised        int    NOT NULL,
            kept            int,
            state           text   NOT NULL,
            sequence        bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO commitment AS kept (
               commitment_id, organisation_id, kind, project_year, promised, kept,
               state, sequence)
        SELECT DISTINCT ON (commitment_id)
               commitment_id, organisation_id, kind, project_year, promised, kept,
               state, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (commitment_id uuid, organisation_id uuid, kind text,
                        project_year text, promised int, kept int, state text)
         ORDER BY commitment_id, sequence DESC
            ON CONFLICT (commitment_id) DO UPDATE
           SET organisation_id = excluded.organisation_id,
               kind            = excluded.kind,
               project_year    = excluded.project_year,
               promised        = excluded.promised,
               kept            = excluded.kept,
               state           = excluded.state,
               sequence        = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
