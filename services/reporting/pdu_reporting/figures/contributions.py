"""What others than the participants gave: those who spoke, facilitated, or told of their lives."""

from pdu_reporting.facts.contributed import CONTRIBUTION
from pdu_reporting.figure import PERIOD, Figure

CONTRIBUTIONS = Figure(
    name="contributions",
    statement="Contributions to sessions that took place, of speakers and facilitators and of"
    " experts by experience: one for each of them and session, of experts one for each learning"
    " event. Nobody is told apart, so these are not individuals, and no attendances either; seats"
    " in the steering group are steering_seats.",
    fact=CONTRIBUTION,
    days=PERIOD,
    sql="SELECT cut, count(*) AS value FROM contributed GROUP BY cut ORDER BY cut",
)
