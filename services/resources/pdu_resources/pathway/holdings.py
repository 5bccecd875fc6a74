"""What the hub keeps about people on pathways: their copy of it, and how it is forgotten."""

from pdu_shared.holding import Holding

HOLDINGS = (
    Holding(
        table="badge",
        words="Your badges",
        copy="""
            SELECT pathway_key, code, issued_at
              FROM badge JOIN enrolment USING (enrolment_id) JOIN pathway USING (pathway_id)
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY issued_at
            """,
        forget="""
            DELETE FROM badge USING enrolment
             WHERE badge.enrolment_id = enrolment.enrolment_id AND person_id = ANY ($1::uuid[])
            """,
    ),
    Holding(
        table="enrolment",
        words="The pathways that you set out on",
        copy="""
            SELECT pathway_key, started_at, completed_at
              FROM enrolment JOIN pathway USING (pathway_id)
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY started_at
            """,
        forget="DELETE FROM enrolment WHERE person_id = ANY ($1::uuid[])",
    ),
)
