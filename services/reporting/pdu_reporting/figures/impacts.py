"""What changed, and what people did of what they meant to do."""

from pdu_reporting.facts.changed import IMPACT, TOLD_BY
from pdu_reporting.facts.intended import DISSEMINATION, INTENTION
from pdu_reporting.figure import PERIOD, SUBMITTED, Figure, Filter, Kind, Unit

_INTENDED = (Filter("intended_from", Kind.DAY), Filter("intended_to", Kind.DAY))

IMPACTS = Figure(
    name="impacts",
    statement="Changes that were written down and not withdrawn, by how they are coded. A change"
    " can have several aims, conditions, elements, outcomes, methods of evidence and work streams:"
    " cut by these, rows do not add up.",
    fact=IMPACT,
    days=PERIOD,
    behind=TOLD_BY,
    adds_up=False,
    sql="SELECT cut, count(DISTINCT impact_id) AS value FROM changed GROUP BY cut ORDER BY cut",
)

INTENTIONS = Figure(
    name="intentions",
    statement="What people said they want to change because of a learning event, by what became of"
    " it. Of those who did not agree to be linked it stays intended.",
    fact=INTENTION,
    days=_INTENDED,
    sql="SELECT cut, count(*) AS value FROM meant GROUP BY cut ORDER BY cut",
)

INTENTIONS_ACTED_ON = Figure(
    name="intentions_acted_on",
    statement="Per cent of what people said they want to change that they did, or did in part: of"
    " what they answered about later, who agreed to be linked.",
    unit=Unit.PERCENT,
    fact=INTENTION,
    without=("state",),
    days=_INTENDED,
    sql="""
        SELECT cut, count(*) FILTER (WHERE state IN ('done', 'partly')) AS numerator,
               count(*) AS denominator
          FROM meant
         WHERE state IN ('done', 'partly', 'not_done')
         GROUP BY cut
         ORDER BY cut
        """,
)

SHARED_AS_PLANNED = Figure(
    name="shared_as_planned",
    statement="Per cent of the audiences that people planned to tell whom they told: of those who"
    " answered both surveys about a learning event and agreed to be linked. One who planned three"
    " counts three times; the days are those of the plan.",
    unit=Unit.PERCENT,
    fact=DISSEMINATION,
    days=SUBMITTED,
    sql="""
        SELECT cut, count(*) FILTER (WHERE done) AS numerator, count(*) AS denominator
          FROM planned
         GROUP BY cut
         ORDER BY cut
        """,
)
