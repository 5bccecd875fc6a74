"""Why nobody comes from organisations that nobody comes from."""

from pdu_reporting.facts.engaged import REGISTRY_AND_REASONS
from pdu_reporting.figure import PERIOD, Dimension, Figure
from pdu_shared.contracts.resources.organisation import AbsenceReason

NOT_ASKED = "not_asked"

REASONS_FOR_ABSENCE = Figure(
    name="reasons_for_absence",
    statement="Organisations of the registry from which nobody came in the period, lapsed or"
    " never, by the reason that they gave when they were asked; not_asked are those of which none"
    " is written down. One with several reasons counts in each, so rows do not add up.",
    fact=REGISTRY_AND_REASONS,
    more=(
        Dimension("engagement", codes=("lapsed", "never")),
        Dimension("reason", codes=(*AbsenceReason, NOT_ASKED)),
    ),
    always_by=("reason",),
    adds_up=False,
    days=PERIOD,
    sql="""
        SELECT what || ARRAY[CASE WHEN $1 ? 'engagement' THEN engagement END, reason] AS cut,
               count(*) AS value
          FROM explained
         WHERE engagement <> 'engaged'
           AND ($2 -> 'engagement' IS NULL OR $2 -> 'engagement' ? engagement)
           AND ($2 -> 'reason'     IS NULL OR $2 -> 'reason'     ? reason)
         GROUP BY 1
         ORDER BY cut
        """,
)
