"""Sealed data: what only its recipient can open, as compact JWE (RFC 7516) to a public key."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from joserfc import jwe
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, OKPKey

from pdu_shared.identity import uuid7
from pdu_shared.settings import BadSettings

ALGORITHM = "ECDH-ES"
ENCRYPTION = "A256GCM"
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

    def __init__(self, keys: str) -> None:
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

    def seal(self, recipient: str, data: bytes) -> str:
        """The data as only this recipient can read it; BadSettings when it has no key here."""
        key = self._newest.get(recipient)
        if key is None:
            raise BadSettings(f"PDU_SEALING_KEYS_FILE holds no key of {recipient}.")
        header = {"alg": ALGORITHM, "enc": ENCRYPTION, "kid": key.kid}
        return jwe.encrypt_compact(header, data, key, registry=_REGISTRY)

    def unseal(self, token: str) -> bytes:
        """What was sealed for us; CannotOpen with `unknown_key` or `damaged`."""
        try:
            opened = jwe.decrypt_compact(token, self._private, registry=_REGISTRY)
        except InvalidKeyIdError:
            raise CannotOpen("unknown_key") from None
        except (JoseError, ValueError, TypeError, LookupError):
            raise CannotOpen("damaged") from None
        return opened.plaintext or b""


def new_key(recipient: str) -> dict[str, Any]:
    """A new private key of this recipient, as a JWK whose id begins with the recipient."""
    key = OKPKey.generate_key(
        "X25519", {"use": "enc", "alg": ALGORITHM, "kid": f"{recipient}.{uuid7()}"}
    )
    return dict(key.as_dict(private=True))


def public_set(keys: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What senders may know of these keys, as a JWK set."""
    return {"keys": [OKPKey.import_key(dict(key)).as_dict(private=False) for key in keys]}


def _recipient(key_id: str) -> str:
    return key_id.rpartition(".")[0]
