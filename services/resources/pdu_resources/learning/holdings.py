"""What the hub keeps about what people learned: their copy of it, and how it is forgotten."""

from pdu_shared.holding import Holding

HOLDINGS = (
    Holding(
        table="module_answer",
        words="What you answered to the questions of modules",
        copy="""
            SELECT module_key, question_code, options, said, answered_at
              FROM module_answer JOIN module_progress USING (progress_id)
              JOIN module USING (module_id)
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY answered_at
            """,
        forget="""
            DELETE FROM module_answer USING module_progress
             WHERE module_answer.progress_id = module_progress.progress_id
               AND person_id = ANY ($1::uuid[])
            """,
    ),
    Holding(
        table="module_certificate",
        words="Your certificates of modules, and the name on them",
        copy="""
            SELECT module_key, code, name, show_name, issued_at
              FROM module_certificate JOIN module_progress USING (progress_id)
              JOIN module USING (module_id)
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY issued_at
            """,
        forget="""
            DELETE FROM module_certificate USING module_progress
             WHERE module_certificate.progress_id = module_progress.progress_id
               AND person_id = ANY ($1::uuid[])
            """,
    ),
    Holding(
        table="module_reminder",
        words="The modules that you asked to be reminded of",
        copy="""
            SELECT module_key, remind_on
              FROM module_reminder JOIN module USING (module_id)
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY remind_on
            """,
        forget="DELETE FROM module_reminder WHERE person_id = ANY ($1::uuid[])",
    ),
    Holding(
        table="module_progress",
        words="The modules that you began, and how far you came",
        copy="""
            SELECT module_key, module_progress.version, page, furthest, started_at, seen_at,
                   completed_at
              FROM module_progress JOIN module USING (module_id)
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY started_at
            """,
        forget="DELETE FROM module_progress WHERE person_id = ANY ($1::uuid[])",
    ),
)
