"""How many Communities of Practice met."""

from pdu_reporting.facts.held import SESSION_HELD
from pdu_reporting.figure import PERIOD, Figure

COPS_ACTIVE = Figure(
    name="cops_active",
    statement="Different Communities of Practice that held a session. One community counts once in"
    " each row, so rows do not add up to the total.",
    of_things=True,
    fact=SESSION_HELD,
    without=("kind", "series", "session"),
    days=PERIOD,
    adds_up=False,
    sql="""
        SELECT cut, count(DISTINCT series) AS value
          FROM held
         WHERE kind = 'cop_session'
         GROUP BY cut
         ORDER BY cut
        """,
)
