"""What everybody may know of the issuer: where it does what, and its public keys."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from pdu_shared.issuer_keys import IssuerKeys
from pdu_shared.problems import Unavailable
from pdu_shared.runtime import Here, Now, Runtime

router = APIRouter(tags=["tokens"])

FRESH_FOR = {"Cache-Control": "public, max-age=300"}


class SigningKeys:
    """The issuer's keys of this process; Unavailable where none were given."""

    def __init__(self, runtime: Runtime) -> None:
        settings = runtime.settings
        path = settings.issuer_keys_file
        guarded = settings.env == "production"
        self._keys = IssuerKeys(path, guarded=guarded) if path else None

    def signing(self, now: datetime) -> dict[str, Any]:
        """The key that signs now."""
        return self._held().signing(now)

    def published(self, now: datetime) -> dict[str, Any]:
        """The keys that everybody may know."""
        return self._held().published(now)

    def _held(self) -> IssuerKeys:
        if self._keys is None:
            raise Unavailable("This installation has no issuer of its own.", retry_after=3600)
        return self._keys


class PublicKey(BaseModel):
    """A public key (RFC 7517)."""

    kty: str
    kid: str
    crv: str
    x: str
    y: str | None = None
    use: str | None = None
    alg: str | None = None


class PublicKeys(BaseModel):
    """The keys by which our tokens are verified: one signs now, one is to be next."""

    keys: list[PublicKey]


class Discovery(BaseModel):
    """Where the issuer does what, and how (OpenID Connect Discovery 1.0, RFC 8414)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str
    jwks_uri: str
    response_types_supported: list[str] = ["code"]
    response_modes_supported: list[str] = ["query"]
    grant_types_supported: list[str] = [
        "authorization_code",
        "refresh_token",
        "client_credentials",
    ]
    code_challenge_methods_supported: list[str] = ["S256"]
    token_endpoint_auth_methods_supported: list[str] = ["none", "client_secret_post"]
    id_token_signing_alg_values_supported: list[str] = ["ES256"]
    subject_types_supported: list[str] = ["public"]
    scopes_supported: list[str] = ["openid", "email"]
    authorization_response_iss_parameter_supported: bool = True


@router.get("/.well-known/jwks.json", response_model=PublicKeys)
async def read_keys(here: Here, now: Now) -> JSONResponse:
    """The public keys, to be kept for five minutes. The next one is among them before it signs."""
    return JSONResponse(here.part(SigningKeys).published(now), headers=FRESH_FOR)


@router.get("/.well-known/openid-configuration", response_model=Discovery)
async def discover(here: Here) -> JSONResponse:
    """Where to send people, where tokens come from, and what is supported."""
    base = base_of(here)
    document = Discovery(
        issuer=here.settings.issuer,
        authorization_endpoint=f"{base}/authorize",
        token_endpoint=f"{base}/token",
        revocation_endpoint=f"{base}/revoke",
        jwks_uri=f"{base}/.well-known/jwks.json",
    )
    return JSONResponse(document.model_dump(), headers=FRESH_FOR)


def base_of(runtime: Runtime) -> str:
    """Where this service is reached from outside, without a slash at the end."""
    settings = runtime.settings
    at_home = f"http://{settings.http_host}:{settings.http_port}"
    return (settings.public_url or at_home).rstrip("/")
