"""Whether those who answered a survey are like those who came."""

from pdu_reporting.facts.profiled import ABOUT_SURVEYS, PROFILE
from pdu_reporting.figure import PERIOD, Dimension, Figure, Unit

REPRESENTATIVENESS = Figure(
    name="representativeness",
    statement="Per cent, twice: which part of the respondents of a survey, and of the individuals"
    " who came in the period, is of a sector or work field. The two beside each other show whom a"
    " survey does not speak for. Respondents who did not say are left out.",
    unit=Unit.PERCENT,
    fact=PROFILE,
    more=(Dimension("people", codes=("attendees", "respondents")),),
    always_by=("people",),
    days=PERIOD,
    filters=ABOUT_SURVEYS,
    needs=("survey_key",),
    sql="""
        SELECT cut || people AS cut, numerator, denominator
          FROM (SELECT cut, people, count(*) FILTER (WHERE chosen) AS numerator,
                       sum(count(*)) OVER (PARTITION BY people)    AS denominator
                  FROM profiled
                 GROUP BY cut, people) AS part
         WHERE (numerator > 0 OR NOT $1 ?| '{sector,work_field}')
           AND ($2 -> 'people' IS NULL OR $2 -> 'people' ? people)
         ORDER BY cut
        """,
)
