"""Who else comes: told to those who share, about those who share."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_bookings.place.seen import Token, booking_behind
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Here

router = APIRouter(tags=["attendees"])


class Attendee(BaseModel):
    """Somebody who comes, and lets the others who share know it."""

    name: str
    role_level: Code
    organisation: str | None


class Attendees(BaseModel):
    """Who else comes. Empty for whoever does not share, and from 28 days after the event on."""

    sharing: Annotated[bool, Field(description="Whether the holder of the link shares")]
    attendees: list[Attendee]


@router.get("/b/{token}/attendees")
async def attendees(token: Token, runtime: Here) -> Attendees:
    """The others who have a place and share, before the event and until 28 days after it."""
    booking_id = booking_behind(runtime, token)
    async with runtime.database.pool.acquire(timeout=5) as conn:
        found = await conn.fetchval("SELECT true FROM booking WHERE booking_id = $1", booking_id)
        if not found:
            raise NotFound
        sharing = bool(
            await conn.fetchval(
                """
                SELECT true FROM sharing JOIN booking USING (booking_id)
                 WHERE booking_id = $1 AND state = 'confirmed'
                """,
                booking_id,
            )
        )
        others = await _others(conn, booking_id) if sharing else []
    return Attendees(sharing=sharing, attendees=others)


async def _others(conn: Conn, booking_id: UUID) -> list[Attendee]:
    rows = await conn.fetch(
        """
        SELECT contact.name, booking.role_level, booking.organisation
          FROM booking AS own
          JOIN booking ON booking.learning_event_id = own.learning_event_id
                      AND booking.booking_id <> own.booking_id
                      AND booking.state = 'confirmed'
          JOIN sharing ON sharing.booking_id = booking.booking_id
          JOIN contact ON contact.booking_id = booking.booking_id
         WHERE own.booking_id = $1
         ORDER BY contact.name, booking.booking_id
        """,
        booking_id,
    )
    return [Attendee(**row) for row in rows]
