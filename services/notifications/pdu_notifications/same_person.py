"""Ids that are one person: whoever booked without an address is reached at a later one."""

from collections.abc import Sequence
from uuid import UUID

from pdu_shared.contracts.resources.member import PersonMerged, PersonUnmerged
from pdu_shared.database import Conn


async def keep_alias(conn: Conn, message: PersonMerged | PersonUnmerged) -> None:
    """Keep who is whom, and who is not after all. Letters that waited for an address may go."""
    if isinstance(message, PersonUnmerged):
        await conn.execute("DELETE FROM person_alias WHERE merged_id = $1", message.merged_id)
        return
    await conn.execute(
        """
        WITH woken AS (
            UPDATE letter SET next_at = now()
             WHERE person_id = ANY (ARRAY[$1, $2]::uuid[])
               AND (state = 'queued' AND reason = 'no_address' OR state = 'by_hand'))
        INSERT INTO person_alias (merged_id, kept_id) VALUES ($1, $2)
            ON CONFLICT (merged_id) DO UPDATE SET kept_id = excluded.kept_id
        """,
        message.merged_id,
        message.kept_id,
    )


async def ids_of(conn: Conn, person_id: UUID) -> Sequence[UUID]:
    """Every id of the person who has this one."""
    rows = await conn.fetch(
        """
        WITH kept AS (
            SELECT coalesce((SELECT kept_id FROM person_alias WHERE merged_id = $1), $1) AS id)
        SELECT id FROM kept
         UNION SELECT $1
         UNION SELECT merged_id FROM person_alias JOIN kept ON kept_id = kept.id
        """,
        person_id,
    )
    return [row["id"] for row in rows]
