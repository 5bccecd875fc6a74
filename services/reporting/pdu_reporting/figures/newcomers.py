"""Who came for the first time, and who came again."""

from pdu_reporting.facts.arrived import ARRIVAL
from pdu_reporting.figure import PERIOD, Figure

INDIVIDUALS_NEW = Figure(
    name="individuals_new",
    statement="Individuals whose first attendance ever, at any session, is in the period: in that"
    " which is asked for, and in the year, month or session of the row.",
    fact=ARRIVAL,
    days=PERIOD,
    adds_up=False,
    sql="""
        SELECT what || who AS cut, count(*) FILTER (WHERE is_new) AS value
          FROM arrived
         GROUP BY what, who
         ORDER BY cut
        """,
    tallied="""
        SELECT what || who AS cut, coalesce(sum(people) FILTER (WHERE is_new), 0)::bigint AS value
          FROM tallied
         WHERE chosen
         GROUP BY what, who
         ORDER BY cut
        """,
)

INDIVIDUALS_RETURNING = Figure(
    name="individuals_returning",
    statement="Individuals who came in the period and had come before it, to any session. New and"
    " returning together are the individuals.",
    fact=ARRIVAL,
    days=PERIOD,
    adds_up=False,
    sql="""
        SELECT what || who AS cut, count(*) FILTER (WHERE NOT is_new) AS value
          FROM arrived
         GROUP BY what, who
         ORDER BY cut
        """,
    tallied="""
        SELECT what || who AS cut,
               coalesce(sum(people) FILTER (WHERE NOT is_new), 0)::bigint AS value
          FROM tallied
         WHERE chosen
         GROUP BY what, who
         ORDER BY cut
        """,
)
