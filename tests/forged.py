"""Tokens that nobody should believe, each with one thing wrong."""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from joserfc import jwk, jwt

from pdu_shared.tokens import new_issuer_key

Key = Mapping[str, Any]
STRANGER = new_issuer_key()


def signed(
    key: Key, audience: str, *, header: Mapping[str, Any] | None = None, **claims: object
) -> str:
    """A coordinator's token with everything right but what is said here."""
    whole = {**_claims(audience), **claims}
    head = {"alg": "ES256", "typ": "at+jwt", "kid": key["kid"], **(header or {})}
    return "Bearer " + jwt.encode(head, whole, jwk.import_key(dict(key)), algorithms=["ES256"])


def _claims(audience: str) -> dict[str, Any]:
    moment = int(datetime.now(UTC).timestamp())
    return {
        "iss": "urn:pdu:issuer", "aud": [audience], "sub": str(uuid4()), "client_id": "tests",
        "roles": ["coordinator"], "scope": "", "iat": moment, "exp": moment + 600,
        "jti": str(uuid4()),
    }  # fmt: skip


def _by_hand(header: Mapping[str, Any], audience: str, secret: bytes | None) -> str:
    text = f"{_part(header)}.{_part(_claims(audience))}"
    mac = hmac.digest(secret, text.encode(), "sha256") if secret else b""
    return f"Bearer {text}.{_base64(mac)}"


def _with_public_key(key: Key, audience: str) -> str:
    secret = jwk.import_key(dict(key)).as_pem(private=False)
    return _by_hand({"alg": "HS256", "typ": "at+jwt", "kid": key["kid"]}, audience, secret)


def _with_a_key_inside(_key: Key, audience: str) -> str:
    public = jwk.import_key(dict(STRANGER)).as_dict(private=False)
    return signed(STRANGER, audience, header={"jwk": public})


def _part(value: Mapping[str, Any]) -> str:
    return _base64(json.dumps(value).encode())


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _at(seconds: int) -> int:
    return int(datetime.now(UTC).timestamp()) + seconds


FORGED: dict[str, Callable[[Key, str], str]] = {
    "garbage": lambda _key, _audience: "Bearer nonsense",
    "no bearer": lambda _key, _audience: "Basic bm9ib2R5OnNlY3JldA==",
    "alg none": lambda key, audience: _by_hand(
        {"alg": "none", "typ": "at+jwt", "kid": key["kid"]}, audience, None
    ),
    "the public key as secret": _with_public_key,
    "a key inside": _with_a_key_inside,
    "another's key under our id": lambda key, audience: signed(
        {**STRANGER, "kid": key["kid"]}, audience
    ),
    "unknown key": lambda _key, audience: signed(STRANGER, audience),
    "expired": lambda key, audience: signed(key, audience, exp=_at(-60)),
    "not yet": lambda key, audience: signed(key, audience, nbf=_at(300)),
    "another issuer": lambda key, audience: signed(key, audience, iss="urn:pdu:other"),
    "another audience": lambda key, _audience: signed(key, "pdu-portal"),
    "an ID token": lambda key, audience: signed(key, audience, header={"typ": "JWT"}),
    "nobody": lambda key, audience: signed(key, audience, sub=""),
    "no scope": lambda key, audience: signed(key, audience, scope=None),
    "roles that are no list": lambda key, audience: signed(key, audience, roles=7),
}
