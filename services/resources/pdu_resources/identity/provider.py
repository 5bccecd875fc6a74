"""An OpenID provider outside, such as the staff directory of a council, that vouches for people."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from pdu_shared.fetching import NotFetched, fetch
from pdu_shared.problems import Unavailable
from pdu_shared.runtime import Runtime
from pdu_shared.tokens import LEEWAY

log = structlog.get_logger()

ALGORITHMS = ["ES256", "ES384", "RS256", "PS256", "Ed25519"]
KEPT_FOR = timedelta(minutes=10)
AT_HOME = frozenset({"127.0.0.1", "::1", "localhost"})


class NotVouchedFor(Exception):
    """What came back from the provider is not good; the sentence is for people."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom the provider calls what, and the address that it has verified."""

    subject: str
    email: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the provider says of itself."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    read_at: datetime


class Provider:
    """The provider that the settings name."""

    def __init__(self, runtime: Runtime) -> None:
        settings = runtime.settings
        self.issuer = (settings.outside_issuer or "").rstrip("/")
        self.name = settings.outside_name
        self.client_id = settings.outside_client_id
        self._secret = settings.outside_client_secret
        self._known: Known | None = None

    @property
    def there(self) -> bool:
        """Whether there is one."""
        return bool(self.issuer)

    async def known(self, now: datetime) -> Known:
        """What it says of itself; Unavailable when it does not answer, or names somebody else."""
        if self._known and now - self._known.read_at < KEPT_FOR:
            return self._known
        try:
            text = await fetch(f"{self.issuer}/.well-known/openid-configuration")
            told = json.loads(text)
            if str(told["issuer"]).rstrip("/") != self.issuer:
                raise ValueError("another issuer")  # noqa: TRY301
            known = Known(
                authorization_endpoint=_over_tls(told["authorization_endpoint"]),
                token_endpoint=_over_tls(told["token_endpoint"]),
                jwks_uri=_over_tls(told["jwks_uri"]),
                read_at=now,
            )
        except (NotFetched, ValueError, TypeError, LookupError) as error:
            log.warning("provider not known", reason=type(error).__name__)
            raise Unavailable("The other sign-in does not answer just now.") from None
        self._known = known
        return known

    async def vouched(
        self, code: str, *, verifier: str, nonce: str, redirect_uri: str, now: datetime
    ) -> Vouched:
        """Whom the provider vouches for with this code. Raises NotVouchedFor or Unavailable."""
        known = await self.known(now)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self.client_id,
            "code_verifier": verifier,
        }
        if self._secret:
            form["client_secret"] = self._secret.get_secret_value()
        try:
            told = json.loads(await fetch(known.token_endpoint, form=form))
            keys = KeySet.import_key_set(json.loads(await fetch(known.jwks_uri)))
            claims = self._claims(str(told["id_token"]), keys, nonce, now)
        except (NotFetched, JoseError, ValueError, TypeError, LookupError) as error:
            log.warning("not vouched for", reason=type(error).__name__)
            raise NotVouchedFor("The other sign-in did not work. Please begin again.") from None
        if claims.get("email_verified") is not True or not isinstance(claims.get("email"), str):
            raise NotVouchedFor("The other sign-in does not say that your address is yours.")
        return Vouched(str(claims["sub"]), claims["email"])

    def _claims(self, token: str, keys: KeySet, nonce: str, now: datetime) -> dict[str, Any]:
        decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
        jwt.JWTClaimsRegistry(
            int(now.timestamp()),
            int(LEEWAY.total_seconds()),
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(decoded.claims)
        return decoded.claims


def _over_tls(address: object) -> str:
    parts = urlsplit(str(address))
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in AT_HOME):
        raise ValueError("an address without TLS")
    return str(address)
