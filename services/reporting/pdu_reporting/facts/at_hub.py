"""Individuals who came to sessions, and whether they have and use an account of the hub."""

from pdu_reporting.facts.attended import ATTENDANCE
from pdu_reporting.figure import Fact

IN_HUB = """
    has_account AS (
        SELECT DISTINCT coalesce(kept_id, person_id) AS person_id
          FROM member
          LEFT JOIN same_person USING (person_id)
    ),
    did_something AS (
        SELECT DISTINCT coalesce(kept_id, person_id) AS person_id
          FROM activity
          LEFT JOIN same_person USING (person_id)
    ),
    came AS (
        SELECT cut, has_account.person_id IS NOT NULL AS has_account,
               did_something.person_id IS NOT NULL AS did_something
          FROM (SELECT DISTINCT what || who AS cut, person_id FROM attended WHERE chosen) AS person
          LEFT JOIN has_account   USING (person_id)
          LEFT JOIN did_something USING (person_id)
    )
    """

AT_HUB = Fact(
    tables=tuple(sorted({*ATTENDANCE.tables, "activity", "member"})),
    dimensions=ATTENDANCE.dimensions,
    queries=(*ATTENDANCE.queries, IN_HUB),
)
"""`came`: one row for each person in each row of the answer."""
