"""What is given to whoever may come in: access, identity and refresh tokens."""

from datetime import datetime
from typing import Literal

import asyncpg
from pydantic import BaseModel, Field

from pdu_resources.identity import refresh
from pdu_resources.identity.keys import SigningKeys
from pdu_resources.identity.role import roles_of
from pdu_resources.identity.secret import new_secret
from pdu_resources.identity.signed_in import end
from pdu_resources.organisation.rows import stands_for
from pdu_resources.rules.sign_in import lasts, needs_second_factor
from pdu_shared.access import Caller
from pdu_shared.database import Conn
from pdu_shared.identity import organisation_id
from pdu_shared.platform import SERVICES
from pdu_shared.runtime import Runtime
from pdu_shared.tokens import LIFETIME, mint, sign

AUDIENCES = tuple(f"pdu-{name}" for name in SERVICES)


class Tokens(BaseModel):
    """Tokens, and for how many seconds the access token is good."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a kind, no secret
    expires_in: int = int(LIFETIME.total_seconds())
    scope: str
    refresh_token: str | None = Field(default=None, description="Good once: the next one is here")
    id_token: str | None = Field(default=None, description="With the scope `openid`")


async def issue(  # noqa: PLR0913 - each is another part of it
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
    token, lasting = new_secret(), lasts(roles)
    until = row["started_at"] + lasting.at_most
    await refresh.keep(conn, row["signed_in_id"], token, min(now + lasting.idle, until))
    await conn.execute(
        "UPDATE signed_in SET last_used_at = $2, expires_at = $3 WHERE signed_in_id = $1",
        row["signed_in_id"],
        now,
        until,
    )
    told = caller.scope if first else frozenset[str]()
    return Tokens(
        access_token=access_token(here, caller, now, amr),
        scope=row["scope"],
        refresh_token=token,
        id_token=_id_token(here, row, member["address"], nonce, now) if "openid" in told else None,
    )


def access_token(here: Runtime, caller: Caller, now: datetime, amr: tuple[str, ...] = ()) -> str:
    """What opens the services for some minutes."""
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
