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
               attendance_id, session_id, learning_event_id, event_kind, person_id, state,
               organisation_id, sector, work_field, role_level, area, held_on, sequence
          FROM journal,
               jsonb_to_record(body::jsonb -> 'data')
               AS told (attendance_id uuid, session_id uuid, learning_event_id uuid,
                        event_kind text, person_id uuid, state text, organisation_id uuid,
                        sector text, work_field text, role_level text, area text, held_on date)
         WHERE position BETWEEN $1 AND $2 AND routing_key = ANY ($3)
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
)
