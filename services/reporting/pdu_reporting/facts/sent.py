"""Organisations whose people came: one row for each attendance of somebody who named one."""

from pdu_reporting.facts.attended import TWICE
from pdu_reporting.facts.persons import SAME_PERSON
from pdu_reporting.figure import KIND, PROJECT_YEAR, Dimension, Fact

ORGANISATION = Dimension("organisation")
"""The id in the registry, whichever of its names was typed."""

SENT = """
    sent AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'project_year' THEN year.code               END,
                     CASE WHEN $1 ? 'kind'         THEN event_kind                     END,
                     CASE WHEN $1 ? 'organisation' THEN stands_for::text               END,
                     CASE WHEN $1 ? 'sector' THEN coalesce(known.sector, attendance.sector) END,
                     CASE WHEN $1 ? 'area'   THEN coalesce(known.area, attendance.area)     END
               ] AS cut,
               stands_for AS organisation_id, coalesce(same_person.kept_id, person_id) AS person_id
          FROM attendance
          LEFT JOIN same_person USING (person_id)
          LEFT JOIN organisation_alias AS alias
            ON alias.merged_id = attendance.organisation_id AND alias.merged
         CROSS JOIN LATERAL (SELECT coalesce(alias.kept_id, attendance.organisation_id)) AS found
                            (stands_for)
          LEFT JOIN organisation AS known ON known.organisation_id = stands_for
          LEFT JOIN LATERAL (SELECT code
                               FROM project_year
                              WHERE held_on BETWEEN starts_on AND ends_on
                              ORDER BY starts_on DESC
                              LIMIT 1) AS year
            ON $1 ? 'project_year' OR $2 ? 'project_year'
         WHERE attendance.state IN ('present', 'partial')
           AND stands_for IS NOT NULL
           AND attendance_id NOT IN (SELECT attendance_id FROM twice)
           AND ($2::jsonb -> 'project_year' IS NULL OR $2 -> 'project_year' ? year.code)
           AND ($2 -> 'kind'         IS NULL OR $2 -> 'kind'         ? event_kind)
           AND ($2 -> 'organisation' IS NULL OR $2 -> 'organisation' ? stands_for::text)
           AND ($2 -> 'sector' IS NULL
                OR $2 -> 'sector' ? coalesce(known.sector, attendance.sector))
           AND ($2 -> 'area' IS NULL
                OR $2 -> 'area' ? coalesce(known.area, attendance.area))
           AND held_on BETWEEN coalesce($3::date, '-infinity') AND coalesce($4::date, 'infinity')
    )
    """

FROM_ORGANISATION = Fact(
    tables=("attendance", "organisation", "organisation_alias", "person_alias", "project_year"),
    dimensions=(PROJECT_YEAR, KIND, ORGANISATION, Dimension("sector"), Dimension("area")),
    queries=(SAME_PERSON, TWICE, SENT),
)
"""`sent`: sector and area are those of the registry; of an organisation that it does not know,
those that its people told."""
