"""Whether those who come to learning events find their way to the hub."""

from pdu_reporting.facts.at_hub import AT_HUB
from pdu_reporting.figure import PERIOD, Figure, Unit

ATTENDEES_WITH_ACCOUNT = Figure(
    name="attendees_with_account",
    statement="Per cent of the individuals who came to a session that have an account of the hub,"
    " made before or after.",
    unit=Unit.PERCENT,
    fact=AT_HUB,
    days=PERIOD,
    sql="""
        SELECT cut, count(*) FILTER (WHERE has_account) AS numerator, count(*) AS denominator
          FROM came
         GROUP BY cut
         ORDER BY cut
        """,
)

ATTENDEES_USING_HUB = Figure(
    name="attendees_using_hub",
    statement="Per cent of the individuals who came to a session that did anything in the hub,"
    " before or after. What they say of it themselves is in the surveys.",
    unit=Unit.PERCENT,
    fact=AT_HUB,
    days=PERIOD,
    sql="""
        SELECT cut, count(*) FILTER (WHERE did_something) AS numerator, count(*) AS denominator
          FROM came
         GROUP BY cut
         ORDER BY cut
        """,
)
