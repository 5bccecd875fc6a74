"""Words that count as others. What was told stays as it is: figures ask here when they count."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.explaining import CategoryRecoded

RECODING = Projection(
    name="recoding",
    hears=(CategoryRecoded,),
    table="""
        CREATE TABLE recoding (
            recoding_id     uuid    PRIMARY KEY,
            code            text    NOT NULL,
            scheme          text    NOT NULL,
            source_code     text    NOT NULL,
            canonical_code  text    NOT NULL,
            organisation_id uuid,
            valid_from      date,
            valid_to        date,
            note            text    NOT NULL,
            withdrawn       boolean NOT NULL,
            sequence        bigint  NOT NULL
        )
        """,
    fold="""
        INSERT INTO recoding AS kept (
               recoding_id, code, scheme, source_code, canonical_code, organisation_id,
               valid_from, valid_to, note, withdrawn, sequence)
        SELECT DISTINCT ON (recoding_id)
               recoding_id, code, scheme, source_code, canonical_code, organisation_id,
               valid_from, valid_to, note, coalesce(withdrawn, false), sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (recoding_id uuid, code text, scheme text, source_code text,
                        canonical_code text, organisation_id uuid, valid_from date, valid_to date,
                        note text, withdrawn boolean)
         ORDER BY recoding_id, sequence DESC
            ON CONFLICT (recoding_id) DO UPDATE
           SET code            = excluded.code,
               scheme          = excluded.scheme,
               source_code     = excluded.source_code,
               canonical_code  = excluded.canonical_code,
               organisation_id = excluded.organisation_id,
               valid_from      = excluded.valid_from,
               valid_to        = excluded.valid_to,
               note            = excluded.note,
               withdrawn       = excluded.withdrawn,
               sequence        = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
