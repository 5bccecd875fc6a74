"""The token with which somebody manages one booking: in the letter, and nowhere else."""

from uuid import UUID

from pdu_bookings.link import Purpose
from pdu_shared.links import opened_by, token_of


def token_for(link_key: bytes, booking_id: UUID) -> str:
    """The token of this booking."""
    return token_of(link_key, Purpose.BOOKING, booking_id)


def booking_of(link_key: bytes, token: str) -> UUID | None:
    """The booking that a token is for; None for anything that we did not make."""
    return opened_by(link_key, Purpose.BOOKING, token)
