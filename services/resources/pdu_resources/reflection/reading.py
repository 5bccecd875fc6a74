"""A private log is read by the one person who wrote it, and by nobody else."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from pdu_resources.member.same_person import ids_of
from pdu_resources.reflection.entry import Reflection, etag, mine, reflections_of, shown
from pdu_resources.usage.activity import account_of
from pdu_shared.access import Who
from pdu_shared.runtime import Store

router = APIRouter(tags=["reflections"])


class Reflections(BaseModel):
    """One page of my log, the newest first. `next` goes into `after` for the following page."""

    items: list[Reflection]
    next: UUID | None


@router.get("/reflections")
async def read_all(
    database: Store,
    caller: Who,
    after: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Reflections:
    """My log, the newest first."""
    async with database.pool.acquire(timeout=5) as conn:
        ids = await ids_of(conn, await account_of(conn, caller))
        rows = await reflections_of(conn, ids, after=after, limit=limit + 1)
    items = [shown(row) for row in rows[:limit]]
    return Reflections(items=items, next=items[-1].reflection_id if len(rows) > limit else None)


@router.get("/reflections/{reflection_id}")
async def read(reflection_id: UUID, database: Store, caller: Who, response: Response) -> Reflection:
    """One entry of my log."""
    async with database.pool.acquire(timeout=5) as conn:
        row = await mine(conn, reflection_id, caller)
    response.headers["ETag"] = etag(row)
    return shown(row)
