"""How many different people came."""

from pdu_reporting.facts.attended import ATTENDANCE, MERGED
from pdu_reporting.figure import PERIOD, Figure

INDIVIDUALS = Figure(
    name="individuals",
    statement="How many different people came to a session at least once, in the state present or"
    " partial. One person counts once in each row, so rows do not add up to the total.",
    fact=ATTENDANCE,
    days=PERIOD,
    behind=MERGED,
    adds_up=False,
    sql="""
        SELECT what || who AS cut, count(*) AS value
          FROM (SELECT DISTINCT what, who, person_id
                  FROM attended
                 WHERE chosen) AS individual
         GROUP BY what, who
         ORDER BY cut
        """,
    tallied="""
        SELECT what || who AS cut, sum(people)::bigint AS value
          FROM tallied
         WHERE chosen
         GROUP BY what, who
         ORDER BY cut
        """,
)
