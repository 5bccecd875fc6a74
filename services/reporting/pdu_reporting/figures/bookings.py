"""How many bookings were made."""

from pdu_reporting.facts.booked import BOOKING, MADE_BY
from pdu_reporting.figure import PERIOD, Figure, Filter, Kind

BOOKINGS = Figure(
    name="bookings",
    statement="Bookings that were given a place, whether kept (confirmed) or given back"
    " (cancelled); people who only waited are not among them. One for each person and learning"
    " event, on the day of its first session; in imported history one for each session.",
    fact=BOOKING,
    days=PERIOD,
    behind=MADE_BY,
    filters=(Filter("booked_to", Kind.DAY),),
    sql="""
        SELECT cut, count(*) AS value
          FROM booked
         GROUP BY cut
         ORDER BY cut
        """,
)
