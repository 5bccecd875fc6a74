"""The ids that are made of what members typed before this room was there; `migrate` fills them."""

from pdu_shared.database import Conn
from pdu_shared.identity import organisation_id


async def fill(conn: Conn) -> None:
    """Make the id of every organisation that was typed and has none."""
    rows = await conn.fetch(
        """
        SELECT DISTINCT organisation FROM member
         WHERE organisation IS NOT NULL AND organisation_id IS NULL
        """
    )
    names = [row["organisation"] for row in rows]
    await conn.execute(
        """
        UPDATE member SET organisation_id = made.id
          FROM unnest($1::text[], $2::uuid[]) AS made (name, id)
         WHERE member.organisation = made.name AND member.organisation_id IS NULL
        """,
        names,
        [organisation_id(name) for name in names],
    )
