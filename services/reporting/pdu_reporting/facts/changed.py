"""What changed, by all that an impact record is coded with; withdrawn ones are left out."""

from pdu_reporting.figure import PROJECT_YEAR, WORKSTREAM, Dimension, Fact
from pdu_shared.contracts.resources.change import (
    ChangeDepth,
    ChangeKind,
    ChangeLevel,
    ContributionClass,
    EvidenceMethod,
    Expectedness,
    HlsCondition,
    ImpactState,
    Outcome,
    PieElement,
    SystemChangeAim,
)

CHANGED = """
    changed AS (
        SELECT DISTINCT
               ARRAY[CASE WHEN $1::jsonb ? 'project_year'   THEN year.code          END,
                     CASE WHEN $1 ? 'impact_state'          THEN state              END,
                     CASE WHEN $1 ? 'change_kind'           THEN kind               END,
                     CASE WHEN $1 ? 'level'                 THEN level              END,
                     CASE WHEN $1 ? 'depth'                 THEN depth              END,
                     CASE WHEN $1 ? 'contribution_class'    THEN contribution_class END,
                     CASE WHEN $1 ? 'expectedness'          THEN expectedness       END,
                     aim, condition, element, outcome, method, stream, event::text
               ] AS cut,
               impact_id, sequence
          FROM impact
          LEFT JOIN LATERAL unnest(aims)        AS aim
            ON $1 ? 'aim'        AND ($2::jsonb -> 'aim' IS NULL OR $2 -> 'aim' ? aim)
          LEFT JOIN LATERAL unnest(hls)         AS condition
            ON $1 ? 'hls'        AND ($2 -> 'hls' IS NULL OR $2 -> 'hls' ? condition)
          LEFT JOIN LATERAL unnest(pie)         AS element
            ON $1 ? 'pie'        AND ($2 -> 'pie' IS NULL OR $2 -> 'pie' ? element)
          LEFT JOIN LATERAL unnest(outcomes)    AS outcome
            ON $1 ? 'outcome'    AND ($2 -> 'outcome' IS NULL OR $2 -> 'outcome' ? outcome)
          LEFT JOIN LATERAL unnest(evidence)    AS method
            ON $1 ? 'evidence'   AND ($2 -> 'evidence' IS NULL OR $2 -> 'evidence' ? method)
          LEFT JOIN LATERAL unnest(workstreams) AS stream
            ON $1 ? 'workstream' AND ($2 -> 'workstream' IS NULL OR $2 -> 'workstream' ? stream)
          LEFT JOIN LATERAL unnest(learning_event_ids) AS event
            ON $1 ? 'learning_event'
           AND ($2 -> 'learning_event' IS NULL OR $2 -> 'learning_event' ? event::text)
          LEFT JOIN LATERAL (SELECT code
                               FROM project_year
                              WHERE happened_on BETWEEN starts_on AND ends_on
                              ORDER BY starts_on DESC
                              LIMIT 1) AS year
            ON $1 ? 'project_year' OR $2 ? 'project_year'
         WHERE state <> 'withdrawn'
           AND ($2 -> 'project_year' IS NULL OR $2 -> 'project_year' ? year.code)
           AND ($2 -> 'impact_state' IS NULL OR $2 -> 'impact_state' ? state)
           AND ($2 -> 'change_kind'  IS NULL OR $2 -> 'change_kind'  ? kind)
           AND ($2 -> 'level'        IS NULL OR $2 -> 'level'        ? level)
           AND ($2 -> 'depth'        IS NULL OR $2 -> 'depth'        ? depth)
           AND ($2 -> 'contribution_class' IS NULL
                OR $2 -> 'contribution_class' ? contribution_class)
           AND ($2 -> 'expectedness' IS NULL OR $2 -> 'expectedness' ? expectedness)
           AND ($2 -> 'aim'        IS NULL OR $2 -> 'aim'        ?| aims)
           AND ($2 -> 'hls'        IS NULL OR $2 -> 'hls'        ?| hls)
           AND ($2 -> 'pie'        IS NULL OR $2 -> 'pie'        ?| pie)
           AND ($2 -> 'outcome'    IS NULL OR $2 -> 'outcome'    ?| outcomes)
           AND ($2 -> 'evidence'   IS NULL OR $2 -> 'evidence'   ?| evidence)
           AND ($2 -> 'workstream' IS NULL OR $2 -> 'workstream' ?| workstreams)
           AND ($2 -> 'learning_event' IS NULL
                OR $2 -> 'learning_event' ?| learning_event_ids::text[])
           AND happened_on BETWEEN coalesce($3::date, '-infinity')
                               AND coalesce($4::date, 'infinity')
    )
    """

TOLD_BY = "SELECT 'impact/' || impact_id AS subject, sequence FROM changed"
"""The messages behind them."""

IMPACT = Fact(
    tables=("impact", "project_year"),
    dimensions=(
        PROJECT_YEAR,
        Dimension(
            "impact_state",
            codes=tuple(state for state in ImpactState if state is not ImpactState.WITHDRAWN),
        ),
        Dimension("change_kind", codes=tuple(ChangeKind)),
        Dimension("level", codes=tuple(ChangeLevel)),
        Dimension("depth", codes=tuple(ChangeDepth)),
        Dimension("contribution_class", codes=tuple(ContributionClass)),
        Dimension("expectedness", codes=tuple(Expectedness)),
        Dimension("aim", codes=tuple(SystemChangeAim)),
        Dimension("hls", codes=tuple(HlsCondition)),
        Dimension("pie", codes=tuple(PieElement)),
        Dimension("outcome", codes=tuple(Outcome)),
        Dimension("evidence", codes=tuple(EvidenceMethod)),
        WORKSTREAM,
        Dimension("learning_event"),
    ),
    queries=(CHANGED,),
)
"""One row for each record and each combination of its aims, conditions and so on that is asked
for; a record without any of them has a row with null."""
