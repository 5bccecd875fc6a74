"""Addresses to which nothing is sent any more, because letters came back from them for good."""

import re
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query
from pydantic import BaseModel

from pdu_shared.database import Conn, transaction
from pdu_shared.identity import uuid7
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Store

log = structlog.get_logger()
router = APIRouter(tags=["letters"])

ABOUT_THE_BOX = re.compile(r"5\.2\.\d+")
"""Full, or not to be used just now (RFC 3463): one such answer says little about next week."""
TWICE_WITHIN = timedelta(days=7)


class Suppressed(BaseModel):
    """A person whose address takes no letters. The address itself stays where it is."""

    person_id: UUID
    reason: str
    since: datetime


@router.get("/suppressions")
async def suppressions(
    database: Store, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> list[Suppressed]:
    """Whom no letter reaches any more, newest first."""
    rows = await database.pool.fetch(
        """
        SELECT person_id, reason, since FROM suppression ORDER BY since DESC, person_id LIMIT $1
        """,
        limit,
    )
    return [Suppressed(**row) for row in rows]


@router.delete("/suppressions/{person_id}", status_code=204)
async def lift(person_id: UUID, database: Store) -> None:
    """Write to somebody again: they said that their address is in order now."""
    async with transaction(database) as conn:
        lifted = await conn.execute("DELETE FROM suppression WHERE person_id = $1", person_id)
        await conn.execute("DELETE FROM bounce WHERE person_id = $1", person_id)
    if lifted == "DELETE 0":
        raise NotFound
    log.info("suppression lifted")


async def note(conn: Conn, letter_id: UUID, address: str, status: str, *, now: datetime) -> None:
    """Note that a letter came back from an address."""
    person_id = await conn.fetchval("SELECT person_id FROM letter WHERE letter_id = $1", letter_id)
    await came_back(conn, person_id, address, status, now=now)


async def came_back(
    conn: Conn, person_id: UUID, address: str, status: str, *, now: datetime
) -> None:
    """Note that something came back from an address, and stop writing to it where that is final.

    A box that is full is given a second chance within a week.
    """
    before: int = await conn.fetchval(
        "SELECT count(*) FROM bounce WHERE address = lower($1) AND at > $2",
        address,
        now - TWICE_WITHIN,
    )
    await conn.execute(
        """
        INSERT INTO bounce (bounce_id, person_id, address, status, at)
        VALUES ($1, $2, lower($3), $4, $5)
        """,
        uuid7(),
        person_id,
        address,
        status,
        now,
    )
    if not ABOUT_THE_BOX.fullmatch(status) or before:
        await stop(conn, person_id, address, status, now=now)


async def stop(conn: Conn, person_id: UUID, address: str, reason: str, *, now: datetime) -> None:
    """Send nothing more to this address."""
    await conn.execute(
        """
        INSERT INTO suppression (address, person_id, reason, since) VALUES (lower($1), $2, $3, $4)
            ON CONFLICT (address) DO NOTHING
        """,
        address,
        person_id,
        reason,
        now,
    )
    log.info("address suppressed", reason=reason)
