"""Signatures of webhooks by the Standard Webhooks specification (symmetric, `v1`).

What is signed is `<id>.<timestamp>.<body>`, with HMAC-SHA256. A secret is `whsec_` and base64.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)
PREFIX = "whsec_"
LONGEST_ID = 255
MOST_SIGNATURES = 10
"""While secrets are changed a sender may sign with the old and the new."""


class BadSignature(ValueError):
    """It is not from whom it says, or not of now; a word says which."""


def secret_of(key: bytes) -> str:
    """A key, as it is written down and handed over."""
    return PREFIX + base64.b64encode(key).decode()


def key_of(secret: str) -> bytes:
    """The key of a secret. ValueError for what is none."""
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("The secret of a webhook is whsec_ and base64.") from None


def signed(secret: str, message_id: str, body: bytes, *, now: datetime) -> dict[str, str]:
    """The header fields that go with a body."""
    timestamp = str(int(now.timestamp()))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{_signature(key_of(secret), message_id, timestamp, body)}",
    }


def verify(secret: str, headers: Mapping[str, str], body: bytes, *, now: datetime) -> str:
    """The id of a message that was signed with this secret in the last five minutes.

    BadSignature for any other.
    """
    message_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    if not 0 < len(message_id) <= LONGEST_ID or not (timestamp.isascii() and timestamp.isdigit()):
        raise BadSignature("unsigned")
    if abs(int(timestamp[:12]) - now.timestamp()) > TOLERANCE.total_seconds():
        raise BadSignature("too_old")
    expected = _signature(key_of(secret), message_id, timestamp, body).encode()
    for one in headers.get("webhook-signature", "").split(" ")[:MOST_SIGNATURES]:
        version, _, signature = one.partition(",")
        if version == "v1" and hmac.compare_digest(signature.encode(), expected):
            return message_id
    raise BadSignature("forged")


def _signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    told = f"{message_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.digest(key, told, "sha256")).decode()
