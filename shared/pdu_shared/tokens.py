"""Access tokens: made with the issuer's private key, believed with its public ones (RFC 9068)."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ClaimError,
    ExpiredTokenError,
    InvalidKeyIdError,
    JoseError,
    UnsupportedAlgorithmError,
)
from joserfc.jwk import ECKey, JWKRegistry, KeySet

from pdu_shared.access import Caller, Role
from pdu_shared.identity import uuid7
from pdu_shared.problems import Unauthenticated
from pdu_shared.settings import BadSettings

ALGORITHMS = ("ES256", "Ed25519")
ISSUER = "urn:pdu:issuer"
TYPE = "at+jwt"
LEEWAY = timedelta(seconds=30)
LIFETIME = timedelta(minutes=10)
BETWEEN_LOOKS = timedelta(seconds=5)
MOST_REMEMBERED = 1000
REASONS = {"iss": "issuer", "aud": "audience", "nbf": "not_yet_valid", "iat": "not_yet_valid"}
ROLES = frozenset(Role)
UNREADABLE = (OSError, ValueError, TypeError, LookupError, JoseError)

log = structlog.get_logger()


class Keys:
    """The issuer's public keys in a file, read again when the file changes.

    `audience` is the service that asks, such as `pdu-bookings`. BadSettings when the file cannot be
    read at the start; later the keys in hand stay in use.
    """

    def __init__(self, path: Path, *, audience: str, issuer: str = ISSUER) -> None:
        self._path = path
        self._claims: dict[str, Any] = {
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": audience},
            "exp": {"essential": True},
            "sub": {"essential": True},
            "scope": {"essential": True, "allow_blank": True},
        }
        try:
            self._mark = self._stamp()
            self._keys = self._read()
        except UNREADABLE as error:
            raise BadSettings(f"PDU_JWKS_FILE: cannot use {path}: {_in_words(error)}.") from None
        self._looked_at = datetime.now(UTC)
        self._remembered: dict[str, tuple[Caller, datetime]] = {}

    def verify(self, token: str, now: datetime) -> Caller:
        """Whom this token speaks for; Unauthenticated with a stable reason when it is no good."""
        self._look_again(now)
        if (known := self._remembered.get(token)) and now < known[1]:
            return known[0]
        try:
            decoded = jwt.decode(token, self._keys, algorithms=ALGORITHMS)
            if str(decoded.header.get("typ")).lower() != TYPE or "kid" not in decoded.header:
                raise Unauthenticated(reason="type")
            rules = jwt.JWTClaimsRegistry(
                int(now.timestamp()), int(LEEWAY.total_seconds()), **self._claims
            )
            rules.validate(decoded.claims)
            caller = _caller(decoded.claims)
            until = datetime.fromtimestamp(decoded.claims["exp"], UTC) + LEEWAY
        except (JoseError, ValueError, TypeError, AttributeError, OverflowError) as error:
            raise Unauthenticated(reason=_reason(error)) from None
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[token] = (caller, until)
        return caller

    def _look_again(self, now: datetime) -> None:
        if abs(now - self._looked_at) < BETWEEN_LOOKS:
            return
        self._looked_at = now
        try:
            mark = self._stamp()
            if mark != self._mark:
                self._keys, self._mark = self._read(), mark
                self._remembered.clear()
                log.info("keys read", keys=len(self._keys.keys))
        except UNREADABLE as error:
            log.warning("keys not read", reason=_in_words(error))

    def _stamp(self) -> tuple[int, int, int]:
        stat = self._path.stat()
        return stat.st_mtime_ns, stat.st_ino, stat.st_size

    def _read(self) -> KeySet:
        found = json.loads(self._path.read_text(encoding="utf-8"))
        if any(key["kty"] not in ("EC", "OKP") for key in found["keys"]):
            raise ValueError("a key that is neither for ES256 nor for Ed25519")
        return KeySet.import_key_set(found)


def new_issuer_key() -> dict[str, Any]:
    """A new private key of the issuer, as a JWK with its own key id."""
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    return dict(key.as_dict(private=True))


def public_jwks(*keys: Mapping[str, Any]) -> dict[str, Any]:
    """What everybody may know of these keys, as the JWK set of PDU_JWKS_FILE."""
    return {"keys": [JWKRegistry.import_key(dict(key)).as_dict(private=False) for key in keys]}


def mint(
    key: Mapping[str, Any],
    caller: Caller,
    *,
    audiences: Iterable[str],
    lifetime: timedelta = LIFETIME,
    issuer: str = ISSUER,
) -> str:
    """A token that makes these audiences (such as `pdu-bookings`) believe in this caller."""
    signer = JWKRegistry.import_key(dict(key))
    now = datetime.now(UTC)
    claims = {
        "iss": issuer,
        "aud": list(audiences),
        "sub": str(caller.sub or caller.client_id),
        "client_id": caller.client_id,
        "roles": sorted(caller.roles),
        "scope": " ".join(sorted(caller.scope)),
        "organisation_id": str(caller.organisation_id) if caller.organisation_id else None,
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
        "jti": str(uuid7()),
    }
    algorithm = "ES256" if signer.key_type == "EC" else "Ed25519"
    header = {"alg": algorithm, "typ": TYPE, "kid": signer.kid}
    told = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(header, told, signer, algorithms=ALGORITHMS)


def _caller(claims: Mapping[str, Any]) -> Caller:
    client_id, organisation_id = claims.get("client_id"), claims.get("organisation_id")
    machine = claims["sub"] == client_id  # client credentials: nobody behind it (RFC 9068 §2.2)
    return Caller(
        sub=None if machine else UUID(claims["sub"]),
        client_id=client_id,
        roles=frozenset(Role(role) for role in claims.get("roles", ()) if role in ROLES),
        organisation_id=UUID(organisation_id) if organisation_id else None,
        scope=frozenset(claims["scope"].split()),
    )


def _reason(error: Exception) -> str:
    match error:
        case ExpiredTokenError():
            return "expired"
        case ClaimError():
            return REASONS.get(error.claim, "claims")
        case BadSignatureError():
            return "signature"
        case InvalidKeyIdError():
            return "unknown_key"
        case UnsupportedAlgorithmError():
            return "algorithm"
    return "malformed"


def _in_words(error: Exception) -> str:
    # The reasons of parsers may repeat what they read.
    return (error.strerror or "unreadable") if isinstance(error, OSError) else "no usable JWK set"
