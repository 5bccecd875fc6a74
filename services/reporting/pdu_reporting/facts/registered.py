"""Accounts of the hub, with who their holders were when they registered."""

from pdu_reporting.facts.recoded import MEMBER_AS_COUNTED
from pdu_reporting.figure import MONTH, PROGRAMME_PERIOD, PROJECT_YEAR, WHO, Fact

REGISTERED = """
    registered AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'project_year' THEN year.code                  END,
                     CASE WHEN $1 ? 'programme_period' THEN programme.code             END,
                     CASE WHEN $1 ? 'month'        THEN to_char(registered_on, 'YYYY-MM') END
               ] AS what,
               ARRAY[CASE WHEN $1 ? 'sector'       THEN sector                            END,
                     CASE WHEN $1 ? 'work_field'   THEN work_field                        END,
                     CASE WHEN $1 ? 'role_level'   THEN role_level                        END,
                     CASE WHEN $1 ? 'area'         THEN area                              END
               ] AS who,
                   ($2::jsonb -> 'sector' IS NULL OR $2 -> 'sector'     ? sector)
               AND ($2 -> 'work_field'    IS NULL OR $2 -> 'work_field' ? work_field)
               AND ($2 -> 'role_level'    IS NULL OR $2 -> 'role_level' ? role_level)
               AND ($2 -> 'area'          IS NULL OR $2 -> 'area'       ? area) AS chosen,
               person_id, sequence
          FROM member_as_counted
          LEFT JOIN LATERAL (SELECT code
                               FROM project_year
                              WHERE registered_on BETWEEN starts_on AND ends_on
                              ORDER BY starts_on DESC
                              LIMIT 1) AS year
            ON $1 ? 'project_year' OR $2 ? 'project_year'
          LEFT JOIN LATERAL (SELECT code
                               FROM programme_period AS period
                              WHERE registered_on BETWEEN period.starts_on
                                        AND coalesce(period.ends_on, 'infinity')
                              ORDER BY period.starts_on DESC
                              LIMIT 1) AS programme
            ON $1 ? 'programme_period' OR $2 ? 'programme_period'
         WHERE ($2 -> 'project_year' IS NULL OR $2 -> 'project_year' ? year.code)
           AND ($2 -> 'programme_period' IS NULL OR $2 -> 'programme_period' ? programme.code)
           AND registered_on BETWEEN coalesce($3::date, '-infinity')
                                 AND coalesce($4::date, 'infinity')
    )
    """

REGISTERED_BY = "SELECT 'person/' || person_id AS subject, sequence FROM registered WHERE chosen"
"""The messages behind those who are chosen."""

REGISTRATION = Fact(
    tables=("member", "programme_period", "project_year", "recoding"),
    dimensions=(PROJECT_YEAR, PROGRAMME_PERIOD, MONTH, *WHO),
    queries=(MEMBER_AS_COUNTED, REGISTERED),
)
