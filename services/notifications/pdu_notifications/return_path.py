"""Where a letter comes back to: an address of its own, which only we can have made."""

import base64
import binascii
import hmac
import re
from dataclasses import dataclass
from email.headerregistry import Address
from uuid import UUID

from pdu_shared import mail
from pdu_shared.settings import BadSettings, Settings

OF_A_COPY = 255
"""Stands where letters have how often they were sent again, which is never that often."""
_PURPOSE = b"return path"
_MAC_BYTES = 10
_PACKED = 16 + 1 + _MAC_BYTES
_LONGEST_NAME = 64 - 1 - 44
TOKEN = re.compile(r"\+([a-z2-7]{44})@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReturnPath:
    """What letters come back to: `bounces+<token>@example.org` (VERP)."""

    base: Address
    key: bytes

    @classmethod
    def of(cls, settings: Settings) -> "ReturnPath | None":
        """The one of the settings; None when letters come back to nobody who reads them."""
        if settings.bounce_address is None:
            return None
        try:
            base = mail.address(settings.bounce_address)
        except mail.BadAddress as wrong:
            raise BadSettings(f"PDU_BOUNCE_ADDRESS: {wrong}") from None
        if len(base.username) > _LONGEST_NAME:
            raise BadSettings(
                f"PDU_BOUNCE_ADDRESS: at most {_LONGEST_NAME} characters before the @."
            )
        return cls(base, settings.secret("link_key").encode())

    def of_letter(self, letter_id: UUID, resent: int) -> str:
        """The address to which this letter comes back, the one of each time it is sent."""
        told = letter_id.bytes + bytes([resent])
        # Lower case and digits only: not all servers keep capitals.
        token = base64.b32encode(told + _mac(self.key, told)).decode().rstrip("=").lower()
        return f"{self.base.username}+{token}@{self.base.domain}"

    def of_copy(self, copy_id: int) -> str:
        """The address to which one copy of a bulletin comes back."""
        return self.of_letter(UUID(int=copy_id), OF_A_COPY)

    def opened(self, token: str) -> tuple[UUID, int] | None:
        """Which letter a token is of, and which time; None for any that we did not make."""
        try:
            packed = base64.b32decode(token.upper() + "====")
        except (binascii.Error, ValueError):
            return None
        told, mac = packed[:-_MAC_BYTES], packed[-_MAC_BYTES:]
        if len(packed) != _PACKED or not hmac.compare_digest(mac, _mac(self.key, told)):
            return None
        return UUID(bytes=told[:16]), told[16]


def _mac(key: bytes, told: bytes) -> bytes:
    return hmac.digest(key, _PURPOSE + told, "sha256")[:_MAC_BYTES]
