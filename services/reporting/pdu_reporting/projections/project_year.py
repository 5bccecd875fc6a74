"""Project years: data, not a formula, so that another programme can have others."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.vocabulary import ProjectYearDefined

PROJECT_YEAR = Projection(
    name="project_year",
    hears=(ProjectYearDefined,),
    table="""
        CREATE TABLE project_year (
            project_year_id uuid    PRIMARY KEY,
            code            text    NOT NULL,
            label           text    NOT NULL,
            starts_on       date    NOT NULL,
            ends_on         date    NOT NULL,
            is_partial      boolean NOT NULL,
            sequence        bigint  NOT NULL
        )
        """,
    fold="""
        INSERT INTO project_year AS kept (
               project_year_id, code, label, starts_on, ends_on, is_partial, sequence)
        SELECT DISTINCT ON (project_year_id)
               project_year_id, code, label, starts_on, ends_on, is_partial, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (project_year_id uuid, code text, label text, starts_on date, ends_on date,
                        is_partial boolean)
         ORDER BY project_year_id, sequence DESC
            ON CONFLICT (project_year_id) DO UPDATE
           SET code       = excluded.code,
               label      = excluded.label,
               starts_on  = excluded.starts_on,
               ends_on    = excluded.ends_on,
               is_partial = excluded.is_partial,
               sequence   = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
