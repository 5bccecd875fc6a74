"""Individuals in a series of sessions, such as a community, and when each first came to it."""

from pdu_reporting.facts.attended import ATTENDANCE
from pdu_reporting.figure import Fact

BELONGED = """
    first_in_series AS (
        SELECT coalesce(kept_id, person_id) AS person_id, series, min(held_on) AS first_on
          FROM attendance
          JOIN learning_event USING (learning_event_id)
          LEFT JOIN same_person USING (person_id)
         WHERE state IN ('present', 'partial')
         GROUP BY 1, 2
    ),
    belonging AS (
        SELECT what, who, person_id, coalesce(first_on >= min(since), true) AS is_new
          FROM attended
          JOIN first_in_series USING (person_id)
         WHERE chosen AND series = what[4]
         GROUP BY what, who, person_id, first_on
    )
    """

BELONGING = Fact(
    tables=ATTENDANCE.tables,
    dimensions=ATTENDANCE.dimensions,
    queries=(*ATTENDANCE.queries, BELONGED),
)
"""`belonging`: one row for each person in each row of an answer that is cut by series, the fourth
of the dimensions; new if their first attendance in that series is not before its period."""
