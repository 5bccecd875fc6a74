"""Tokens of links: in a letter they open one thing for one person, and nothing else.

A token is the id of that thing with 128 bits that only the holder of the key can make. Each kind
of thing is a purpose of its own, so that the link of one never opens another with the same id.
"""

import base64
import binascii
import hmac
from enum import StrEnum
from uuid import UUID

_VERSION = "1"
_MAC_BYTES = 16


def token_of(link_key: bytes, purpose: StrEnum, about: UUID) -> str:
    """The token that opens this thing."""
    packed = about.bytes + _mac(link_key, purpose, about)
    return _VERSION + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def opened_by(link_key: bytes, purpose: StrEnum, token: str) -> UUID | None:
    """What a token opens; None for anything that we did not make for this purpose."""
    if len(token) != 44 or token[0] != _VERSION or not token.isascii():  # noqa: PLR2004 - 32 bytes
        return None
    try:
        packed = base64.urlsafe_b64decode(token[1:] + "=")
    except (binascii.Error, ValueError):
        return None
    about = UUID(bytes=packed[:16])
    genuine = hmac.compare_digest(packed[16:], _mac(link_key, purpose, about))
    return about if genuine else None


def _mac(link_key: bytes, purpose: StrEnum, about: UUID) -> bytes:
    return hmac.digest(link_key, purpose.encode() + about.bytes, "sha256")[:_MAC_BYTES]
