"""Which part of the attendances a sector, a work field or the like has."""

from pdu_reporting.facts.attended import ATTENDANCE
from pdu_reporting.figure import PERIOD, Figure, Unit

ATTENDANCE_SHARE = Figure(
    name="attendance_share",
    statement="Per cent of the attendances: those of the sector, work field, role level and area"
    " asked for, or of the row, among all that are like them in everything else.",
    unit=Unit.PERCENT,
    fact=ATTENDANCE,
    days=PERIOD,
    sql="""
        SELECT what || who AS cut, numerator, denominator
          FROM (SELECT what, who, count(*) FILTER (WHERE chosen) AS numerator,
                       sum(count(*)) OVER (PARTITION BY what)    AS denominator
                  FROM attended
                 GROUP BY what, who) AS part
         WHERE numerator > 0 OR NOT $1 ?| '{sector,work_field,role_level,area}'
         ORDER BY cut
        """,
    tallied_sums=True,
    tallied="""
        SELECT what || who AS cut, numerator, denominator
          FROM (SELECT what, who,
                       coalesce(sum(times * people) FILTER (WHERE chosen), 0) AS numerator,
                       sum(sum(times * people)) OVER (PARTITION BY what)      AS denominator
                  FROM tallied
                 GROUP BY what, who) AS part
         WHERE numerator > 0 OR NOT $1 ?| '{sector,work_field,role_level,area}'
         ORDER BY cut
        """,
)
