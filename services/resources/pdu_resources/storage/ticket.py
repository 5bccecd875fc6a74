"""Addresses of files that are good for a few hours: whoever holds one may play that file."""

import base64
import binascii
import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

GOOD_FOR = timedelta(hours=4)
"""Long enough to see a whole afternoon of recordings with a break in it."""
_PURPOSE = b"library-file"
_MAC_BYTES = 16
_LONG = 48
"""16 bytes of the file's id, 4 of the time, 16 of the seal, as text."""


def ticket_for(link_key: bytes, file_id: UUID, now: datetime) -> tuple[str, datetime]:
    """A ticket for this file, and until when it is good."""
    until = int((now + GOOD_FOR).timestamp())
    packed = file_id.bytes + until.to_bytes(4)
    ticket = base64.urlsafe_b64encode(packed + _mac(link_key, packed)).decode()
    return ticket, datetime.fromtimestamp(until, UTC)


def opened_by(link_key: bytes, ticket: str, now: datetime) -> UUID | None:
    """The file that a ticket opens; None when it is not ours, or good no more."""
    if len(ticket) != _LONG or not ticket.isascii():
        return None
    try:
        given = base64.urlsafe_b64decode(ticket)
    except (binascii.Error, ValueError):
        return None
    packed = given[:-_MAC_BYTES]
    if not hmac.compare_digest(given[-_MAC_BYTES:], _mac(link_key, packed)):
        return None
    if int.from_bytes(packed[16:]) < now.timestamp():
        return None
    return UUID(bytes=packed[:16])


def _mac(link_key: bytes, packed: bytes) -> bytes:
    return hmac.digest(link_key, _PURPOSE + packed, "sha256")[:_MAC_BYTES]
