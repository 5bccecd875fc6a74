"""How many people the hub, the learning events, or both have reached."""

from pdu_reporting.facts.reached import REACH
from pdu_reporting.figure import UP_TO, Figure

INDIVIDUALS_REACHED = Figure(
    name="individuals_reached",
    statement="Different people with an account of the hub, an attendance, or both, up to a day."
    " Sector and the like are as they were the last time.",
    fact=REACH,
    days=UP_TO,
    adds_up=False,
    sql="""
        SELECT cut, count(*) AS value
          FROM reached
         GROUP BY cut
         ORDER BY cut
        """,
    tallied="""
        SELECT cut, sum(people)::bigint AS value
          FROM tallied
         GROUP BY cut
         ORDER BY cut
        """,
)

INDIVIDUALS_BLENDED = Figure(
    name="individuals_blended",
    statement="Different people with an account of the hub and an attendance, up to a day.",
    fact=REACH,
    days=UP_TO,
    adds_up=False,
    sql="""
        SELECT cut, count(*) AS value
          FROM reached
         WHERE in_hub AND at_event
         GROUP BY cut
         ORDER BY cut
        """,
    tallied="""
        SELECT cut, sum(people)::bigint AS value
          FROM tallied
         WHERE way = 'both'
         GROUP BY cut
         ORDER BY cut
        """,
)

INDIVIDUALS_HUB_ONLY = Figure(
    name="individuals_hub_only",
    statement="Different people with an account of the hub and no attendance, up to a day.",
    fact=REACH,
    days=UP_TO,
    adds_up=False,
    sql="""
        SELECT cut, count(*) AS value
          FROM reached
         WHERE in_hub AND NOT at_event
         GROUP BY cut
         ORDER BY cut
        """,
    tallied="""
        SELECT cut, sum(people)::bigint AS value
          FROM tallied
         WHERE way = 'hub'
         GROUP BY cut
         ORDER BY cut
        """,
)

INDIVIDUALS_EVENTS_ONLY = Figure(
    name="individuals_events_only",
    statement="Different people with an attendance and no account of the hub, up to a day.",
    fact=REACH,
    days=UP_TO,
    adds_up=False,
    sql="""
        SELECT cut, count(*) AS value
          FROM reached
         WHERE at_event AND NOT in_hub
         GROUP BY cut
         ORDER BY cut
        """,
    tallied="""
        SELECT cut, sum(people)::bigint AS value
          FROM tallied
         WHERE way = 'events'
         GROUP BY cut
         ORDER BY cut
        """,
)
