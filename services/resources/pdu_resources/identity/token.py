"""Tokens for what was shown: a code, a refresh token, or a client's own secret (RFC 6749)."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import asyncpg
import structlog
from fastapi import APIRouter, Form
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.identity.asked import Said
from pdu_resources.identity.client import Client, authenticated
from pdu_resources.identity.keys import SigningKeys
from pdu_resources.identity.oauth import OAuthProblem, invalid_grant
from pdu_resources.identity.role import roles_of
from pdu_resources.identity.secret import hashed, new_secret
from pdu_resources.identity.signed_in import end
from pdu_resources.organisation.rows import stands_for
from pdu_resources.rules.sign_in import (
    answers_challenge,
    granted,
    lasts,
    needs_second_factor,
    used_at_once,
)
from pdu_shared.access import Caller, Role
from pdu_shared.database import Conn, transaction
from pdu_shared.identity import organisation_id
from pdu_shared.platform import SERVICES
from pdu_shared.runtime import Here, Now, Runtime
from pdu_shared.tokens import LIFETIME, mint, sign

log = structlog.get_logger()
router = APIRouter(tags=["tokens"])

AUDIENCES = tuple(f"pdu-{name}" for name in SERVICES)


class TokenForm(BaseModel):
    """What is shown for a token, as a form (`application/x-www-form-urlencoded`)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "grant_type": "authorization_code",
                    "client_id": "portal",
                    "code": "mB5cQ0x2w1K3s4n5h6g7f8d9a0q1w2e3r4t5y6u7i8o",
                    "redirect_uri": "http://127.0.0.1:8000/signed-in",
                    "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
                }
            ]
        }
    )

    grant_type: Said | None = None
    client_id: Said | None = None
    client_secret: Said | None = None
    code: Said | None = None
    redirect_uri: Said | None = None
    code_verifier: Said | None = None
    refresh_token: Said | None = None
    scope: Said | None = None


class Tokens(BaseModel):
    """Tokens, and for how many seconds the access token is good."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a kind, no secret
    expires_in: int = int(LIFETIME.total_seconds())
    scope: str
    refresh_token: str | None = Field(default=None, description="Good once: the next one is here")
    id_token: str | None = Field(default=None, description="With the scope `openid`")


class RevokeForm(BaseModel):
    """A refresh token that is to be good no more."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"client_id": "portal", "token": "mB5cQ0x2w1K3s4n5h6g7f8d9a0q1w2e3r4t5y6u7i8o"}
            ]
        }
    )

    token: Said | None = None
    client_id: Said | None = None
    client_secret: Said | None = None


class Revoked(BaseModel):
    """There is nothing to say."""


@router.post("/token", response_model_exclude_none=True)
async def give_tokens(form: Annotated[TokenForm, Form()], here: Here, now: Now) -> Tokens:
    """Give tokens for a code, a refresh token, or a client's secret."""
    async with here.database.pool.acquire(timeout=5) as conn:
        client = await authenticated(conn, form.client_id or "", form.client_secret)
    match form.grant_type:
        case "authorization_code":
            return await _for_code(here, client, form, now)
        case "refresh_token":
            return await _for_refresh(here, client, form, now)
        case "client_credentials" if client.confidential:
            return _for_client(here, client, form, now)
        case "client_credentials":
            raise OAuthProblem("unauthorized_client", "This client has no secret to show.")
    raise OAuthProblem("unsupported_grant_type", "Tokens are not given for this.")


@router.post("/revoke")
async def revoke(form: Annotated[RevokeForm, Form()], here: Here, now: Now) -> Revoked:
    """Sign out with a refresh token: it and all of its family are good no more (RFC 7009).

    The answer is the same for a token that nobody knows. An access token ends by itself.
    """
    async with transaction(here.database) as conn:
        client = await authenticated(conn, form.client_id or "", form.client_secret)
        row = await _refresh_token(conn, form.token or "")
        if row and row["client_id"] == client.client_id:
            await end(conn, row["signed_in_id"], because="signed_out", now=now)
    return Revoked()


async def _for_code(here: Runtime, client: Client, form: TokenForm, now: datetime) -> Tokens:
    async with transaction(here.database) as conn:
        row = await conn.fetchrow(
            """
            SELECT signed_in_id, redirect_uri, code_challenge, nonce, used_at, person_id, client_id,
                   scope, amr, started_at, ended_at, authorization_code.expires_at
              FROM authorization_code JOIN signed_in USING (signed_in_id)
             WHERE code_hash = $1
               FOR UPDATE
            """,
            hashed(form.code or ""),
        )
        if (
            row is None
            or row["client_id"] != client.client_id
            or row["redirect_uri"] != form.redirect_uri
            or not answers_challenge(row["code_challenge"], form.code_verifier or "")
        ):
            raise invalid_grant()
        tokens = None
        if row["used_at"]:
            # Somebody else has it too: what came of it ends (RFC 6749 §4.1.2).
            await end(conn, row["signed_in_id"], because="code_used_again", now=now)
        elif row["expires_at"] > now:
            await conn.execute(
                "UPDATE authorization_code SET used_at = $2 WHERE code_hash = $1",
                hashed(form.code or ""),
                now,
            )
            tokens = await _issue(conn, here, row, nonce=row["nonce"], first=True, now=now)
    if tokens is None:
        raise invalid_grant()
    return tokens


async def _for_refresh(here: Runtime, client: Client, form: TokenForm, now: datetime) -> Tokens:
    async with transaction(here.database) as conn:
        row = await _refresh_token(conn, form.refresh_token or "")
        if row is None or row["client_id"] != client.client_id:
            raise invalid_grant()
        tokens = None
        again = row["used_at"]
        if again and not used_at_once(again, now, confidential=client.confidential):
            # It was stolen, or its owner was late; we cannot tell, so both sign in again.
            await end(conn, row["signed_in_id"], because="refresh_used_again", now=now)
        elif row["ended_at"] is None and min(row["expires_at"], row["until"]) > now:
            await conn.execute(
                "UPDATE refresh_token SET used_at = coalesce(used_at, $2) WHERE token_hash = $1",
                hashed(form.refresh_token or ""),
                now,
            )
            tokens = await _issue(conn, here, row, nonce=None, first=False, now=now)
    if tokens is None:
        raise invalid_grant()
    return tokens


def _for_client(here: Runtime, client: Client, form: TokenForm, now: datetime) -> Tokens:
    scope = granted(form.scope, client.scopes)
    machine = Caller(
        client_id=client.client_id,
        roles=frozenset({Role.INTEGRATION}),
        scope=frozenset(scope.split()),
    )
    log.info("client let in", client_id=client.client_id)
    return Tokens(access_token=_access_token(here, machine, now), scope=scope)


async def _issue(  # noqa: PLR0913 - each is another part of it
    conn: Conn,
    here: Runtime,
    row: asyncpg.Record,
    *,
    nonce: str | None,
    first: bool,
    now: datetime,
) -> Tokens | None:
    """Tokens for somebody who is signed in; None, and the end of it, when they may not any more."""
    person_id, amr = row["person_id"], tuple(row["amr"])
    roles = await roles_of(conn, person_id, now)
    member = await conn.fetchrow(
        "SELECT organisation, address FROM member WHERE person_id = $1 AND name IS NOT NULL",
        person_id,
    )
    if row["ended_at"] or member is None or (needs_second_factor(roles) and "mfa" not in amr):
        await end(conn, row["signed_in_id"], because="no_longer_allowed", now=now)
        return None
    typed = member["organisation"]
    caller = Caller(
        sub=person_id,
        client_id=row["client_id"],
        roles=roles,
        organisation_id=await stands_for(conn, organisation_id(typed)) if typed else None,
        scope=frozenset(row["scope"].split()),
    )
    refresh, lasting = new_secret(), lasts(roles)
    until = row["started_at"] + lasting.at_most
    await _keep_refresh(conn, row["signed_in_id"], refresh, min(now + lasting.idle, until))
    await conn.execute(
        "UPDATE signed_in SET last_used_at = $2, expires_at = $3 WHERE signed_in_id = $1",
        row["signed_in_id"],
        now,
        until,
    )
    told = caller.scope if first else frozenset[str]()
    return Tokens(
        access_token=_access_token(here, caller, now, amr),
        scope=row["scope"],
        refresh_token=refresh,
        id_token=_id_token(here, row, member["address"], nonce, now) if "openid" in told else None,
    )


def _access_token(here: Runtime, caller: Caller, now: datetime, amr: tuple[str, ...] = ()) -> str:
    return mint(
        here.part(SigningKeys).signing(now),
        caller,
        audiences=AUDIENCES,
        issuer=here.settings.issuer,
        amr=amr,
    )


def _id_token(
    here: Runtime, row: asyncpg.Record, address: str | None, nonce: str | None, now: datetime
) -> str:
    """Who signed in and how, for the front end itself (OpenID Connect Core §2)."""
    shows_address = "email" in row["scope"].split() and address is not None
    claims = {
        "iss": here.settings.issuer,
        "aud": row["client_id"],
        "sub": str(row["person_id"]),
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
        "auth_time": int(row["started_at"].timestamp()),
        "nonce": nonce,
        "amr": list(row["amr"]),
        "email": address if shows_address else None,
        "email_verified": True if shows_address else None,
    }
    return sign(here.part(SigningKeys).signing(now), claims, typ="JWT")


async def _refresh_token(conn: Conn, token: str) -> asyncpg.Record | None:
    return await conn.fetchrow(
        """
        SELECT signed_in_id, used_at, refresh_token.expires_at, signed_in.expires_at AS until,
               person_id, client_id, scope, amr, started_at, ended_at
          FROM refresh_token JOIN signed_in USING (signed_in_id)
         WHERE token_hash = $1
           FOR UPDATE
        """,
        hashed(token),
    )


async def _keep_refresh(conn: Conn, signed_in_id: UUID, token: str, expires_at: datetime) -> None:
    await conn.execute(
        "INSERT INTO refresh_token (token_hash, signed_in_id, expires_at) VALUES ($1, $2, $3)",
        hashed(token),
        signed_in_id,
        expires_at,
    )
