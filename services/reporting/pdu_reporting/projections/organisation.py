"""Organisations of the registry, as they are described now."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.organisation import OrganisationChanged, OrganisationRegistered

ORGANISATION = Projection(
    name="organisation",
    hears=(OrganisationRegistered, OrganisationChanged),
    table="""
        CREATE TABLE organisation (
            organisation_id uuid   PRIMARY KEY,
            canonical_name  text   NOT NULL,
            sector          text,
            area            text,
            parent_id       uuid,
            sequence        bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO organisation AS kept (
               organisation_id, canonical_name, sector, area, parent_id, sequence)
        SELECT DISTINCT ON (organisation_id)
               organisation_id, canonical_name, sector, area, parent_id, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (organisation_id uuid, canonical_name text, sector text, area text,
                        parent_id uuid)
         ORDER BY organisation_id, sequence DESC
            ON CONFLICT (organisation_id) DO UPDATE
           SET canonical_name = excluded.canonical_name,
               sector         = excluded.sector,
               area           = excluded.area,
               parent_id      = excluded.parent_id,
               sequence       = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
