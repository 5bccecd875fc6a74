"""How many members use the hub."""

from pdu_reporting.facts.acted import ACTIVITY
from pdu_reporting.figure import PERIOD, Figure

HUB_ACTIVE_USERS = Figure(
    name="hub_active_users",
    statement="Different people who did anything in the hub: looked at a resource, took one with"
    " them, began or ended a module. Sector and the like are as at their registration. One person"
    " counts once in each row, so rows do not add up to the total.",
    fact=ACTIVITY,
    days=PERIOD,
    adds_up=False,
    sql="""
        SELECT cut, count(*) AS value
          FROM (SELECT DISTINCT cut, person_id
                  FROM acted) AS individual
         GROUP BY cut
         ORDER BY cut
        """,
)
