"""The address book: how to reach a person, and the link that goes with a booking.

Who tells what last is believed. Message ids are UUIDv7 and grow with time, also across services.
"""

from uuid import UUID

from pdu_shared.bus import current_thread
from pdu_shared.contracts.bookings import BookingLinkIssued
from pdu_shared.contracts.resources import ContactPointChanged
from pdu_shared.database import Conn
from pdu_shared.identity import uuid7


async def keep_contact_point(conn: Conn, message: ContactPointChanged) -> None:
    """Keep how to reach a person, as they told it themselves."""
    await _keep(conn, message, verified=message.verified)


async def keep_booking_link(conn: Conn, message: BookingLinkIssued) -> None:
    """Keep how to reach who booked, and the token of their booking."""
    await conn.execute(
        """
        INSERT INTO booking_link (booking_id, token) VALUES ($1, $2)
            ON CONFLICT (booking_id) DO UPDATE SET token = excluded.token
        """,
        message.booking_id,
        message.token,
    )
    await _keep(conn, message, verified=False)


LISTENERS = (keep_contact_point, keep_booking_link)


async def _keep(
    conn: Conn, message: ContactPointChanged | BookingLinkIssued, *, verified: bool
) -> None:
    await conn.execute(
        """
        INSERT INTO contact_point (person_id, address, name, verified, told_by)
        VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (person_id) DO UPDATE
           SET address = excluded.address, name = excluded.name, told_by = excluded.told_by,
               verified = excluded.verified OR (contact_point.verified
                                                AND contact_point.address = excluded.address)
         WHERE contact_point.told_by < excluded.told_by
        """,
        message.person_id,
        message.address,
        message.name,
        verified,
        current_thread().causation_id or uuid7(),
    )
    await _wake_letters(conn, message.person_id)


async def _wake_letters(conn: Conn, person_id: UUID) -> None:
    """Letters that waited for this address need not wait for their next look."""
    await conn.execute(
        """
        UPDATE letter SET next_at = now()
         WHERE person_id = $1 AND state = 'queued' AND reason IN ('no_address', 'no_link')
        """,
        person_id,
    )
