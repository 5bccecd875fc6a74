"""Nobody is heard in a recording who did not agree to it."""

from uuid import UUID

from pdu_shared.database import Conn
from pdu_shared.problems import Conflict


async def refuse_without_consent(conn: Conn, session_id: UUID | None) -> None:
    """Raise Conflict while one of those who spoke at a session has not agreed to its recording."""
    if session_id and await lacking(conn, session_id):
        raise Conflict("Not everybody who speaks in it has agreed to this recording.")


async def lacking(conn: Conn, session_id: UUID) -> bool:
    """Whether somebody who was confirmed to speak there has not agreed, or not any more."""
    found: bool = await conn.fetchval(
        """
        SELECT EXISTS (SELECT FROM hub_speaker
                        WHERE session_id = $1 AND confirmed AND consent IS DISTINCT FROM 'given')
        """,
        session_id,
    )
    return found
