"""Meetings of the steering group that were held."""

from pdu_reporting.figure import MONTH, PROGRAMME_PERIOD, PROJECT_YEAR, Fact

MET = """
    met AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'project_year' THEN year.code                 END,
                     CASE WHEN $1 ? 'programme_period'    THEN programme.code            END,
                     CASE WHEN $1 ? 'month'               THEN to_char(held_on, 'YYYY-MM') END
               ] AS cut,
               members, present
          FROM steering_meeting
          LEFT JOIN LATERAL (SELECT code
                               FROM project_year
                              WHERE held_on BETWEEN starts_on AND ends_on
                              ORDER BY starts_on DESC
                              LIMIT 1) AS year
            ON $1 ? 'project_year' OR $2 ? 'project_year'
          LEFT JOIN LATERAL (SELECT code
                               FROM programme_period
                              WHERE held_on BETWEEN starts_on AND coalesce(ends_on, 'infinity')
                              ORDER BY starts_on DESC
                              LIMIT 1) AS programme
            ON $1 ? 'programme_period' OR $2 ? 'programme_period'
         WHERE ($2::jsonb -> 'project_year' IS NULL OR $2 -> 'project_year' ? year.code)
           AND ($2 -> 'programme_period' IS NULL OR $2 -> 'programme_period' ? programme.code)
           AND held_on BETWEEN coalesce($3::date, '-infinity') AND coalesce($4::date, 'infinity')
    )
    """

STEERING_MEETING = Fact(
    tables=("programme_period", "project_year", "steering_meeting"),
    dimensions=(PROJECT_YEAR, PROGRAMME_PERIOD, MONTH),
    queries=(MET,),
)
