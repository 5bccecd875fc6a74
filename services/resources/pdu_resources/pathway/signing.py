"""The key with which badges are signed, if this hub has one."""

import json
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from pdu_resources.identity.keys import base_of
from pdu_shared.runtime import Runtime
from pdu_shared.settings import BadSettings

ALGORITHMS = {"EC": "ES256", "OKP": "Ed25519"}


class Signer:
    """Signs badges with the first key of PDU_BADGE_KEYS_FILE, and knows the others as its own.

    The file holds a JWK set with private keys (P-256 or Ed25519). Without it no badge is signed.
    """

    def __init__(self, runtime: Runtime) -> None:
        self.hub_url = base_of(runtime)
        self.issuer = runtime.settings.hub_name
        held = runtime.settings.badge_keys
        self._keys = _keys(held.get_secret_value()) if held else []

    @property
    def signs(self) -> bool:
        """Whether there is a key."""
        return bool(self._keys)

    def sign(self, claims: Mapping[str, Any]) -> str:
        """The claims as a signed JWT; its `kid` is the address at which the public key is."""
        key = self._keys[0]
        header = {
            "typ": "JWT",
            "alg": ALGORITHMS[key.key_type],
            "kid": f"{self.hub_url}/badge-issuer/keys/{key.kid}",
        }
        return jwt.encode(header, dict(claims), key, algorithms=[ALGORITHMS[key.key_type]])

    def opened(self, token: str) -> Mapping[str, Any] | None:
        """The claims of a JWT that one of our keys signed; None for any other."""
        for key in self._keys:
            try:
                return jwt.decode(token, key, algorithms=[ALGORITHMS[key.key_type]]).claims
            except (JoseError, ValueError, TypeError, AttributeError):
                continue
        return None

    def public(self) -> list[dict[str, Any]]:
        """What everybody may know of the keys."""
        return [dict(key.as_dict(private=False)) for key in self._keys]


def _keys(text: str) -> list[Key]:
    try:
        held = json.loads(text)["keys"]
        keys = [JWKRegistry.import_key(dict(one)) for one in held]
        fit = all(key.is_private and key.key_type in ALGORITHMS and key.kid for key in keys)
    except (JoseError, ValueError, TypeError, LookupError):
        fit = False
    if not fit:
        # The reasons of parsers may repeat what they read.
        raise BadSettings("PDU_BADGE_KEYS_FILE: no JWK set of private keys with a kid.") from None
    return keys
