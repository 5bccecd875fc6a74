"""Who supports somebody at which learning event; not whom."""

from uuid import UUID

from pdu_shared.contracts.bookings.lived_experience import ExpertSupported
from pdu_shared.database import Conn
from pdu_shared.listening import UnknownReferenceError


async def keep_support(conn: Conn, message: ExpertSupported) -> bool:
    """Keep who supports an expert at an event; whether it is the first that is heard of it."""
    first: bool = await conn.fetchval(
        """
        INSERT INTO support (engagement_id, learning_event_id, ambassador_id) VALUES ($1, $2, $3)
            ON CONFLICT (engagement_id) DO UPDATE SET ambassador_id = excluded.ambassador_id
        RETURNING xmax = 0
        """,
        message.engagement_id,
        message.learning_event_id,
        message.ambassador_id,
    )
    return first


async def supported_at(conn: Conn, engagement_id: UUID) -> tuple[UUID, UUID]:
    """The learning event and the ambassador. Raises UnknownReferenceError until it was told."""
    row = await conn.fetchrow(
        "SELECT learning_event_id, ambassador_id FROM support WHERE engagement_id = $1",
        engagement_id,
    )
    if row is None:
        raise UnknownReferenceError(str(engagement_id))
    return row["learning_event_id"], row["ambassador_id"]
