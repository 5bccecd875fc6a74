"""Which organisations take part, which did once, and which never have."""

from pdu_reporting.facts.engaged import REGISTRY
from pdu_reporting.figure import PERIOD, Dimension, Figure

ORGANISATION_ENGAGEMENT = Figure(
    name="organisation_engagement",
    statement="Organisations of the registry: engaged are those from which somebody came in the"
    " period, lapsed those from which people came only before it, never those from which nobody"
    " has come up to its end. Name them (`organisation`) to follow a list of your own.",
    fact=REGISTRY,
    more=(Dimension("engagement", codes=("engaged", "lapsed", "never")),),
    always_by=("engagement",),
    days=PERIOD,
    sql="""
        SELECT what || engagement AS cut, count(*) AS value
          FROM engaged
         WHERE $2 -> 'engagement' IS NULL OR $2 -> 'engagement' ? engagement
         GROUP BY what, engagement
         ORDER BY cut
        """,
)
