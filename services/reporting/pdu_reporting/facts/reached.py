"""Everybody who was reached: by an account of the hub, by a session, or by both."""

from pdu_reporting.facts.persons import SAME_PERSON
from pdu_reporting.facts.recoded import ATTENDANCE_AS_COUNTED, MEMBER_AS_COUNTED
from pdu_reporting.figure import WHO, Fact

REACHED = """
    met AS (
        SELECT coalesce(kept_id, person_id) AS person_id, false AS in_hub, held_on AS day,
               ARRAY[sector, work_field, role_level, area] AS who
          FROM attendance_as_counted
          LEFT JOIN same_person USING (person_id)
         WHERE state IN ('present', 'partial')
         UNION ALL
        SELECT coalesce(kept_id, person_id), true, registered_on,
               ARRAY[sector, work_field, role_level, area]
          FROM member_as_counted
          LEFT JOIN same_person USING (person_id)
    ),
    reached AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'sector' THEN newest[1][1] END,
                     CASE WHEN $1 ? 'work_field'    THEN newest[1][2] END,
                     CASE WHEN $1 ? 'role_level'    THEN newest[1][3] END,
                     CASE WHEN $1 ? 'area'          THEN newest[1][4] END] AS cut,
               person_id, in_hub, at_event
          FROM (SELECT person_id, bool_or(in_hub) AS in_hub, bool_or(NOT in_hub) AS at_event,
                       (array_agg(who ORDER BY day DESC, in_hub, who))[1:1] AS newest
                  FROM met
                 WHERE day BETWEEN coalesce($3::date, '-infinity')
                               AND coalesce($4::date, 'infinity')
                 GROUP BY person_id) AS person
         WHERE ($2::jsonb -> 'sector' IS NULL OR $2 -> 'sector'     ? newest[1][1])
           AND ($2 -> 'work_field'    IS NULL OR $2 -> 'work_field' ? newest[1][2])
           AND ($2 -> 'role_level'    IS NULL OR $2 -> 'role_level' ? newest[1][3])
           AND ($2 -> 'area'          IS NULL OR $2 -> 'area'       ? newest[1][4])
    )
    """

REACH = Fact(
    tables=("attendance", "member", "person_alias", "recoding"),
    dimensions=WHO,
    queries=(SAME_PERSON, ATTENDANCE_AS_COUNTED, MEMBER_AS_COUNTED, REACHED),
)
"""`reached`: one row for each person, with who they were the last time."""
