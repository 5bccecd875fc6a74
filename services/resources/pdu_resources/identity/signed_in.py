"""Where somebody is signed in: their own list, and the end of it."""

from datetime import datetime
from uuid import UUID

import structlog
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, Field

from pdu_shared.access import Who
from pdu_shared.database import Conn, transaction
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

log = structlog.get_logger()
router = APIRouter(tags=["signed in"])


class SignedIn(BaseModel):
    """One place where the caller is signed in."""

    signed_in_id: UUID
    client: str = Field(description="The name of the front end")
    started_at: datetime
    last_used_at: datetime
    expires_at: datetime
    second_factor: bool = Field(description="Whether a second factor was shown")


class SignedInPlaces(BaseModel):
    """Every place where the caller is signed in, the latest used first."""

    items: list[SignedIn]


@router.get("/me/signed-in")
async def read_own(database: Store, caller: Who, now: Now) -> SignedInPlaces:
    """Where the caller is signed in."""
    rows = await database.pool.fetch(
        """
        SELECT signed_in_id, client.name AS client, started_at, last_used_at, expires_at,
               'mfa' = ANY (amr) AS second_factor
          FROM signed_in JOIN client USING (client_id)
         WHERE person_id = $1 AND ended_at IS NULL AND expires_at > $2
         ORDER BY last_used_at DESC, signed_in_id
         LIMIT 100
        """,
        caller.sub,
        now,
    )
    return SignedInPlaces(items=[SignedIn(**row) for row in rows])


@router.delete("/me/signed-in", status_code=204)
async def sign_out_everywhere(database: Store, caller: Who, now: Now) -> Response:
    """Sign out everywhere. An access token in use stays good for the rest of its ten minutes."""
    if caller.sub:
        async with transaction(database) as conn:
            await end_all(conn, caller.sub, because="signed_out", now=now)
    return Response(status_code=204)


@router.delete("/me/signed-in/{signed_in_id}", status_code=204)
async def sign_out_there(signed_in_id: UUID, database: Store, caller: Who, now: Now) -> Response:
    """Sign out in one place. Twice is once; 404 for what is somebody else's."""
    async with transaction(database) as conn:
        whose = await conn.fetchval(
            "SELECT person_id FROM signed_in WHERE signed_in_id = $1", signed_in_id
        )
        if whose is None or whose != caller.sub:
            raise NotFound
        await end(conn, signed_in_id, because="signed_out", now=now)
    return Response(status_code=204)


@router.delete("/persons/{person_id}/signed-in", status_code=204)
async def sign_somebody_out(person_id: UUID, database: Store, now: Now) -> Response:
    """Sign somebody out everywhere, such as when their computer was stolen."""
    async with transaction(database) as conn:
        await end_all(conn, person_id, because="administrator", now=now)
    return Response(status_code=204)


async def end(conn: Conn, signed_in_id: UUID, *, because: str, now: datetime) -> None:
    """End one of them: no token comes from it any more."""
    await conn.execute(
        """
        UPDATE signed_in SET ended_at = $2, ended_because = $3
         WHERE signed_in_id = $1 AND ended_at IS NULL
        """,
        signed_in_id,
        now,
        because,
    )
    log.info("signed out", signed_in_id=str(signed_in_id), because=because)


async def end_all(conn: Conn, person_id: UUID, *, because: str, now: datetime) -> None:
    """End everything that somebody is signed in to, and what they have begun."""
    await conn.execute("DELETE FROM sign_in WHERE person_id = $1", person_id)
    await conn.execute(
        """
        UPDATE signed_in SET ended_at = $2, ended_because = $3
         WHERE person_id = $1 AND ended_at IS NULL
        """,
        person_id,
        now,
        because,
    )
    log.info("signed out everywhere", person_id=str(person_id), because=because)
