"""How many attendances of one sector there are for each of another."""

from pdu_reporting.facts.attended import ATTENDANCE
from pdu_reporting.figure import PERIOD, Figure, Filter, Kind, Unit

ATTENDANCE_RATIO = Figure(
    name="attendance_ratio",
    statement="Attendances of a sector divided by those of the sector it is held against.",
    unit=Unit.RATIO,
    fact=ATTENDANCE,
    only_kept=("sector",),
    days=PERIOD,
    filters=(Filter("against_sector", Kind.CODES, scheme="sector"),),
    needs=("sector", "against_sector"),
    sql="""
        SELECT cut, numerator, denominator
          FROM (SELECT what || who AS cut,
                       count(*) FILTER (WHERE $2 -> 'sector'         ? sector) AS numerator,
                       count(*) FILTER (WHERE $2 -> 'against_sector' ? sector) AS denominator
                  FROM attended
                 WHERE chosen_in_any_sector
                 GROUP BY what, who) AS pair
         WHERE numerator + denominator > 0
         ORDER BY cut
        """,
    tallied_sums=True,
    tallied="""
        SELECT cut, numerator, denominator
          FROM (SELECT what || who AS cut,
                       coalesce(sum(times * people) FILTER (WHERE $2 -> 'sector' ? sector), 0)
                       AS numerator,
                       coalesce(sum(times * people) FILTER (WHERE $2 -> 'against_sector' ? sector),
                                0) AS denominator
                  FROM tallied
                 WHERE chosen_in_any_sector
                 GROUP BY what, who) AS pair
         WHERE numerator + denominator > 0
         ORDER BY cut
        """,
)
