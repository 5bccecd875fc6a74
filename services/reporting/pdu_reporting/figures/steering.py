"""The steering group: seats that are taken, meetings that were held, and who came to them."""

from pdu_reporting.facts.met import STEERING_MEETING
from pdu_reporting.facts.seated import SEAT
from pdu_reporting.figure import PERIOD, UP_TO, Figure, Unit

STEERING_SEATS = Figure(
    name="steering_seats",
    statement="Seats in the steering group that are taken on the day of `as_of`, or today. Of seats"
    " for lived experience neither sector nor role level is known here.",
    fact=SEAT,
    days=UP_TO,
    sql="SELECT cut, count(*) AS value FROM seated GROUP BY cut ORDER BY cut",
)

STEERING_MEETINGS = Figure(
    name="steering_meetings",
    statement="Meetings of the steering group that were held.",
    of_things=True,
    fact=STEERING_MEETING,
    days=PERIOD,
    sql="SELECT cut, count(*) AS value FROM met GROUP BY cut ORDER BY cut",
)

STEERING_ATTENDANCE = Figure(
    name="steering_attendance",
    statement="Per cent of the seats, over all meetings of the steering group, whose members were"
    " present.",
    unit=Unit.PERCENT,
    fact=STEERING_MEETING,
    days=PERIOD,
    sql="""
        SELECT cut, sum(present) AS numerator, sum(members) AS denominator
          FROM met
         GROUP BY cut
         ORDER BY cut
        """,
)
