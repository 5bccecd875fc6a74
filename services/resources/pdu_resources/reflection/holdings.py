"""What members wrote for themselves: their copy of it, and how it is forgotten."""

from pdu_shared.holding import Holding

HOLDINGS = (
    Holding(
        table="reflection",
        words="What you wrote in your private log",
        copy="""
            SELECT happened_on, text, about_kind, about_ref, written_at, changed_at
              FROM reflection
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY reflection_id
            """,
        forget="DELETE FROM reflection WHERE person_id = ANY ($1::uuid[])",
    ),
)
