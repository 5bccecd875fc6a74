"""What members did in the hub, with who they were when they registered."""

from pdu_reporting.facts.persons import SAME_PERSON
from pdu_reporting.figure import MONTH, PROGRAMME_PERIOD, PROJECT_YEAR, WHO, Dimension, Fact

ACTION = Dimension("action", codes=("viewed", "downloaded", "module_started", "module_completed"))

ACTED = """
    acted AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'project_year' THEN year.code                END,
                     CASE WHEN $1 ? 'programme_period' THEN programme.code             END,
                     CASE WHEN $1 ? 'month'        THEN to_char(happened_on, 'YYYY-MM') END,
                     CASE WHEN $1 ? 'action'       THEN action                          END,
                     CASE WHEN $1 ? 'item_key'     THEN item_key                        END,
                     CASE WHEN $1 ? 'sector'       THEN sector                          END,
                     CASE WHEN $1 ? 'work_field'   THEN work_field                      END,
                     CASE WHEN $1 ? 'role_level'   THEN role_level                      END,
                     CASE WHEN $1 ? 'area'         THEN area                            END
               ] AS cut,
               coalesce(kept_id, person_id) AS person_id
          FROM activity
          LEFT JOIN same_person USING (person_id)
          LEFT JOIN member      USING (person_id)
          LEFT JOIN LATERAL (SELECT code
                               FROM project_year
                              WHERE happened_on BETWEEN starts_on AND ends_on
                              ORDER BY starts_on DESC
                              LIMIT 1) AS year
            ON $1 ? 'project_year' OR $2 ? 'project_year'
          LEFT JOIN LATERAL (SELECT code
                               FROM programme_period AS period
                              WHERE happened_on BETWEEN period.starts_on
                                        AND coalesce(period.ends_on, 'infinity')
                              ORDER BY period.starts_on DESC
                              LIMIT 1) AS programme
            ON $1 ? 'programme_period' OR $2 ? 'programme_period'
         WHERE ($2::jsonb -> 'project_year' IS NULL OR $2 -> 'project_year' ? year.code)
           AND ($2 -> 'programme_period' IS NULL OR $2 -> 'programme_period' ? programme.code)
           AND ($2 -> 'action'     IS NULL OR $2 -> 'action'     ? action)
           AND ($2 -> 'item_key'   IS NULL OR $2 -> 'item_key'   ? item_key)
           AND ($2 -> 'sector'     IS NULL OR $2 -> 'sector'     ? sector)
           AND ($2 -> 'work_field' IS NULL OR $2 -> 'work_field' ? work_field)
           AND ($2 -> 'role_level' IS NULL OR $2 -> 'role_level' ? role_level)
           AND ($2 -> 'area'       IS NULL OR $2 -> 'area'       ? area)
           AND happened_on BETWEEN coalesce($3::date, '-infinity')
                               AND coalesce($4::date, 'infinity')
    )
    """

ACTIVITY = Fact(
    tables=("activity", "member", "person_alias", "programme_period", "project_year"),
    dimensions=(PROJECT_YEAR, PROGRAMME_PERIOD, MONTH, ACTION, Dimension("item_key"), *WHO),
    queries=(SAME_PERSON, ACTED),
)
