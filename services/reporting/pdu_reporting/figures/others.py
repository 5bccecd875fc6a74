"""Who stands behind `other`."""

from pdu_reporting.facts.told_other import TOLD_OTHER
from pdu_reporting.figure import PERIOD, Figure

ATTENDANCES_TOLD_OTHER = Figure(
    name="attendances_told_other",
    statement="Attendances of people who said `other` of their sector, work field or role, as they"
    " told it: also where it was recoded since.",
    fact=TOLD_OTHER,
    needs=("scheme",),
    one_only=("scheme",),
    days=PERIOD,
    sql="""
        SELECT cut, count(*) AS value
          FROM told_other
         GROUP BY cut
         ORDER BY cut
        """,
)
