"""Who read what is sensitive, when and why: one table in each service, written as it is read."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from pdu_shared.access import Caller, Role, allow
from pdu_shared.database import Conn
from pdu_shared.identity import uuid7
from pdu_shared.runtime import Store

router = APIRouter(tags=["kernel"])
ACCESS = {"GET /sensitive-reads": allow(Role.DATA_PROTECTION_LEAD)}


class SensitiveRead(BaseModel):
    """That somebody read something sensitive; not what it was."""

    read_id: UUID
    reader: UUID | None = Field(description="The person who read; null for a machine")
    client_id: str | None
    kind: str = Field(description="What it was, such as `needs`")
    of_id: UUID = Field(description="The person or thing that it belongs to")
    why: str = Field(description="What it was read for")
    read_at: datetime


class SensitiveReads(BaseModel):
    """One page of them. `next` goes into `after` for the following page."""

    items: list[SensitiveRead]
    next: UUID | None


@router.get("/sensitive-reads")
async def read_reads(
    database: Store,
    of_id: Annotated[UUID | None, Query(description="Only of this person or thing")] = None,
    after: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> SensitiveReads:
    """Who read what is sensitive in this service, when and why; oldest first."""
    rows = await database.pool.fetch(
        """
        SELECT read_id, reader, client_id, kind, of_id, why, read_at
          FROM sensitive_read
         WHERE ($1::uuid IS NULL OR of_id = $1) AND ($2::uuid IS NULL OR read_id > $2)
         ORDER BY read_id
         LIMIT $3
        """,
        of_id,
        after,
        limit + 1,
    )
    items = [SensitiveRead(**row) for row in rows[:limit]]
    return SensitiveReads(items=items, next=items[-1].read_id if len(rows) > limit else None)


async def note(  # noqa: PLR0913 - who, what, when and why
    conn: Conn, caller: Caller, *, kind: str, of_ids: Iterable[UUID], why: str, now: datetime
) -> None:
    """Write down who reads, in the transaction of reading: without the one there is no other.

    `kind` and `why` are codes such as `needs` and `planning`.
    """
    ids = list(of_ids)
    await conn.execute(
        """
        INSERT INTO sensitive_read (read_id, reader, client_id, kind, of_id, why, read_at)
        SELECT read_id, $3, $4, $5, of_id, $6, $7
          FROM unnest($1::uuid[], $2::uuid[]) AS one (read_id, of_id)
        """,
        [uuid7() for _ in ids],
        ids,
        caller.sub,
        caller.client_id,
        kind,
        why,
        now,
    )
