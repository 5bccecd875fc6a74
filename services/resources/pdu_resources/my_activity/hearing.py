"""What bookings tells of people's places and certificates, kept for their own view."""

from pdu_shared.contracts.bookings.attendance import CertificateIssued, CertificateWithdrawn
from pdu_shared.contracts.bookings.place import (
    BookingCancelled,
    BookingDeclined,
    BookingRequested,
    BookingWaitlisted,
    EventBooked,
    WaitlistOfferDeclined,
    WaitlistOfferExpired,
    WaitlistPlaceOffered,
)
from pdu_shared.contracts.message import Message
from pdu_shared.database import Conn

STATES: dict[type[Message], str] = {
    BookingRequested: "requested",
    BookingWaitlisted: "waitlisted",
    WaitlistPlaceOffered: "offered",
    EventBooked: "confirmed",
    BookingDeclined: "declined",
    BookingCancelled: "cancelled",
    WaitlistOfferDeclined: "cancelled",
    WaitlistOfferExpired: "cancelled",
}


async def learn_booking(
    conn: Conn,
    message: EventBooked
    | BookingRequested
    | BookingWaitlisted
    | WaitlistPlaceOffered
    | WaitlistOfferDeclined
    | WaitlistOfferExpired
    | BookingDeclined
    | BookingCancelled,
) -> None:
    """Keep what became of somebody's booking."""
    await conn.execute(
        """
        INSERT INTO my_booking AS kept (booking_id, person_id, learning_event_id, state, booked_on)
        VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (booking_id) DO UPDATE
           SET state = excluded.state, booked_on = coalesce(excluded.booked_on, kept.booked_on)
        """,
        message.booking_id,
        message.person_id,
        message.learning_event_id,
        STATES[type(message)],
        message.booked_on if isinstance(message, EventBooked) else None,
    )


async def learn_certificate(conn: Conn, message: CertificateIssued | CertificateWithdrawn) -> None:
    """Keep that somebody has a certificate of a learning event, or that it holds no more."""
    await conn.execute(
        """
        INSERT INTO my_event_certificate (certificate_id, person_id, learning_event_id, hours,
                                          holds)
        VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (certificate_id) DO UPDATE
           SET hours = excluded.hours, holds = excluded.holds
        """,
        message.certificate_id,
        message.person_id,
        message.learning_event_id,
        message.hours if isinstance(message, CertificateIssued) else 0,
        isinstance(message, CertificateIssued),
    )
