"""Whether most of the people come from a few organisations."""

from pdu_reporting.facts.sent import FROM_ORGANISATION
from pdu_reporting.figure import PERIOD, Figure, Filter, Kind, Unit

ATTENDANCES_FROM_TOP = Figure(
    name="attendances_from_top",
    statement="Per cent of the attendances of people who named an organisation that are from the"
    " `top` organisations of the row: those from which most came.",
    unit=Unit.PERCENT,
    fact=FROM_ORGANISATION,
    without=("organisation",),
    days=PERIOD,
    filters=(Filter("top", Kind.CHOICE, codes=("5", "1", "3", "10")),),
    sql="""
        SELECT cut, sum(attendances) FILTER (WHERE place <= ($2 ->> 'top')::int) AS numerator,
               sum(attendances) AS denominator
          FROM (SELECT cut, count(*) AS attendances,
                       row_number() OVER (PARTITION BY cut ORDER BY count(*) DESC) AS place
                  FROM sent
                 GROUP BY cut, organisation_id) AS organisation
         GROUP BY cut
         ORDER BY cut
        """,
)
