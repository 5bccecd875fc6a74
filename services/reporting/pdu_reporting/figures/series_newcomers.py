"""Who is new to a Community of Practice or another series, and who came back to it."""

from pdu_reporting.facts.belonging import BELONGING
from pdu_reporting.figure import PERIOD, Figure

NEW_TO_SERIES = Figure(
    name="individuals_new_to_series",
    statement="Individuals whose first attendance in the series is in the period, or in the year,"
    " month or session of the row. They may have come to other sessions before.",
    fact=BELONGING,
    always_by=("series",),
    days=PERIOD,
    sql="""
        SELECT what || who AS cut, count(*) FILTER (WHERE is_new) AS value
          FROM belonging
         GROUP BY what, who
         ORDER BY cut
        """,
)

RETURNING_TO_SERIES = Figure(
    name="individuals_returning_to_series",
    statement="Individuals who came to the series in the period, and had come to it before.",
    fact=BELONGING,
    always_by=("series",),
    days=PERIOD,
    sql="""
        SELECT what || who AS cut, count(*) FILTER (WHERE NOT is_new) AS value
          FROM belonging
         GROUP BY what, who
         ORDER BY cut
        """,
)
