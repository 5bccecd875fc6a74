"""Attendances: one row for each person in each session, with who they were at the time."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.bookings.attendance import AttendanceCorrected, AttendanceRecorded

ATTENDANCE = Projection(
    name="attendance",
    hears=(AttendanceRecorded, AttendanceCorrected),
    table="""
        CREATE TABLE attendance (
            attendance_id     uuid   PRIMARY KEY,
            session_id        uuid   NOT NULL,
            learning_event_id uuid   NOT NULL,
            event_kind        text   NOT NULL,
            person_id         uuid   NOT NULL,
            state             text   NOT NULL,
            organisation_id   uuid,
            sector            text   NOT NULL,
            work_field        text   NOT NULL,
            role_level        text   NOT NULL,
            area              text   NOT NULL,
            held_on           date   NOT NULL,
            sequence          bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO attendance AS kept (
               attendance_id, session_id, learning_event_id, event_kind, person_id, state,
               organisation_id, sector, work_field, role_level, area, held_on, sequence)
        SELECT DISTINCT ON (attendance_id)
               (data ->> 'attendance_id')::uuid AS attendance_id,
               (data ->> 'session_id')::uuid AS session_id,
               (data ->> 'learning_event_id')::uuid AS learning_event_id,
               data ->> 'event_kind' AS event_kind,
               (data ->> 'person_id')::uuid AS person_id,
               data ->> 'state' AS state,
               (data ->> 'organisation_id')::uuid AS organisation_id,
               data ->> 'sector' AS sector,
               data ->> 'work_field' AS work_field,
               data ->> 'role_level' AS role_level,
               data ->> 'area' AS area,
               (data ->> 'held_on')::date AS held_on,
               sequence
          FROM heard
         ORDER BY attendance_id, sequence DESC
            ON CONFLICT (attendance_id) DO UPDATE
           SET session_id        = excluded.session_id,
               learning_event_id = excluded.learning_event_id,
               event_kind        = excluded.event_kind,
               person_id         = excluded.person_id,
               state             = excluded.state,
               organisation_id   = excluded.organisation_id,
               sector            = excluded.sector,
               work_field        = excluded.work_field,
               role_level        = excluded.role_level,
               area              = excluded.area,
               held_on           = excluded.held_on,
               sequence          = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
    # Of whom something is told, everything is counted again.
    indexes="""
        CREATE INDEX attendance_of_person ON attendance (person_id);
        CREATE INDEX attendance_at_event ON attendance (learning_event_id);
        """,
)
