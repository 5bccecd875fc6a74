"""The outcomes map and the logs beside it, in numbers."""

from pdu_reporting.facts.mapped import EVALUATION, INDICATOR, INFLUENCE, MARKER, PLEDGE
from pdu_reporting.figure import PERIOD, Figure, Unit

MARKERS_SEEN = Figure(
    name="markers_seen",
    statement="Per cent of the observations of progress markers in which the marker was seen.",
    unit=Unit.PERCENT,
    fact=MARKER,
    days=PERIOD,
    sql="""
        SELECT cut, count(*) FILTER (WHERE seen) AS numerator, count(*) AS denominator
          FROM observed
         GROUP BY cut
         ORDER BY cut
        """,
)

STRATEGIC_INFLUENCES = Figure(
    name="strategic_influences",
    statement="Contributions of the unit to strategies, by whether they made a difference.",
    of_things=True,
    fact=INFLUENCE,
    days=PERIOD,
    sql="SELECT cut, count(*) AS value FROM contributed GROUP BY cut ORDER BY cut",
)

INDICATOR_SHARE = Figure(
    name="indicator_share",
    statement="Per cent, as organisations count it themselves: their numbers added up, of the"
    " periods that lie within the days asked for. Organisations count in ways of their own, so"
    " look at what is behind it before comparing.",
    unit=Unit.PERCENT,
    fact=INDICATOR,
    days=PERIOD,
    sql="""
        SELECT cut, sum(numerator) AS numerator, sum(denominator) AS denominator
          FROM reported
         GROUP BY cut
         ORDER BY cut
        """,
)

PLEDGES = Figure(
    name="pledges",
    statement="Pledges that organisations made their own, by how far they have come.",
    of_things=True,
    fact=PLEDGE,
    days=PERIOD,
    sql="SELECT cut, count(*) AS value FROM pledged GROUP BY cut ORDER BY cut",
)

EVALUATION_ACTIVITIES = Figure(
    name="evaluation_activities",
    statement="What was done to evaluate, by method.",
    of_things=True,
    fact=EVALUATION,
    days=PERIOD,
    sql="SELECT cut, count(*) AS value FROM evaluated GROUP BY cut ORDER BY cut",
)

EVALUATION_PARTICIPANTS = Figure(
    name="evaluation_participants",
    statement="How many took part in what was done to evaluate, one person perhaps several times.",
    fact=EVALUATION,
    days=PERIOD,
    sql="SELECT cut, sum(participants_count) AS value FROM evaluated GROUP BY cut ORDER BY cut",
)
