"""The ids of the platform: of people, of organisations, and of everything that is new."""

import hmac
import os
import threading
import time
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from uuid import UUID, uuid5

import idna

# Chosen once; another one would change every derived id.
NAMESPACE = UUID("6f0f2c1e-9d0c-5c53-8f4e-7a1f5b0c9d2e")
FETCHED_AT_ONCE = 1024  # bytes
RANDOM_BITS = 74  # of a UUIDv7: rand_a and rand_b of RFC 9562 §5.7
_EPOCH = datetime.fromtimestamp(0, UTC)
_LOW_62 = (1 << 62) - 1
_VERSION_8 = 8 << 76
_VARIANT = 0b10 << 62
_TAKEN = (0xF << 76) | (0b11 << 62)


class _Randomness:
    """The system's randomness, fetched for many ids at a time."""

    def __init__(self) -> None:
        self._fetched, self._used = b"", 0
        os.register_at_fork(after_in_child=self.forget)  # two processes would give the same ids

    def forget(self) -> None:
        self._fetched, self._used = b"", 0

    def number(self, size: int) -> int:
        """A random number of so many bytes."""
        if self._used + size > len(self._fetched):
            self._fetched, self._used = os.urandom(FETCHED_AT_ONCE), 0
        self._used += size
        return int.from_bytes(self._fetched[self._used - size : self._used])


class _Uuid7Series:
    """Time in milliseconds and 74 random bits as one number that only grows."""

    def __init__(self) -> None:
        self._latest = 0
        self._lock = threading.Lock()
        self._random = _Randomness()

    def following(self) -> int:
        with self._lock:
            now = time.time_ns() // 1_000_000 << RANDOM_BITS
            if now > self._latest:
                # The highest bit stays free, so that a busy millisecond has room to grow.
                self._latest = now | self._random.number(10) >> 7
            else:
                # The same millisecond, or a clock set back: a random step (RFC 9562 §6.2, 2).
                self._latest += 1 + self._random.number(4)
            return self._latest


_SERIES = _Uuid7Series()


def uuid7() -> UUID:
    """A new UUIDv7, greater than every one before it in this process (RFC 9562 §5.7)."""
    number = _SERIES.following()
    high = (number >> RANDOM_BITS) << 16 | 0x7000 | (number >> 62) & 0xFFF
    return UUID(int=high << 64 | _VARIANT | number & _LOW_62)


def first_uuid7(at: datetime) -> UUID:
    """The lowest UUIDv7 of a moment: ids given from then on are not below it."""
    # Whole numbers: as floats, milliseconds of our time are not exact.
    return UUID(int=(at - _EPOCH) // timedelta(milliseconds=1) << 80)


def person_id(key: bytes, address: str, generation: int = 0) -> UUID:
    """The pseudonym of whoever reads mail at this address, as a UUIDv8.

    The same for a guest and a member, in every service that holds the key. The generation is the
    number of erasures the address has behind it: after each one it gives a new id.
    ValueError when the text is no address.
    """
    text = canonical_address(address)
    if generation:
        text = f"{text}|{generation}"
    return _uuid8(hmac.digest(key, text.encode(), "sha256")[:16])


def addressless_person_id(key: bytes, *request: str) -> UUID:
    """The pseudonym of somebody without an address, the same when the request is repeated."""
    return _uuid8(hmac.digest(key, "\0".join(request).encode(), "sha256")[:16])


def random_person_id() -> UUID:
    """The id of someone without an address, as a random UUIDv8."""
    return _uuid8(os.urandom(16))


def canonical_address(address: str) -> str:
    """The one spelling of an e-mail address: NFC, lower case, the host in ASCII.

    Plus signs and dots stay: only the owner of the host knows whether they mean anything.
    """
    local, at, host = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    if not (local and at and host):
        raise ValueError("An e-mail address has a name, an @ and a host.")
    if not host.isascii():
        host = idna.encode(host, uts46=True).decode()
    return f"{local.lower()}@{host.lower()}"


@lru_cache(maxsize=4096)
def organisation_id(name: str) -> UUID:
    """The id of an organisation by its name; case, width and spacing do not matter."""
    return derived_id(
        "organisation", " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    )


def derived_id(kind: str, *key: object) -> UUID:
    """The id that a thing of this kind has by its natural key, the same each time (UUIDv5)."""
    # As json.dumps would write it, which takes three times as long.
    return uuid5(NAMESPACE, f"[{','.join(map(encode_basestring_ascii, (kind, *map(str, key))))}]")


def _uuid8(octets: bytes) -> UUID:
    return UUID(int=int.from_bytes(octets) & ~_TAKEN | _VERSION_8 | _VARIANT)
