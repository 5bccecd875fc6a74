"""What became of actions, of objectives, and of what organisations promised."""

from pdu_reporting.facts.undertaken import ACTION, COMMITMENT, OBJECTIVE
from pdu_reporting.figure import NO_DAYS, Figure, Filter, Kind, Unit

ACTIONS = Figure(
    name="actions",
    statement="Actions of the steering group, of plans and of working groups, by what became of"
    " them; those that are due in the period.",
    fact=ACTION,
    days=(Filter("due_from", Kind.DAY), Filter("due_to", Kind.DAY)),
    sql="SELECT cut, count(*) AS value FROM set_action GROUP BY cut ORDER BY cut",
)

OBJECTIVES = Figure(
    name="objectives",
    statement="Objectives of plans, by what became of them, and by the plan of partners that they"
    " help with.",
    of_things=True,
    fact=OBJECTIVE,
    days=(Filter("set_from", Kind.DAY), Filter("set_to", Kind.DAY)),
    sql="SELECT cut, count(*) AS value FROM wanted GROUP BY cut ORDER BY cut",
)

COMMITMENTS = Figure(
    name="commitments",
    statement="What organisations promised for a project year, by what became of it.",
    fact=COMMITMENT,
    days=NO_DAYS,
    sql="SELECT cut, count(*) AS value FROM promised GROUP BY cut ORDER BY cut",
)

COMMITMENTS_KEPT = Figure(
    name="commitments_kept",
    statement="Per cent of what was promised that was kept, of the commitments that have been"
    " reviewed. More than was promised counts as all of it.",
    unit=Unit.PERCENT,
    fact=COMMITMENT,
    days=NO_DAYS,
    sql="""
        SELECT cut, sum(least(kept, promised)) AS numerator, sum(promised) AS denominator
          FROM promised
         WHERE state NOT IN ('intended', 'reminded')
         GROUP BY cut
         ORDER BY cut
        """,
)
