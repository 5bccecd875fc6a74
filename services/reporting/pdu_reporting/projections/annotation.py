"""What happened in the world while figures went up or down."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.explaining import AnnotationAdded

ANNOTATION = Projection(
    name="annotation",
    hears=(AnnotationAdded,),
    table="""
        CREATE TABLE annotation (
            annotation_id uuid    PRIMARY KEY,
            code          text    NOT NULL,
            label         text    NOT NULL,
            starts_on     date    NOT NULL,
            ends_on       date,
            withdrawn     boolean NOT NULL,
            sequence      bigint  NOT NULL
        )
        """,
    fold="""
        INSERT INTO annotation AS kept (
               annotation_id, code, label, starts_on, ends_on, withdrawn, sequence)
        SELECT DISTINCT ON (annotation_id)
               annotation_id, code, label, starts_on, ends_on, coalesce(withdrawn, false), sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (annotation_id uuid, code text, label text, starts_on date, ends_on date,
                        withdrawn boolean)
         ORDER BY annotation_id, sequence DESC
            ON CONFLICT (annotation_id) DO UPDATE
           SET code      = excluded.code,
               label     = excluded.label,
               starts_on = excluded.starts_on,
               ends_on   = excluded.ends_on,
               withdrawn = excluded.withdrawn,
               sequence  = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
