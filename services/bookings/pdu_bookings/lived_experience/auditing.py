"""Whoever looks at something private without being the expert or their supporter leaves a trace."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_shared import reads
from pdu_shared.access import Caller
from pdu_shared.database import Conn
from pdu_shared.identity import uuid7
from pdu_shared.runtime import Store

router = APIRouter(tags=["lived experience"])


class Read(BaseModel):
    """Somebody looked at something private."""

    reader: UUID | None = Field(description="The `sub` of whoever looked")
    kind: str = Field(description="What it was: expert, distress, feedback …")
    of_id: UUID = Field(description="The expert, engagement or meeting that it belongs to")
    read_at: datetime


class Reads(BaseModel):
    """Who looked at something private, latest first, at most 500."""

    items: list[Read]


@router.get("/lived-experience/reads")
async def read_reads(database: Store) -> Reads:
    """Who looked at something private without being the expert or their supporter."""
    rows = await database.pool.fetch(
        """
        SELECT reader, kind, of_id, read_at
          FROM lived_experience.private_read
         ORDER BY read_id DESC
         LIMIT 500
        """
    )
    return Reads(items=[Read(**row) for row in rows])


async def note_read(conn: Conn, caller: Caller, *, kind: str, of_id: UUID, now: datetime) -> None:
    """Write down who looks, in the transaction of looking."""
    await conn.execute(
        """
        INSERT INTO lived_experience.private_read (read_id, reader, kind, of_id, read_at)
        VALUES ($1, $2, $3, $4, $5)
        """,
        uuid7(),
        caller.sub,
        kind,
        of_id,
        now,
    )
    await reads.note(conn, caller, kind=kind, of_ids=[of_id], why="support", now=now)
