"""What the library offers now, by when it was published."""

from pdu_reporting.figure import MONTH, PROJECT_YEAR, WORKSTREAM, Dimension, Fact
from pdu_shared.contracts.resources.library import ItemType, Scope
from pdu_shared.contracts.vocabulary import Level

OFFERED = """
    offered AS (
        SELECT DISTINCT
               ARRAY[CASE WHEN $1::jsonb ? 'project_year' THEN year.code                    END,
                     CASE WHEN $1 ? 'month'        THEN to_char(published_on, 'YYYY-MM')    END,
                     CASE WHEN $1 ? 'type'         THEN type                                END,
                     CASE WHEN $1 ? 'scope'        THEN scope                               END,
                     CASE WHEN $1 ? 'level'        THEN level                               END,
                     stream
               ] AS cut,
               item_id
          FROM library_item
          LEFT JOIN LATERAL unnest(workstreams) AS stream
            ON $1 ? 'workstream'
           AND ($2::jsonb -> 'workstream' IS NULL OR $2 -> 'workstream' ? stream)
          LEFT JOIN LATERAL (SELECT code
                               FROM project_year
                              WHERE published_on BETWEEN starts_on AND ends_on
                              ORDER BY starts_on DESC
                              LIMIT 1) AS year
            ON $1 ? 'project_year' OR $2 ? 'project_year'
         WHERE NOT archived
           AND ($2 -> 'project_year' IS NULL OR $2 -> 'project_year' ? year.code)
           AND ($2 -> 'type'         IS NULL OR $2 -> 'type'         ? type)
           AND ($2 -> 'scope'        IS NULL OR $2 -> 'scope'        ? scope)
           AND ($2 -> 'level'        IS NULL OR $2 -> 'level'        ? level)
           AND ($2 -> 'workstream'   IS NULL OR $2 -> 'workstream'   ?| workstreams)
           AND published_on BETWEEN coalesce($3::date, '-infinity')
                                AND coalesce($4::date, 'infinity')
    )
    """

LIBRARY = Fact(
    tables=("library_item", "project_year"),
    dimensions=(
        PROJECT_YEAR, MONTH, Dimension("type", codes=tuple(ItemType)),
        Dimension("scope", codes=tuple(Scope)), Dimension("level", codes=tuple(Level)), WORKSTREAM,
    ),
    queries=(OFFERED,),
)  # fmt: skip
