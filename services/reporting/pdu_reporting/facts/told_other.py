"""Attendances of people who said `other`: one row for each list in which they did."""

from pdu_reporting.figure import PROJECT_YEAR, Dimension, Fact

TOLD = """
    told_other AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'project_year' THEN year.code             END,
                     CASE WHEN $1 ? 'scheme'              THEN scheme                END,
                     CASE WHEN $1 ? 'organisation'        THEN organisation_id::text END
               ] AS cut
          FROM attendance
         CROSS JOIN LATERAL (VALUES ('sector', sector),
                                    ('work_field', work_field),
                                    ('role_level', role_level)) AS word (scheme, code)
          LEFT JOIN LATERAL (SELECT code
                               FROM project_year
                              WHERE held_on BETWEEN starts_on AND ends_on
                              ORDER BY starts_on DESC
                              LIMIT 1) AS year
            ON $1 ? 'project_year' OR $2::jsonb ? 'project_year'
         WHERE state IN ('present', 'partial')
           AND word.code = 'other'
           AND ($2 -> 'project_year' IS NULL OR $2 -> 'project_year' ? year.code)
           AND ($2 -> 'scheme'       IS NULL OR $2 -> 'scheme'       ? scheme)
           AND ($2 -> 'organisation' IS NULL OR $2 -> 'organisation' ? organisation_id::text)
           AND held_on BETWEEN coalesce($3::date, '-infinity') AND coalesce($4::date, 'infinity')
    )
    """

TOLD_OTHER = Fact(
    tables=("attendance", "project_year"),
    dimensions=(
        PROJECT_YEAR,
        Dimension("scheme", codes=("sector", "work_field", "role_level")),
        Dimension("organisation"),
    ),
    queries=(TOLD,),
)
