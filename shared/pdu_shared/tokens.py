"""Access tokens: made with the issuer's private key, believed with its public ones (RFC 9068)."""

import asyncio
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
    InvalidClaimError,
    InvalidKeyIdError,
    JoseError,
    UnsupportedAlgorithmError,
)
from joserfc.jwk import ECKey, JWKRegistry, KeySet
from joserfc.jws import JWSRegistry

from pdu_shared.access import Caller, Role
from pdu_shared.fetching import NotFetched, fetch
from pdu_shared.identity import uuid7
from pdu_shared.problems import Unauthenticated, Unavailable
from pdu_shared.settings import BadSettings
from pdu_shared.watched import BETWEEN_LOOKS, UNREADABLE, Watched, in_words, put_in_place

ALGORITHMS = ("ES256", "Ed25519")
ACCEPTED = JWSRegistry(algorithms=ALGORITHMS)
"""Made once: made anew for each token it is a twentieth of what the check costs."""
ISSUER = "urn:pdu:issuer"
TYPE = "at+jwt"
LEEWAY = timedelta(seconds=30)
SKEW = timedelta(minutes=5, seconds=30)
"""So far ahead may the issuer's clock be: services' clocks differ by five minutes at most."""
LIFETIME = timedelta(minutes=10)
FRESH = timedelta(minutes=5)
BETWEEN_QUESTIONS = timedelta(minutes=1)
MOST_REMEMBERED = 1000
REASONS = {"iss": "issuer", "aud": "audience", "nbf": "not_yet_valid", "iat": "not_yet_valid"}
ROLES = frozenset(Role)
OURS = frozenset({"state", "until"})
"""What the issuer notes of a key beside the key itself."""

log = structlog.get_logger()


class Keys:
    """The issuer's public keys: in a file, or fetched into it from where the issuer publishes them.

    `audience` is the service that asks, such as `pdu-bookings`. Without a `url` the file is
    somebody else's, and read again when it changes: BadSettings when it cannot be read at the
    start. With one it is our copy, by which a service starts while the issuer is away; without
    either it knows no keys yet. What comes later and is unusable leaves the keys in hand.
    """

    def __init__(
        self, path: Path, *, audience: str, issuer: str = ISSUER, url: str | None = None
    ) -> None:
        self._path, self._url = path, url
        self._claims: dict[str, Any] = {
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": audience},
            "exp": {"essential": True},
            "sub": {"essential": True},
            "scope": {"essential": True, "allow_blank": True},
        }
        self._file: Watched[KeySet] | None = None
        try:
            self._file = Watched(path, key_set)
        except UNREADABLE as error:
            if url is None:
                told = f"PDU_JWKS_FILE: cannot use {path}: {in_words(error)}."
                raise BadSettings(told) from None
        self._asked_at: datetime | None = None
        self._remembered: dict[str, tuple[Caller, datetime]] = {}
        self._remembered_with: KeySet | None = None

    def verify(self, token: str, now: datetime) -> Caller:
        """Whom this token speaks for; Unauthenticated with a stable reason when it is no good.

        Unavailable when no key was ever found.
        """
        if self._file is None:
            raise Unavailable(retry_after=5)
        keys = self._file.held(now)
        if keys is not self._remembered_with:
            self._remembered, self._remembered_with = {}, keys
        if (known := self._remembered.get(token)) and now < known[1]:
            return known[0]
        try:
            decoded = jwt.decode(token, keys, registry=ACCEPTED)
            if str(decoded.header.get("typ")).lower() != TYPE or "kid" not in decoded.header:
                raise Unauthenticated(reason="type")
            _Rules(int(now.timestamp()), int(LEEWAY.total_seconds()), **self._claims).validate(
                decoded.claims
            )
            caller = _caller(decoded.claims)
            until = datetime.fromtimestamp(decoded.claims["exp"], UTC) + LEEWAY
        except (JoseError, ValueError, TypeError, AttributeError, OverflowError) as error:
            raise Unauthenticated(reason=_reason(error)) from None
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[token] = (caller, until)
        return caller

    async def learn(self, now: datetime) -> bool:
        """Ask the issuer for keys we do not know, once a minute at most; whether it answered.

        So a flood of tokens with invented keys asks no more of it than one does.
        """
        if self._url is None or (self._asked_at and abs(now - self._asked_at) < BETWEEN_QUESTIONS):
            return False
        self._asked_at = now
        return await self._fetch(self._url)

    async def keep_fresh(self) -> None:
        """Fetch the keys every few minutes for ever, sooner while there are none."""
        while self._url is not None:
            await self._fetch(self._url)
            await asyncio.sleep((FRESH if self._file else BETWEEN_LOOKS).total_seconds())

    async def _fetch(self, url: str) -> bool:
        try:
            text = await fetch(url)
            key_set(text)
            await asyncio.to_thread(put_in_place, self._path, text)
            self._file = Watched(self._path, key_set)
        except (*UNREADABLE, NotFetched) as error:
            reason = str(error) if isinstance(error, NotFetched) else in_words(error)
            log.warning("keys not fetched", reason=reason)
            return False
        return True


class _Rules(jwt.JWTClaimsRegistry):
    """The claims of a token. That it seems to come from the near future is the fault of a clock."""

    def validate_iat(self, value: object) -> None:
        if not isinstance(value, int | float) or value > self.now + SKEW.total_seconds():
            raise InvalidClaimError("iat")


def key_set(text: str) -> KeySet:
    """The public keys of a JWK set; ValueError (or another of UNREADABLE) when it is none."""
    found = json.loads(text)["keys"]
    if not found or any(key["kty"] not in ("EC", "OKP") for key in found):
        raise ValueError("no keys, or one that is neither for ES256 nor for Ed25519")
    return KeySet([JWKRegistry.import_key(key) for key in public_jwks(*found)["keys"]])


def new_issuer_key() -> dict[str, Any]:
    """A new private key of the issuer, as a JWK with its own key id."""
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    return dict(key.as_dict(private=True))


def public_jwks(*keys: Mapping[str, Any]) -> dict[str, Any]:
    """What everybody may know of these keys, as the JWK set of PDU_JWKS_FILE."""
    told = ({k: v for k, v in key.items() if k not in OURS} for key in keys)
    return {"keys": [JWKRegistry.import_key(key).as_dict(private=False) for key in told]}


def mint(  # noqa: PLR0913 - what is said in a token
    key: Mapping[str, Any],
    caller: Caller,
    *,
    audiences: Iterable[str],
    lifetime: timedelta = LIFETIME,
    issuer: str = ISSUER,
    amr: Iterable[str] = (),
) -> str:
    """A token that makes these audiences (such as `pdu-bookings`) believe in this caller.

    `amr` is how they showed who they are (RFC 8176).
    """
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
        "amr": list(amr) or None,
    }
    return sign(key, claims, typ=TYPE)


def sign(key: Mapping[str, Any], claims: Mapping[str, Any], *, typ: str) -> str:
    """These claims as a JWT of this type; those that are None are left out."""
    signer = JWKRegistry.import_key(
        {name: value for name, value in key.items() if name not in OURS}
    )
    algorithm = "ES256" if signer.key_type == "EC" else "Ed25519"
    header = {"alg": algorithm, "typ": typ, "kid": signer.kid}
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
