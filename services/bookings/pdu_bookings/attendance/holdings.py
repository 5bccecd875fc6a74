"""What registers and certificates keep about people: their copy of it, and how it is forgotten."""

from pdu_shared.holding import Holding

HOLDINGS = (
    Holding(
        table="attendance",
        words="The sessions you came to, or were expected at",
        copy="""
            SELECT learning_event.title AS learning_event, starts_at, entry.state, entry.method,
                   attendance.sector, attendance.work_field, attendance.role_level,
                   attendance.area, entry.recorded_at
              FROM attendance
              JOIN attendance_entry AS entry USING (attendance_id)
              JOIN session USING (session_id)
              JOIN learning_event USING (learning_event_id)
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY recorded_at
            """,
        stays="Under an id that no longer leads to anybody, so that figures stay as they were.",
        also=("attendance_entry", "register_closed", "head_count"),
    ),
    Holding(
        table="certificate",
        words="Your certificates, with the name that is printed on them",
        copy="""
            SELECT certificate_id, learning_event.title AS learning_event,
                   certificate.name, show_name, hours,
                   issued_at, withdrawn_at
              FROM certificate JOIN learning_event USING (learning_event_id)
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="""
            UPDATE certificate SET name = '-', show_name = false
             WHERE person_id = ANY ($1::uuid[]) AND name <> '-'
            """,
        stays="That a certificate was issued, without its name.",
    ),
)
