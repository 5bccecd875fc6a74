"""How many sessions took place."""

from pdu_reporting.facts.held import SESSION_HELD
from pdu_reporting.figure import PERIOD, Figure

EVENTS_HELD = Figure(
    name="events_held",
    statement="Sessions that took place: somebody was there. A learning event with two sessions"
    " counts twice; cut by work stream, a session counts in each of its work streams.",
    of_things=True,
    fact=SESSION_HELD,
    days=PERIOD,
    sql="""
        SELECT cut, count(*) AS value
          FROM held
         GROUP BY cut
         ORDER BY cut
        """,
)
