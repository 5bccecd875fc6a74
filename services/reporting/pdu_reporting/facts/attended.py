"""People in sessions: one row for each person who came to a session."""

from pdu_reporting.facts.learning_events import ABOUT
from pdu_reporting.facts.persons import SAME_PERSON
from pdu_reporting.facts.recoded import ATTENDANCE_AS_COUNTED
from pdu_reporting.figure import (
    ATTENDED,
    KIND,
    MONTH,
    PROGRAMME_PERIOD,
    PROJECT_YEAR,
    SERIES,
    SESSION,
    WHO,
    WORKSTREAM,
    Fact,
)

TWICE = """
    twice AS (
        SELECT attendance_id
          FROM (SELECT attendance_id,
                       row_number() OVER (PARTITION BY session_id, kept_id
                                              ORDER BY person_id <> kept_id, attendance_id) AS place
                  FROM attendance
                  JOIN same_person USING (person_id)
                 WHERE state IN ('present', 'partial')) AS placed
         WHERE place > 1
    )
    """
"""Attendances of a person who is in the session under another id already."""

EACH = """
    attended AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'project_year' THEN year.code                 END,
                     CASE WHEN $1 ? 'programme_period' THEN programme.code             END,
                     CASE WHEN $1 ? 'kind'         THEN event_kind                       END,
                     CASE WHEN $1 ? 'series'       THEN series                           END,
                     CASE WHEN $1 ? 'workstream'   THEN stream                           END,
                     CASE WHEN $1 ? 'session'      THEN session_id::text                 END,
                     CASE WHEN $1 ? 'month'        THEN to_char(held_on, 'YYYY-MM')      END,
                     CASE WHEN $1 ? 'state'        THEN state                            END
               ] AS what,
               ARRAY[CASE WHEN $1 ? 'sector'       THEN sector                           END,
                     CASE WHEN $1 ? 'work_field'   THEN work_field                       END,
                     CASE WHEN $1 ? 'role_level'   THEN role_level                       END,
                     CASE WHEN $1 ? 'area'         THEN area                             END
               ] AS who,
                   ($2 -> 'work_field'    IS NULL OR $2 -> 'work_field' ? work_field)
               AND ($2 -> 'role_level'    IS NULL OR $2 -> 'role_level' ? role_level)
               AND ($2 -> 'area'          IS NULL OR $2 -> 'area'       ? area)
                   AS chosen_in_any_sector,
                   ($2 -> 'sector'        IS NULL OR $2 -> 'sector'     ? sector)
               AND ($2 -> 'work_field'    IS NULL OR $2 -> 'work_field' ? work_field)
               AND ($2 -> 'role_level'    IS NULL OR $2 -> 'role_level' ? role_level)
               AND ($2 -> 'area'          IS NULL OR $2 -> 'area'       ? area)
                   AS chosen,
               coalesce(kept_id, person_id) AS person_id, session_id, sector, held_on,
               attendance_id, sequence,
               greatest($3::date,
                        year.starts_on,
                        programme.starts_on,
                        CASE WHEN $1 ? 'month'   THEN date_trunc('month', held_on)::date END,
                        CASE WHEN $1 ? 'session' THEN held_on                            END
               ) AS since
          FROM attendance_as_counted
          LEFT JOIN same_person USING (person_id)
          LEFT JOIN about       USING (learning_event_id)
          LEFT JOIN LATERAL (SELECT code, starts_on
                               FROM project_year
                              WHERE held_on BETWEEN starts_on AND ends_on
                              ORDER BY starts_on DESC
                              LIMIT 1) AS year
            ON $1 ? 'project_year' OR $2 ? 'project_year'
          LEFT JOIN LATERAL (SELECT code, period.starts_on
                               FROM programme_period AS period
                              WHERE held_on BETWEEN period.starts_on
                                        AND coalesce(period.ends_on, 'infinity')
                              ORDER BY period.starts_on DESC
                              LIMIT 1) AS programme
            ON $1 ? 'programme_period' OR $2 ? 'programme_period'
         WHERE state IN ('present', 'partial')
           AND attendance_id NOT IN (SELECT attendance_id FROM twice)
           AND ($2 -> 'project_year' IS NULL OR $2 -> 'project_year' ? year.code)
           AND ($2 -> 'programme_period' IS NULL OR $2 -> 'programme_period' ? programme.code)
           AND ($2 -> 'kind'         IS NULL OR $2 -> 'kind'         ? event_kind)
           AND ($2 -> 'series'       IS NULL OR $2 -> 'series'       ? series)
           AND ($2 -> 'workstream'   IS NULL OR about.learning_event_id IS NOT NULL)
           AND ($2 -> 'session'      IS NULL OR $2 -> 'session'      ? session_id::text)
           AND ($2 -> 'state'        IS NULL OR $2 -> 'state'        ? state)
           AND held_on BETWEEN coalesce($3::date, '-infinity') AND coalesce($4::date, 'infinity')
    )
    """

CAME = """
    SELECT 'attendance/' || attendance_id AS subject, sequence FROM attended WHERE chosen
    """
"""The messages behind those who are chosen."""
MERGED = f"""
    {CAME}
     UNION ALL
    SELECT 'person/' || merged_id, person_alias.sequence
      FROM person_alias
      JOIN same_person ON same_person.person_id = merged_id
     WHERE same_person.kept_id IN (SELECT person_id FROM attended WHERE chosen)
    """  # noqa: S608 - the text is our own
"""The same, and those that say who is one person."""

ATTENDANCE = Fact(
    tables=(
        "attendance", "learning_event", "person_alias", "programme_period", "project_year",
        "recoding",
    ),
    dimensions=(
        PROJECT_YEAR, PROGRAMME_PERIOD, KIND, SERIES, WORKSTREAM, SESSION, MONTH, ATTENDED, *WHO,
    ),
    queries=(SAME_PERSON, TWICE, ABOUT, ATTENDANCE_AS_COUNTED, EACH),
)  # fmt: skip
"""`attended`: what || who is the cut; `chosen` are those whose sector and the like are asked for;
`since` is the first day of the period that the row of an answer is about."""
