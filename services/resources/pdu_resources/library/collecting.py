"""Putting a collection together: which items, in which order, and why each is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
import structlog
from fastapi import APIRouter, Depends, Header
from fastapi.responses import Response
from pydantic import ConfigDict, Field, StrictBool

from pdu_resources.library.collection import CollectionKind, CollectionSeen, collection
from pdu_resources.library.form import Key
from pdu_resources.library.seen import etag
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, OneLine, PublishedLine
from pdu_shared.problems import Fault, PreconditionFailed, PreconditionRequired, Refused
from pdu_shared.runtime import Now, Store

MOST_ITEMS = 100
FIRST_SCREEN = 6

log = structlog.get_logger()
router = APIRouter(tags=["collections"])


class Part(Form):
    """An item of a collection, and why it is there."""

    item_key: Key
    note: OneLine | None = None


class Put(Form):
    """What a collection is, and what is in it, in this order."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "start_here",
                    "title": "Start here",
                    "summary": "Half an hour to begin with.",
                    "items": [],
                    "published": False,
                }
            ]
        }
    )

    kind: CollectionKind
    title: PublishedLine
    summary: Annotated[OneLine, Field(max_length=600)] | None = None
    learning_event_id: UUID | None = Field(
        default=None, description="The learning event whose materials a share kit passes on"
    )
    items: Annotated[tuple[Part, ...], Field(max_length=MOST_ITEMS)] = ()
    published: StrictBool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """When a collection is put together, which version was read, and the answer."""

    if_match: str | None
    response: Response
    now: datetime

    def check(self, version: int | None) -> None:
        """Raise PreconditionRequired and PreconditionFailed, when one is there already."""
        if version is not None and self.if_match is None:
            raise PreconditionRequired
        if self.if_match is not None and self.if_match != (version and etag(version)):
            raise PreconditionFailed


async def editing(
    response: Response,
    now: Now,
    if_match: Annotated[
        str | None, Header(description="The ETag as you read it; needed once it is there")
    ] = None,
) -> Edit:
    """The edit that the present request makes."""
    return Edit(if_match, response, now)


Editing = Annotated[Edit, Depends(editing)]


@router.put("/collections/{collection_key}")
async def put(collection_key: Code, form: Put, database: Store, edit: Editing) -> CollectionSeen:
    """Put a collection together, or put it together anew."""
    if form.published and form.kind is CollectionKind.START_HERE:
        _refuse_wall(form)
    async with transaction(database) as conn:
        version = await _lock(conn, collection_key)
        edit.check(version)
        await _upsert(conn, collection_key, form, edit.now)
        await _fill(conn, collection_key, form.items)
        seen = await collection(conn, collection_key)
    edit.response.headers["ETag"] = etag(seen.version)
    log.info("collection", collection_key=collection_key, items=len(form.items))
    return seen


def _refuse_wall(form: Put) -> None:
    """Who comes for the first time sees a small first screen, not a wall of content."""
    if len(form.items) > FIRST_SCREEN:
        words = f"Whoever begins sees at most {FIRST_SCREEN} things."
        raise Refused(errors=[Fault("/items", "too-many", words)])


async def _lock(conn: Conn, collection_key: str) -> int | None:
    version: int | None = await conn.fetchval(
        "SELECT version FROM collection WHERE collection_key = $1 FOR UPDATE", collection_key
    )
    return version


async def _upsert(conn: Conn, collection_key: str, form: Put, now: datetime) -> None:
    await conn.execute(
        """
        INSERT INTO collection AS kept (collection_key, kind, title, summary, learning_event_id,
                                        published, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (collection_key) DO UPDATE
           SET kind = excluded.kind, title = excluded.title, summary = excluded.summary,
               learning_event_id = excluded.learning_event_id, published = excluded.published,
               changed_at = excluded.changed_at, version = kept.version + 1
        """,
        collection_key,
        form.kind,
        form.title,
        form.summary or "",
        form.learning_event_id,
        form.published,
        now,
    )


async def _fill(conn: Conn, collection_key: str, parts: Sequence[Part]) -> None:
    await conn.execute("DELETE FROM collection_item WHERE collection_key = $1", collection_key)
    known = await conn.fetch(
        """
        SELECT item_key::text, item_id FROM library_item
         WHERE item_key = ANY ($1::text[]) AND state IN ('draft', 'published', 'archived')
        """,
        [one.item_key for one in parts],
    )
    ids = {row["item_key"]: row["item_id"] for row in known}
    faults = [
        Fault(f"/items/{place}/item_key", "unknown-item", "The library has no such item.")
        for place, one in enumerate(parts)
        if one.item_key not in ids
    ]
    if faults:
        raise Refused(errors=faults)
    try:
        async with conn.transaction():
            await conn.executemany(
                """
                INSERT INTO collection_item (collection_key, item_id, place, note)
                VALUES ($1, $2, $3, $4)
                """,
                [
                    (collection_key, ids[one.item_key], place, one.note)
                    for place, one in enumerate(parts)
                ],
            )
    except asyncpg.UniqueViolationError:
        raise Refused(errors=[Fault("/items", "repeated", "Name each item once.")]) from None
