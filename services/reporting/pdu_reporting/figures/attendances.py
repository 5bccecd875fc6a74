"""How often people came."""

from pdu_reporting.facts.attended import ATTENDANCE, CAME
from pdu_reporting.figure import PERIOD, Figure

ATTENDANCES = Figure(
    name="attendances",
    statement="How often people came to a session: one for each person and session, in the state"
    " present or partial. Sector and the like are as they were on that day.",
    fact=ATTENDANCE,
    days=PERIOD,
    behind=CAME,
    sql="""
        SELECT what || who AS cut, count(*) AS value
          FROM attended
         WHERE chosen
         GROUP BY what, who
         ORDER BY cut
        """,
    tallied_sums=True,
    tallied="""
        SELECT what || who AS cut, sum(times * people)::bigint AS value
          FROM tallied
         WHERE chosen
         GROUP BY what, who
         ORDER BY cut
        """,
)
