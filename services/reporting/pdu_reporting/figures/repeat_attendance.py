"""How often those who come do come."""

from pdu_reporting.facts.attended import ATTENDANCE
from pdu_reporting.figure import PERIOD, Dimension, Figure, Unit

REPEAT_ATTENDANCE = Figure(
    name="repeat_attendance",
    statement="Individuals by how many attendances they have: one, two to four, five or more.",
    fact=ATTENDANCE,
    more=(Dimension("band", codes=("1", "2-4", "5+")),),
    without=("session",),
    always_by=("band",),
    days=PERIOD,
    sql="""
        SELECT what || who || band AS cut, count(*) AS value
          FROM (SELECT what, who,
                       CASE WHEN count(*) = 1 THEN '1'
                            WHEN count(*) < 5 THEN '2-4'
                            ELSE '5+' END AS band
                  FROM attended
                 WHERE chosen
                 GROUP BY what, who, person_id) AS each_person
         WHERE $2 -> 'band' IS NULL OR $2 -> 'band' ? band
         GROUP BY what, who, band
         ORDER BY cut
        """,
    tallied="""
        SELECT what || who || band AS cut, sum(people)::bigint AS value
          FROM tallied
         CROSS JOIN LATERAL (SELECT CASE WHEN times = 1 THEN '1'
                                         WHEN times < 5 THEN '2-4'
                                         ELSE '5+' END) AS each_cell (band)
         WHERE chosen
           AND ($2 -> 'band' IS NULL OR $2 -> 'band' ? band)
         GROUP BY what, who, band
         ORDER BY cut
        """,
)

REPEAT_ATTENDANCE_BAND = Figure(
    name="repeat_attendance_band",
    statement="The fewest and the most attendances of an individual, among those with more than"
    " one.",
    unit=Unit.RANGE,
    fact=ATTENDANCE,
    without=("session",),
    days=PERIOD,
    sql="""
        SELECT what || who AS cut, min(attendances) || '-' || max(attendances) AS value
          FROM (SELECT what, who, count(*) AS attendances
                  FROM attended
                 WHERE chosen
                 GROUP BY what, who, person_id
                HAVING count(*) > 1) AS each_person
         GROUP BY what, who
         ORDER BY cut
        """,
    tallied="""
        SELECT what || who AS cut, min(times) || '-' || max(times) AS value
          FROM tallied
         WHERE chosen AND times > 1
         GROUP BY what, who
         ORDER BY cut
        """,
)
