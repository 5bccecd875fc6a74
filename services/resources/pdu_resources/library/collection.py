"""Items put together for a purpose: to start with, for new staff, for commissioners, to pass on."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from pdu_resources.library.seen import etag
from pdu_shared.access import Role, Who
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.library import ItemType
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Store

router = APIRouter(tags=["collections"])


class CollectionKind(StrEnum):
    """What a collection is for."""

    START_HERE = "start_here"
    INDUCTION = "induction"
    EVIDENCE = "evidence"
    SHARE_KIT = "share_kit"
    WELLBEING = "wellbeing"
    OTHER = "other"


class PartSeen(BaseModel):
    """A published item of a collection."""

    item_key: str
    type: ItemType
    title: str
    summary: str
    minutes: int | None
    members_only: bool
    note: str | None


class CollectionSeen(BaseModel):
    """A collection with what is in it. `minutes` is how long all of it takes."""

    collection_key: str
    kind: CollectionKind
    title: str
    summary: str
    learning_event_id: UUID | None
    published: bool
    minutes: int
    items: list[PartSeen]
    changed_at: datetime
    version: int


class CollectionListed(BaseModel):
    """A collection in a list."""

    collection_key: str
    kind: CollectionKind
    title: str
    summary: str
    items: int


class CollectionList(BaseModel):
    """Every collection that is published."""

    collections: list[CollectionListed]


@router.get("/collections")
async def collections(
    database: Store,
    kind: Annotated[CollectionKind | None, Query(description="Only of this kind")] = None,
) -> CollectionList:
    """The collections: where to begin, packs for new staff, evidence, what to pass on."""
    rows = await database.pool.fetch(
        """
        SELECT collection_key::text, kind, title, summary,
               (SELECT count(*) FROM collection_item JOIN library_item USING (item_id)
                 WHERE collection_item.collection_key = collection.collection_key
                   AND state = 'published') AS items
          FROM collection
         WHERE published AND ($1::text IS NULL OR kind = $1)
         ORDER BY kind = 'start_here' DESC, title, collection_key
        """,
        kind,
    )
    return CollectionList(collections=[CollectionListed(**row) for row in rows])


@router.get("/collections/{collection_key}")
async def see(
    collection_key: Code, database: Store, caller: Who, response: Response
) -> CollectionSeen:
    """A collection with its items, in their order. What was archived is left out."""
    async with database.pool.acquire(timeout=5) as conn:
        seen = await collection(conn, collection_key)
    if not (seen.published or caller.has(Role.COORDINATOR)):
        raise NotFound
    response.headers["ETag"] = etag(seen.version)
    return seen


async def collection(conn: Conn, collection_key: str) -> CollectionSeen:
    """A collection as it stands. Raises NotFound."""
    row = await conn.fetchrow(
        """
        SELECT collection_key::text, kind, title, summary, learning_event_id, published, changed_at,
               version
          FROM collection WHERE collection_key = $1
        """,
        collection_key,
    )
    if row is None:
        raise NotFound
    parts = await conn.fetch(
        """
        SELECT item_key::text, type, title, summary, minutes, members_only, note
          FROM collection_item JOIN library_item USING (item_id)
         WHERE collection_key = $1 AND state = 'published'
         ORDER BY place
        """,
        collection_key,
    )
    items = [PartSeen(**part) for part in parts]
    return CollectionSeen(**row, items=items, minutes=sum(one.minutes or 0 for one in items))
