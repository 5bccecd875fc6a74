"""Somebody else looks through a draft before it is published, where the house asks for that."""

from uuid import UUID

from pdu_bookings.programme.change import Hand
from pdu_bookings.rules.review import Review, why_not_publish
from pdu_shared.database import Conn
from pdu_shared.problems import Conflict
from pdu_shared.runtime import Runtime


async def check_second_person(conn: Conn, learning_event_id: UUID, here: Runtime, by: Hand) -> None:
    """Raise Conflict when a second person has to look through a draft before it is published."""
    if not here.settings.second_person_publishes:
        return
    row = await conn.fetchrow(
        """
        SELECT review_asked_at IS NOT NULL AS asked, review_asked_by AS asked_by
          FROM learning_event
         WHERE learning_event_id = $1 AND state = 'draft'
           FOR NO KEY UPDATE
        """,
        learning_event_id,
    )
    if row and (because := why_not_publish(Review(**row), by.person_id)):
        raise Conflict(because)


async def back_to_draft(conn: Conn, learning_event_id: UUID) -> bool:
    """End a review: what is looked through does not change meanwhile. False without one."""
    ended: bool | None = await conn.fetchval(
        """
        UPDATE learning_event
           SET review_asked_at = NULL, review_asked_by = NULL, version = version + 1
         WHERE learning_event_id = $1 AND review_asked_at IS NOT NULL
     RETURNING true
        """,
        learning_event_id,
    )
    return bool(ended)
