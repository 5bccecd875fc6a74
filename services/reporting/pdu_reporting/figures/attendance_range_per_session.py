"""Between how many and how many people came to a session."""

from pdu_reporting.facts.attended import ATTENDANCE
from pdu_reporting.figure import PERIOD, Figure, Unit

ATTENDANCE_RANGE_PER_SESSION = Figure(
    name="attendance_range_per_session",
    statement="The fewest and the most attendances of a session, among the sessions that had one.",
    unit=Unit.RANGE,
    fact=ATTENDANCE,
    without=("session",),
    days=PERIOD,
    sql="""
        SELECT what || who AS cut, min(attendances) || '-' || max(attendances) AS value
          FROM (SELECT what, who, count(*) AS attendances
                  FROM attended
                 WHERE chosen
                 GROUP BY what, who, session_id) AS each_session
         GROUP BY what, who
         ORDER BY cut
        """,
)
