"""What the library has to offer."""

from pdu_reporting.facts.offered import LIBRARY
from pdu_reporting.figure import PERIOD, Figure

LIBRARY_ITEMS = Figure(
    name="library_items",
    statement="Items that the library offers now, by when they were published; what was archived"
    " is not among them. An item counts in each of its work streams.",
    fact=LIBRARY,
    of_things=True,
    days=PERIOD,
    sql="SELECT cut, count(*) AS value FROM offered GROUP BY cut ORDER BY cut",
)
