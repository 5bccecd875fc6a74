"""All ids under which somebody is known: their own, and those that were merged into it."""

from uuid import UUID

from pdu_shared.database import Conn


async def ids_of(conn: Conn, person_id: UUID) -> list[UUID]:
    """The ids that are one person with this one, itself among them."""
    rows = await conn.fetch(
        """
        WITH RECURSIVE same (person_id) AS (
            SELECT $1::uuid
            UNION
            SELECT CASE same.person_id WHEN merged_id THEN kept_id ELSE merged_id END
              FROM same JOIN person_merge ON same.person_id IN (merged_id, kept_id))
        SELECT person_id FROM same
        """,
        person_id,
    )
    return [row["person_id"] for row in rows]
