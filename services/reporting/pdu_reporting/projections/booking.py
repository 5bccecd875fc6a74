"""Bookings that gave a place, with who booked."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.bookings.place import EventBooked

BOOKING = Projection(
    name="booking",
    hears=(EventBooked,),
    table="""
        CREATE TABLE booking (
            booking_id        uuid   PRIMARY KEY,
            learning_event_id uuid   NOT NULL,
            session_ids       uuid[] NOT NULL,
            person_id         uuid   NOT NULL,
            organisation_id   uuid,
            sector            text   NOT NULL,
            work_field        text   NOT NULL,
            role_level        text   NOT NULL,
            area              text   NOT NULL,
            heard_about       text,
            booked_on         date   NOT NULL,
            sequence          bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO booking AS kept (
               booking_id, learning_event_id, session_ids, person_id, organisation_id, sector,
               work_field, role_level, area, heard_about, booked_on, sequence)
        SELECT DISTINCT ON (booking_id)
               booking_id, learning_event_id, session_ids, person_id, organisation_id, sector,
               work_field, role_level, area, heard_about, booked_on, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (booking_id uuid, learning_event_id uuid, session_ids uuid[],
                        person_id uuid, organisation_id uuid, sector text, work_field text,
                        role_level text, area text, heard_about text, booked_on date)
         ORDER BY booking_id, sequence DESC
            ON CONFLICT (booking_id) DO UPDATE
           SET learning_event_id = excluded.learning_event_id,
               session_ids       = excluded.session_ids,
               person_id         = excluded.person_id,
               organisation_id   = excluded.organisation_id,
               sector            = excluded.sector,
               work_field        = excluded.work_field,
               role_level        = excluded.role_level,
               area              = excluded.area,
               heard_about       = excluded.heard_about,
               booked_on         = excluded.booked_on,
               sequence          = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
