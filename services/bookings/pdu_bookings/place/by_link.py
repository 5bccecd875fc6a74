"""A booking in the hands of its own person, who may change what they told with it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pdu_shared.database import Conn
from pdu_shared.problems import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class Own:
    """A booking that its person may still change."""

    booking_id: UUID
    learning_event_id: UUID
    person_id: UUID


async def lock_own(conn: Conn, booking_id: UUID, *, now: datetime) -> Own:
    """The booking, locked, while it is active and its event is not over; else Conflict."""
    row = await conn.fetchrow(
        """
        SELECT booking_id, learning_event_id, person_id, active,
               (SELECT max(ends_at) FROM session
                 WHERE session.learning_event_id = booking.learning_event_id) AS ends_at
          FROM booking
         WHERE booking_id = $1
           FOR UPDATE
        """,
        booking_id,
    )
    if row is None:
        raise NotFound
    if not row["active"]:
        raise Conflict("This booking has ended.")
    if row["ends_at"] <= now:
        raise Conflict("This event is over.")
    return Own(row["booking_id"], row["learning_event_id"], row["person_id"])
