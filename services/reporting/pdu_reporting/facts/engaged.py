"""Organisations of the registry, and whether anybody comes from them."""

from pdu_reporting.facts.sent import ORGANISATION
from pdu_reporting.figure import Dimension, Fact

ENGAGED = """
    visits AS (
        SELECT coalesce(alias.kept_id, attendance.organisation_id) AS organisation_id,
               max(held_on) AS last_on
          FROM attendance
          LEFT JOIN organisation_alias AS alias
            ON alias.merged_id = attendance.organisation_id AND alias.merged
         WHERE state IN ('present', 'partial')
           AND attendance.organisation_id IS NOT NULL
           AND held_on <= coalesce($4::date, 'infinity')
         GROUP BY 1
    ),
    engaged AS (
        SELECT CASE WHEN last_on >= coalesce($3::date, '-infinity') THEN 'engaged'
                    WHEN last_on IS NOT NULL THEN 'lapsed'
                    ELSE 'never' END AS engagement,
               ARRAY[CASE WHEN $1::jsonb ? 'organisation' THEN organisation_id::text END,
                     CASE WHEN $1 ? 'sector'              THEN sector                END,
                     CASE WHEN $1 ? 'area'                THEN area                  END
               ] AS what,
               organisation_id
          FROM organisation
          LEFT JOIN visits USING (organisation_id)
         WHERE organisation_id NOT IN (SELECT merged_id FROM organisation_alias WHERE merged)
           AND ($2::jsonb -> 'organisation' IS NULL OR $2 -> 'organisation' ? organisation_id::text)
           AND ($2 -> 'sector' IS NULL OR $2 -> 'sector' ? sector)
           AND ($2 -> 'area'   IS NULL OR $2 -> 'area'   ? area)
    )
    """

EXPLAINED = """
    given AS (
        SELECT DISTINCT coalesce(alias.kept_id, absence.organisation_id) AS organisation_id, reason
          FROM organisation_absence AS absence
         CROSS JOIN unnest(reasons) AS reason
          LEFT JOIN organisation_alias AS alias
            ON alias.merged_id = absence.organisation_id AND alias.merged
    ),
    explained AS (
        SELECT what, engagement, coalesce(reason, 'not_asked') AS reason
          FROM engaged
          LEFT JOIN given USING (organisation_id)
    )
    """

REGISTRY = Fact(
    tables=("attendance", "organisation", "organisation_alias"),
    dimensions=(ORGANISATION, Dimension("sector"), Dimension("area")),
    queries=(ENGAGED,),
)
"""`engaged`: one row for each organisation that is not another's double or other name."""

REGISTRY_AND_REASONS = Fact(
    tables=("attendance", "organisation", "organisation_absence", "organisation_alias"),
    dimensions=REGISTRY.dimensions,
    queries=(ENGAGED, EXPLAINED),
)
"""`explained`: one row for each reason why nobody comes, and one for an organisation without."""
