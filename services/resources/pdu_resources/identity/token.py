"""Tokens for what was shown: a code, a refresh token, or a client's own secret (RFC 6749)."""

from datetime import datetime
from typing import Annotated

import structlog
from fastapi import APIRouter, Form
from pydantic import BaseModel, ConfigDict

from pdu_resources.identity import refresh
from pdu_resources.identity.asked import Said
from pdu_resources.identity.client import Client, authenticated
from pdu_resources.identity.issuing import Tokens, access_token, issue
from pdu_resources.identity.oauth import OAuthProblem, invalid_grant
from pdu_resources.identity.secret import hashed
from pdu_resources.identity.signed_in import end
from pdu_resources.rules.sign_in import answers_challenge, granted, used_at_once
from pdu_shared.access import Caller, Role
from pdu_shared.database import transaction
from pdu_shared.runtime import Here, Now, Runtime

log = structlog.get_logger()
router = APIRouter(tags=["tokens"])


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
            tokens = await issue(conn, here, row, nonce=row["nonce"], first=True, now=now)
    if tokens is None:
        raise invalid_grant()
    return tokens


async def _for_refresh(here: Runtime, client: Client, form: TokenForm, now: datetime) -> Tokens:
    async with transaction(here.database) as conn:
        row = await refresh.found(conn, form.refresh_token or "")
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
            tokens = await issue(conn, here, row, nonce=None, first=False, now=now)
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
    return Tokens(access_token=access_token(here, machine, now), scope=scope)
