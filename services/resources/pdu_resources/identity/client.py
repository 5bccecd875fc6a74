"""Front ends and integrations: who may ask us to sign people in, or sign in themselves."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import structlog
from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
)

from pdu_resources.identity.oauth import invalid_client
from pdu_resources.identity.secret import hashed, new_secret
from pdu_resources.rules.sign_in import may_return_to
from pdu_shared.access import Who
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, OneLine
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Now, Store

log = structlog.get_logger()
router = APIRouter(tags=["clients"])

ID = r"^[a-z][a-z0-9-]{1,39}$"
MOST_SECRETS = 2
"""The one in use, and the one that takes its place."""

ClientId = Annotated[str, Path(pattern=ID)]


def _checked_address(uri: str) -> str:
    if not may_return_to(uri):
        msg = "Give an https address, one on this machine, or an app's own scheme; no fragment."
        raise ValueError(msg)
    return uri


Address = Annotated[str, StringConstraints(max_length=300), AfterValidator(_checked_address)]
ScopeWord = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z:_-]{0,39}$")]


class ClientForm(Form):
    """What a client is called, where people come back to, and what it may ask for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Kiosk at the Sneinton Hermitage",
                    "redirect_uris": ["https://kiosk.example.org/signed-in"],
                    "scopes": ["openid", "email"],
                }
            ]
        }
    )

    name: OneLine
    confidential: StrictBool = Field(default=False, description="It can keep a secret")
    pageless: StrictBool = Field(
        default=False, description="It draws the pages of signing in itself"
    )
    redirect_uris: list[Address] = Field(default=[], max_length=10)
    scopes: list[ScopeWord] = Field(default=[], max_length=20)


class ClientRead(ClientForm):
    """A client as it is registered."""

    client_id: str
    secrets: int = Field(description="How many secrets it has, two at most")
    disabled_at: datetime | None


class Clients(BaseModel):
    """Every client, by its id."""

    items: list[ClientRead]


class MadeSecret(BaseModel):
    """A new secret. It is shown only now."""

    client_secret: str


@dataclass(frozen=True, slots=True)
class Client:
    """A front end or integration that is registered and not disabled."""

    client_id: str
    name: str
    confidential: bool
    pageless: bool
    redirect_uris: frozenset[str]
    scopes: frozenset[str]


@router.get("/clients")
async def read_clients(database: Store) -> Clients:
    """Every client, also those that are disabled."""
    rows = await database.pool.fetch(
        """
        SELECT client_id, name, confidential, pageless, redirect_uris, scopes, disabled_at,
               (SELECT count(*) FROM client_secret WHERE client_id = client.client_id) AS secrets
          FROM client ORDER BY client_id
        """
    )
    return Clients(items=[ClientRead(**row) for row in rows])


@router.put("/clients/{client_id}", status_code=204)
async def register_client(
    client_id: ClientId, form: ClientForm, database: Store, now: Now
) -> Response:
    """Register a client, or change it. One that was disabled is let in again."""
    async with transaction(database) as conn:
        await put_client(conn, client_id, form, now)
    log.info("client registered", client_id=client_id)
    return Response(status_code=204)


@router.post("/clients/{client_id}/secrets", status_code=201)
async def make_secret(client_id: ClientId, database: Store, caller: Who, now: Now) -> MadeSecret:
    """Make a secret for a confidential client. Two at a time, so that it can change them.

    There is no Idempotency-Key: nobody keeps the secret, so it cannot be told again.
    """
    secret = new_secret()
    async with transaction(database) as conn:
        confidential = await conn.fetchval(
            "SELECT confidential FROM client WHERE client_id = $1 FOR UPDATE", client_id
        )
        if confidential is None:
            raise NotFound
        held = await conn.fetchval(
            "SELECT count(*) FROM client_secret WHERE client_id = $1", client_id
        )
        if not confidential or held >= MOST_SECRETS:
            raise Conflict("It is not confidential, or has two secrets: withdraw them first.")
        await conn.execute(
            "INSERT INTO client_secret (secret_hash, client_id, made_at, made_by)"
            " VALUES ($1, $2, $3, $4)",
            hashed(secret),
            client_id,
            now,
            caller.sub,
        )
    log.info("client secret made", client_id=client_id)
    return MadeSecret(client_secret=secret)


@router.delete("/clients/{client_id}/secrets", status_code=204)
async def withdraw_secrets(client_id: ClientId, database: Store) -> Response:
    """Withdraw all but the newest secret of a client; with one secret, that one."""
    async with transaction(database) as conn:
        await conn.execute(
            """
            DELETE FROM client_secret
             WHERE client_id = $1
               AND (secret_hash <> (SELECT secret_hash FROM client_secret WHERE client_id = $1
                                     ORDER BY made_at DESC, secret_hash LIMIT 1)
                    OR (SELECT count(*) FROM client_secret WHERE client_id = $1) = 1)
            """,
            client_id,
        )
    log.info("client secrets withdrawn", client_id=client_id)
    return Response(status_code=204)


@router.delete("/clients/{client_id}", status_code=204)
async def disable_client(client_id: ClientId, database: Store, now: Now) -> Response:
    """Let a client in no more, and end whatever people have signed in to with it."""
    async with transaction(database) as conn:
        await conn.execute(
            "UPDATE client SET disabled_at = $2 WHERE client_id = $1 AND disabled_at IS NULL",
            client_id,
            now,
        )
        await conn.execute(
            """
            UPDATE signed_in SET ended_at = $2, ended_because = 'client_disabled'
             WHERE client_id = $1 AND ended_at IS NULL
            """,
            client_id,
            now,
        )
    log.info("client disabled", client_id=client_id)
    return Response(status_code=204)


async def put_client(conn: Conn, client_id: str, form: ClientForm, now: datetime) -> None:
    """Keep a client as the form says."""
    await conn.execute(
        """
        INSERT INTO client (client_id, name, confidential, pageless, redirect_uris, scopes,
                            changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (client_id) DO UPDATE
           SET name = $2, confidential = $3, pageless = $4, redirect_uris = $5, scopes = $6,
               changed_at = $7, disabled_at = NULL
        """,
        client_id,
        form.name,
        form.confidential,
        form.pageless,
        form.redirect_uris,
        form.scopes,
        now,
    )


async def client_of(conn: Conn, client_id: str) -> Client | None:
    """The client with this id, unless it is disabled."""
    row = await conn.fetchrow(
        """
        SELECT client_id, name, confidential, pageless, redirect_uris, scopes
          FROM client WHERE client_id = $1 AND disabled_at IS NULL
        """,
        client_id,
    )
    if row is None:
        return None
    return Client(
        **{
            **row,
            "redirect_uris": frozenset(row["redirect_uris"]),
            "scopes": frozenset(row["scopes"]),
        }
    )


async def authenticated(conn: Conn, client_id: str, secret: str | None) -> Client:
    """The client that speaks. Raises OAuthProblem when it is none, or its secret is wrong."""
    client = await client_of(conn, client_id)
    if client is None:
        raise invalid_client()
    if client.confidential:
        rows = await conn.fetch(
            "SELECT secret_hash FROM client_secret WHERE client_id = $1", client_id
        )
        given = hashed(secret or "")
        if not any(hmac.compare_digest(given, row["secret_hash"]) for row in rows):
            raise invalid_client()
    return client
