"""Work streams, each version with its label and the time for which it holds."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.vocabulary import WorkstreamDefined

WORKSTREAM = Projection(
    name="workstream",
    hears=(WorkstreamDefined,),
    table="""
        CREATE TABLE workstream (
            workstream_id uuid   PRIMARY KEY,
            code          text   NOT NULL,
            label         text   NOT NULL,
            valid_from    date   NOT NULL,
            valid_to      date,
            sequence      bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO workstream AS kept (
               workstream_id, code, label, valid_from, valid_to, sequence)
        SELECT DISTINCT ON (workstream_id)
               workstream_id, code, label, valid_from, valid_to, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (workstream_id uuid, code text, label text, valid_from date, valid_to date)
         ORDER BY workstream_id, sequence DESC
            ON CONFLICT (workstream_id) DO UPDATE
           SET code       = excluded.code,
               label      = excluded.label,
               valid_from = excluded.valid_from,
               valid_to   = excluded.valid_to,
               sequence   = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
