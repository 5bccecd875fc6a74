"""Seats in the steering group, with their terms."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.steering import SteeringMemberAppointed

STEERING_SEAT = Projection(
    name="steering_seat",
    hears=(SteeringMemberAppointed,),
    table="""
        CREATE TABLE steering_seat (
            seat_id         uuid   PRIMARY KEY,
            seat_kind       text   NOT NULL,
            person_id       uuid,
            organisation_id uuid,
            sector          text,
            role_level      text,
            starts_on       date   NOT NULL,
            ends_on         date,
            sequence        bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO steering_seat AS kept (
               seat_id, seat_kind, person_id, organisation_id, sector, role_level,
               starts_on, ends_on, sequence)
        SELECT DISTINCT ON (seat_id)
               seat_id, seat_kind, person_id, organisation_id, sector, role_level,
               starts_on, ends_on, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (seat_id uuid, seat_kind text, person_id uuid,
                        organisation_id uuid, sector text, role_level text,
                        starts_on date, ends_on date)
         ORDER BY seat_id, sequence DESC
            ON CONFLICT (seat_id) DO UPDATE
           SET seat_kind       = excluded.seat_kind,
               person_id       = excluded.person_id,
               organisation_id = excluded.organisation_id,
               sector          = excluded.sector,
               role_level      = excluded.role_level,
               starts_on       = excluded.starts_on,
               ends_on         = excluded.ends_on,
               sequence        = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
