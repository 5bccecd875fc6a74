"""Bookings of imported history, which have no message of their own: an attendance tells them."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.bookings.attendance import AttendanceCorrected, AttendanceRecorded

HISTORY_BOOKING = Projection(
    name="history_booking",
    hears=(AttendanceRecorded, AttendanceCorrected),
    table="""
        CREATE TABLE history_booking (
            attendance_id     uuid   PRIMARY KEY,
            booking_id        uuid,
            session_id        uuid   NOT NULL,
            learning_event_id uuid   NOT NULL,
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
        INSERT INTO history_booking AS kept (
               attendance_id, booking_id, session_id, learning_event_id, person_id,
               organisation_id, sector, work_field, role_level, area, heard_about, booked_on,
               sequence)
        SELECT DISTINCT ON (attendance_id)
               (data ->> 'attendance_id')::uuid AS attendance_id,
               (data ->> 'booking_id')::uuid AS booking_id,
               (data ->> 'session_id')::uuid AS session_id,
               (data ->> 'learning_event_id')::uuid AS learning_event_id,
               (data ->> 'person_id')::uuid AS person_id,
               (data ->> 'organisation_id')::uuid AS organisation_id,
               data ->> 'sector' AS sector,
               data ->> 'work_field' AS work_field,
               data ->> 'role_level' AS role_level,
               data ->> 'area' AS area,
               data ->> 'heard_about' AS heard_about,
               (data ->> 'booked_on')::date AS booked_on,
               sequence
          FROM heard
         WHERE data ->> 'booked_on' IS NOT NULL
         ORDER BY attendance_id, sequence DESC
            ON CONFLICT (attendance_id) DO UPDATE
           SET booking_id        = excluded.booking_id,
               session_id        = excluded.session_id,
               learning_event_id = excluded.learning_event_id,
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
