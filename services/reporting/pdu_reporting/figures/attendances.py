"""How often people came."""

from pdu_reporting.figure import ATTENDED, EVENT_KIND, PROJECT_YEAR, WHO, Figure

ATTENDANCES = Figure(
    name="attendances",
    statement="How often people came to a session: one for each person and session, in the state"
    " present or partial. Sector and the like are as they were on that day.",
    dimensions=(PROJECT_YEAR, *WHO, EVENT_KIND, ATTENDED),
    lock="LOCK TABLE attendance, project_year IN ACCESS SHARE MODE",
    sql="""
        SELECT CASE WHEN 'project_year' = ANY ($1::text[]) THEN year.code  END AS project_year,
               CASE WHEN 'sector'       = ANY ($1) THEN sector             END AS sector,
               CASE WHEN 'work_field'   = ANY ($1) THEN work_field         END AS work_field,
               CASE WHEN 'role_level'   = ANY ($1) THEN role_level         END AS role_level,
               CASE WHEN 'area'         = ANY ($1) THEN area               END AS area,
               CASE WHEN 'event_kind'   = ANY ($1) THEN event_kind         END AS event_kind,
               CASE WHEN 'state'        = ANY ($1) THEN state              END AS state,
               count(*) AS value
          FROM attendance
          LEFT JOIN LATERAL (SELECT code
                               FROM project_year
                              WHERE held_on BETWEEN starts_on AND ends_on
                              ORDER BY starts_on DESC
                              LIMIT 1) AS year ON true
         WHERE state IN ('present', 'partial')
           AND ($2::text[] IS NULL OR year.code  = ANY ($2))
           AND ($3::text[] IS NULL OR sector     = ANY ($3))
           AND ($4::text[] IS NULL OR work_field = ANY ($4))
           AND ($5::text[] IS NULL OR role_level = ANY ($5))
           AND ($6::text[] IS NULL OR area       = ANY ($6))
           AND ($7::text[] IS NULL OR event_kind = ANY ($7))
           AND ($8::text[] IS NULL OR state      = ANY ($8))
           AND held_on BETWEEN coalesce($9::date, '-infinity') AND coalesce($10::date, 'infinity')
         GROUP BY 1, 2, 3, 4, 5, 6, 7
         ORDER BY 1, 2, 3, 4, 5, 6, 7
        """,
)
