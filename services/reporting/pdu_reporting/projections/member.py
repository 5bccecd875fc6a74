"""Members of the hub, with who they were when they registered."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.member import MemberRegistered

MEMBER = Projection(
    name="member",
    hears=(MemberRegistered,),
    table="""
        CREATE TABLE member (
            person_id       uuid   PRIMARY KEY,
            organisation_id uuid,
            sector          text   NOT NULL,
            work_field      text   NOT NULL,
            role_level      text   NOT NULL,
            area            text   NOT NULL,
            registered_on   date   NOT NULL,
            sequence        bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO member AS kept (
               person_id, organisation_id, sector, work_field, role_level, area, registered_on,
               sequence)
        SELECT DISTINCT ON (person_id)
               person_id, organisation_id, sector, work_field, role_level, area, registered_on,
               sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (person_id uuid, organisation_id uuid, sector text, work_field text,
                        role_level text, area text, registered_on date)
         ORDER BY person_id, sequence DESC
            ON CONFLICT (person_id) DO UPDATE
           SET organisation_id = excluded.organisation_id,
               sector          = excluded.sector,
               work_field      = excluded.work_field,
               role_level      = excluded.role_level,
               area            = excluded.area,
               registered_on   = excluded.registered_on,
               sequence        = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
