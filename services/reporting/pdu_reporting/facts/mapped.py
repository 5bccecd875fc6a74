"""The outcomes map and the logs beside it: markers, influence, indicators, pledges, evaluation."""

from pdu_reporting.figure import Dimension, Fact
from pdu_shared.contracts.resources.change import EvidenceMethod
from pdu_shared.contracts.resources.outcome import IndicatorKind, MarkerLevel
from pdu_shared.contracts.resources.steering import UndertakingState

OBSERVED = """
    observed AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'marker_level' THEN level    END,
                     CASE WHEN $1 ? 'evidence'            THEN evidence END] AS cut,
               seen
          FROM marker_observation
         WHERE ($2::jsonb -> 'marker_level' IS NULL OR $2 -> 'marker_level' ? level)
           AND ($2 -> 'evidence'            IS NULL OR $2 -> 'evidence'     ? evidence)
           AND observed_on BETWEEN coalesce($3::date, '-infinity')
                               AND coalesce($4::date, 'infinity')
    )
    """

INFLUENCED = """
    contributed AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'result'
                          THEN CASE influenced WHEN true THEN 'influenced'
                                               WHEN false THEN 'not_influenced'
                                               ELSE 'not_known' END END] AS cut
          FROM strategic_influence
         WHERE ($2::jsonb -> 'result' IS NULL
                OR $2 -> 'result' ? CASE influenced WHEN true THEN 'influenced'
                                                    WHEN false THEN 'not_influenced'
                                                    ELSE 'not_known' END)
           AND happened_on BETWEEN coalesce($3::date, '-infinity')
                               AND coalesce($4::date, 'infinity')
    )
    """

REPORTED = """
    reported AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'indicator' THEN indicator END] AS cut, numerator,
               denominator
          FROM indicator_report
         WHERE ($2::jsonb -> 'indicator' IS NULL OR $2 -> 'indicator' ? indicator)
           AND denominator IS NOT NULL
           AND period_from >= coalesce($3::date, '-infinity')
           AND period_to <= coalesce($4::date, 'infinity')
    )
    """

PLEDGED = """
    pledged AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'state' THEN state END] AS cut
          FROM pledge_adoption
         WHERE ($2::jsonb -> 'state' IS NULL OR $2 -> 'state' ? state)
           AND adopted_on BETWEEN coalesce($3::date, '-infinity')
                              AND coalesce($4::date, 'infinity')
    )
    """

EVALUATED = """
    evaluated AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'evidence' THEN method END] AS cut, participants_count
          FROM evaluation_activity
         WHERE ($2::jsonb -> 'evidence' IS NULL OR $2 -> 'evidence' ? method)
           AND ends_on >= coalesce($3::date, '-infinity')
           AND starts_on <= coalesce($4::date, 'infinity')
    )
    """

EVIDENCE = Dimension("evidence", codes=tuple(EvidenceMethod))

MARKER = Fact(
    tables=("marker_observation",),
    dimensions=(Dimension("marker_level", codes=tuple(MarkerLevel)), EVIDENCE),
    queries=(OBSERVED,),
)
INFLUENCE = Fact(
    tables=("strategic_influence",),
    dimensions=(Dimension("result", codes=("influenced", "not_influenced", "not_known")),),
    queries=(INFLUENCED,),
)
INDICATOR = Fact(
    tables=("indicator_report",),
    dimensions=(Dimension("indicator", codes=tuple(IndicatorKind)),),
    queries=(REPORTED,),
)
PLEDGE = Fact(
    tables=("pledge_adoption",),
    dimensions=(Dimension("state", codes=tuple(UndertakingState)),),
    queries=(PLEDGED,),
)
EVALUATION = Fact(
    tables=("evaluation_activity",),
    dimensions=(EVIDENCE,),
    queries=(EVALUATED,),
)
