"""How the part that a sector or the like has in the attendances has changed since a day."""

from pdu_reporting.facts.attended import ATTENDANCE
from pdu_reporting.figure import PERIOD, Dimension, Figure, Filter, Kind, Unit

ATTENDANCE_SHARE_THEN_AND_NOW = Figure(
    name="attendance_share_then_and_now",
    statement="Per cent of the attendances, twice: of those up to the day `then`, as an earlier"
    " report had them, and of all that are asked for. Otherwise as attendance_share.",
    unit=Unit.PERCENT,
    fact=ATTENDANCE,
    more=(Dimension("moment", codes=("then", "now")),),
    always_by=("moment",),
    days=PERIOD,
    filters=(Filter("then", Kind.DAY),),
    needs=("then",),
    sql="""
        SELECT what || who || moment AS cut, numerator, denominator
          FROM (SELECT what, who, moment, count(*) FILTER (WHERE chosen) AS numerator,
                       sum(count(*)) OVER (PARTITION BY what, moment)    AS denominator
                  FROM attended
                 CROSS JOIN LATERAL (VALUES ('then', ($2 ->> 'then')::date), ('now', 'infinity'))
                       AS report (moment, last)
                 WHERE held_on <= last
                 GROUP BY what, who, moment) AS part
         WHERE (numerator > 0 OR NOT $1 ?| '{sector,work_field,role_level,area}')
           AND ($2 -> 'moment' IS NULL OR $2 -> 'moment' ? moment)
         ORDER BY what || who, moment DESC
        """,
)
