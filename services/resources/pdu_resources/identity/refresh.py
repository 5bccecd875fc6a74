"""Refresh tokens as rows: known by their hashes, each of the family of one signing in."""

from datetime import datetime
from uuid import UUID

import asyncpg

from pdu_resources.identity.secret import hashed
from pdu_shared.database import Conn


async def found(conn: Conn, token: str) -> asyncpg.Record | None:
    """A token with whom it is for, locked; None when nobody knows it."""
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


async def keep(conn: Conn, signed_in_id: UUID, token: str, expires_at: datetime) -> None:
    """Write down one more of this family; the token itself is kept nowhere."""
    await conn.execute(
        "INSERT INTO refresh_token (token_hash, signed_in_id, expires_at) VALUES ($1, $2, $3)",
        hashed(token),
        signed_in_id,
        expires_at,
    )
