"""Individuals and when each came for the first time."""

from pdu_reporting.facts.attended import ATTENDANCE
from pdu_reporting.figure import Fact

ARRIVED = """
    first_time AS (
        SELECT coalesce(kept_id, person_id) AS person_id, min(held_on) AS first_on
          FROM attendance
          LEFT JOIN same_person USING (person_id)
         WHERE state IN ('present', 'partial')
         GROUP BY 1
    ),
    arrived AS (
        SELECT what, who, person_id, coalesce(first_on >= min(since), true) AS is_new
          FROM attended
          JOIN first_time USING (person_id)
         WHERE chosen
         GROUP BY what, who, person_id, first_on
    )
    """

ARRIVAL = Fact(
    tables=ATTENDANCE.tables,
    dimensions=ATTENDANCE.dimensions,
    queries=(*ATTENDANCE.queries, ARRIVED),
)
"""`arrived`: one row for each person in each row of the answer; new if their first attendance ever
is not before its period."""
