"""The words of the lists that everybody uses, as their owner told them: what a filter may ask."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.vocabulary import CategoryDefined

CATEGORY = Projection(
    name="category",
    hears=(CategoryDefined,),
    table="""
        CREATE TABLE category (
            category_id uuid   PRIMARY KEY,
            scheme      text   NOT NULL,
            code        text   NOT NULL,
            label       text   NOT NULL,
            sequence    bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO category AS kept (category_id, scheme, code, label, sequence)
        SELECT DISTINCT ON (category_id)
               category_id, scheme, code, label, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (category_id uuid, scheme text, code text, label text)
         ORDER BY category_id, sequence DESC
            ON CONFLICT (category_id) DO UPDATE
           SET scheme   = excluded.scheme,
               code     = excluded.code,
               label    = excluded.label,
               sequence = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
