"""The token with which somebody manages one booking: in the letter, and nowhere else."""

import base64
import binascii
import hmac
from uuid import UUID

_VERSION = "1"
_MAC_BYTES = 16


def token_for(link_key: bytes, booking_id: UUID) -> str:
    """The booking's id with 128 bits that only the holder of the key can make."""
    packed = booking_id.bytes + _mac(link_key, booking_id)
    return _VERSION + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def booking_of(link_key: bytes, token: str) -> UUID | None:
    """The booking that a token is for; None for anything that we did not make."""
    if len(token) != 44 or token[0] != _VERSION or not token.isascii():  # noqa: PLR2004 - 32 bytes
        return None
    try:
        packed = base64.urlsafe_b64decode(token[1:] + "=")
    except (binascii.Error, ValueError):
        return None
    booking_id = UUID(bytes=packed[:16])
    genuine = hmac.compare_digest(packed[16:], _mac(link_key, booking_id))
    return booking_id if genuine else None


def _mac(link_key: bytes, booking_id: UUID) -> bytes:
    return hmac.digest(link_key, b"booking" + booking_id.bytes, "sha256")[:_MAC_BYTES]
