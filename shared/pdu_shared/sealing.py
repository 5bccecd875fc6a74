"""Sealed data: what only its recipient can open, as compact JWE (RFC 7516) to a public key."""

import json
import os
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from time import monotonic
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from joserfc import jwe
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, OKPKey

from pdu_shared.identity import uuid7
from pdu_shared.settings import BadSettings

ALGORITHM = "ECDH-ES"
ENCRYPTION = "A256GCM"
KEY_BITS, VECTOR_BYTES, TAG_BYTES = 256, 12, 16
AGREED_FOR = 10.0
AGREED_TIMES = 256
# Prepared once: the library would build one for every call. No compression, so no bombs.
_REGISTRY = jwe.JWERegistry(algorithms=[ALGORITHM, ENCRYPTION])


class CannotOpen(ValueError):
    """Sealed data that stays closed; `reason` is a stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The sealed data cannot be opened: {reason}.")
        self.reason = reason


class Sealer:
    """Seals for the recipients whose public keys it has, and opens what its private keys fit.

    `keys` is a JWK set as JSON text, the content of PDU_SEALING_KEYS_FILE. A recipient may have
    several keys while they rotate: the newest seals, all of them open. BadSettings when unusable.
    """

    def __init__(self, keys: str, *, clock: Callable[[], float] = monotonic) -> None:
        try:
            found = [OKPKey.import_key(key) for key in json.loads(keys)["keys"]]
            known = {str(key.kid): key for key in found}
            if not found or any(key.get("crv") != "X25519" or not key.kid for key in found):
                raise ValueError("not a set of X25519 keys with ids")  # noqa: TRY301
        except (ValueError, TypeError, LookupError, AttributeError, JoseError):
            raise BadSettings("PDU_SEALING_KEYS_FILE is no JWK set of X25519 keys.") from None
        # Ids end in a UUIDv7, so the last in order is the newest.
        self._newest = {_recipient(key_id): known[key_id] for key_id in sorted(known)}
        self._private = KeySet([key for key in found if key.is_private])
        self._agreements: dict[str, _Agreement] = {}
        self._clock = clock

    def seal(self, recipient: str, data: bytes) -> str:
        """The data as only this recipient can read it; BadSettings when it has no key here."""
        agreement = self._agreements.get(recipient)
        if agreement is None or agreement.is_used_up(self._clock()):
            key = self._newest.get(recipient)
            if key is None:
                raise BadSettings(f"PDU_SEALING_KEYS_FILE holds no key of {recipient}.")
            agreement = self._agreements[recipient] = _Agreement(key, self._clock())
        return agreement.seal(data)

    def published(self) -> dict[str, Any]:
        """What whoever seals for us may know: the public parts of our own keys, as a JWK set."""
        return {"keys": [key.as_dict(private=False) for key in self._private.keys]}

    def unseal(self, token: str) -> bytes:
        """What was sealed for us; CannotOpen with `unknown_key` or `damaged`."""
        try:
            opened = jwe.decrypt_compact(token, self._private, registry=_REGISTRY)
        except InvalidKeyIdError:
            raise CannotOpen("unknown_key") from None
        except (JoseError, ValueError, TypeError, LookupError):
            raise CannotOpen("damaged") from None
        return opened.plaintext or b""


class _Agreement:
    """One key agreement (ECDH-ES, RFC 7518 §4.6), for what is sealed within a few seconds.

    Agreeing on a key costs twenty times what sealing with it does, and people book in bursts.
    Each message has its own random initialization vector.
    """

    def __init__(self, recipient: OKPKey, now: float) -> None:
        ephemeral = OKPKey.generate_key("X25519", private=True)
        public = ephemeral.as_dict(private=False)
        epk = {name: public[name] for name in ("kty", "crv", "x")}
        header = {"alg": ALGORITHM, "enc": ENCRYPTION, "kid": recipient.kid, "epk": epk}
        self._cipher = AESGCM(_content_key(ephemeral.exchange_derive_key(recipient)))
        self._header = _base64(json.dumps(header, separators=(",", ":")).encode())
        self._good_until = now + AGREED_FOR
        self._left = AGREED_TIMES

    def is_used_up(self, now: float) -> bool:
        """Whether the next message needs another agreement."""
        return self._left <= 0 or now > self._good_until

    def seal(self, data: bytes) -> str:
        """The compact JWE of the data."""
        self._left -= 1
        vector = os.urandom(VECTOR_BYTES)
        sealed = self._cipher.encrypt(vector, data, self._header)
        parts = (self._header, b"", _base64(vector), _base64(sealed[:-TAG_BYTES]),
                 _base64(sealed[-TAG_BYTES:]))  # fmt: skip
        return b".".join(parts).decode()


def _content_key(shared: bytes) -> bytes:
    """The key for the content: Concat KDF over the algorithm, no party names, and its length."""
    algorithm = len(ENCRYPTION).to_bytes(4) + ENCRYPTION.encode()
    about = algorithm + bytes(4) + bytes(4) + KEY_BITS.to_bytes(4)
    return ConcatKDFHash(hashes.SHA256(), KEY_BITS // 8, about).derive(shared)


def _base64(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")


def new_key(recipient: str) -> dict[str, Any]:
    """A new private key of this recipient, as a JWK whose id begins with the recipient."""
    key = OKPKey.generate_key(
        "X25519", {"use": "enc", "alg": ALGORITHM, "kid": f"{recipient}.{uuid7()}"}
    )
    return dict(key.as_dict(private=True))


def keys_of(service: str, private: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What a service holds of these keys: its own whole, the public parts of the others'."""
    others = (key for recipient, key in private.items() if recipient != service)
    own = [dict(private[service])] if service in private else []
    return {"keys": [*own, *public_set(others)["keys"]]}


def public_set(keys: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What senders may know of these keys, as a JWK set."""
    return {"keys": [OKPKey.import_key(dict(key)).as_dict(private=False) for key in keys]}


def _recipient(key_id: str) -> str:
    return key_id.rpartition(".")[0]
