"""An item of the library as readers see it, with its files and with what belongs to it."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header
from fastapi.responses import Response
from pydantic import BaseModel

from pdu_resources.library.form import Key
from pdu_resources.rules.library import State
from pdu_shared.access import Caller, Role, Who
from pdu_shared.contracts.resources.library import Captions, ItemType, Scope
from pdu_shared.contracts.vocabulary import Level
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound, PreconditionFailed
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["library"])


class FileSeen(BaseModel):
    """A file of an item. Whoever may not have it sees that it is there."""

    name: str
    role: str
    media_type: str
    bytes: int
    sha256: str
    language: str | None


class Belongs(BaseModel):
    """A collection that an item is part of."""

    collection_key: str
    title: str


class ItemSeen(BaseModel):
    """An item with everything that is said of it. `body_html` is safe to show."""

    item_id: UUID
    item_key: str
    type: ItemType
    state: State
    title: str
    summary: str
    body: str
    body_html: str
    creators: list[str]
    publisher: str | None
    issued: str | None
    identifier: str | None
    language: str
    rights: str | None
    link: str | None
    workstreams: list[str]
    tags: list[str]
    scope: Scope | None
    level: Level | None
    minutes: int | None
    members_only: bool
    learning_event_id: UUID | None
    session_id: UUID | None
    speaker: str | None
    captions: Captions | None
    without_captions_because: str | None
    credit: str | None
    added_at: datetime
    published_at: datetime | None
    reviewed_on: date | None
    review_due_on: date | None
    replaced_by: str | None
    reason: str | None
    files: list[FileSeen]
    collections: list[Belongs]
    version: int


@dataclass(frozen=True, slots=True)
class Edit:
    """Who edits an item and when, which version they read, and the answer that tells the next."""

    if_match: str
    response: Response
    by: UUID | None
    now: datetime

    def check(self, version: int) -> None:
        """Raise PreconditionFailed when somebody else changed it in the meantime."""
        if self.if_match != etag(version):
            raise PreconditionFailed

    def renew(self, version: int) -> None:
        """Tell the version that there is now."""
        self.response.headers["ETag"] = etag(version)


async def editing(
    if_match: Annotated[str, Header(description="The ETag that came with it when you read it")],
    response: Response,
    caller: Who,
    now: Now,
) -> Edit:
    """The edit that the present request makes."""
    return Edit(if_match, response, caller.sub, now)


Editing = Annotated[Edit, Depends(editing)]


def etag(version: int) -> str:
    """The ETag of a version."""
    return f'"{version}"'


@router.get("/items/{item_key}")
async def see(item_key: Key, database: Store, caller: Who, response: Response) -> ItemSeen:
    """An item of the library: everything that is said of it, for all to see; not its files.

    What is archived can still be seen. Drafts and what members brought are for coordinators, and
    for whoever brought it.
    """
    async with database.pool.acquire(timeout=5) as conn:
        item = await item_for(conn, item_key, caller)
    response.headers["ETag"] = etag(item.version)
    return item


async def item_for(conn: Conn, item_key: str, caller: Caller) -> ItemSeen:
    """An item, if this caller may see it. Raises NotFound."""
    row = await conn.fetchrow(_SEEN, item_key)
    if row is None:
        raise NotFound
    public = row["state"] in (State.PUBLISHED, State.ARCHIVED)
    own = caller.sub is not None and row["submitted_by"] == caller.sub
    if not (public or own or caller.has(Role.COORDINATOR)):
        raise NotFound
    told = dict(row)
    del told["submitted_by"]
    for name in ("files", "collections"):
        told[name] = json.loads(told[name])
    return ItemSeen(**told)


async def item_seen(conn: Conn, item_key: str) -> ItemSeen:
    """An item as a coordinator sees it."""
    return await item_for(conn, item_key, Caller(roles=frozenset({Role.COORDINATOR})))


_SEEN = """
    SELECT item_id, item_key, type, state, title, summary, body, body_html, creators, publisher,
           issued, identifier, language, rights, link, workstreams, tags, scope, level, minutes,
           members_only, learning_event_id, session_id, speaker, without_captions_because, credit,
           submitted_by, added_at, published_at, reviewed_on, review_due_on, reason, version,
           (SELECT newer.item_key FROM library_item AS newer
             WHERE newer.item_id = item.replaced_by) AS replaced_by,
           CASE WHEN type = 'recording' THEN
                CASE WHEN EXISTS (SELECT FROM library_file AS file
                                   WHERE file.item_id = item.item_id AND role = 'captions')
                     THEN 'captioned'
                     WHEN EXISTS (SELECT FROM library_file AS file
                                   WHERE file.item_id = item.item_id AND role = 'transcript')
                     THEN 'transcript'
                     ELSE 'none' END END AS captions,
           (SELECT coalesce(json_agg(json_build_object(
                       'name', name, 'role', role, 'media_type', media_type, 'bytes', bytes,
                       'sha256', encode(sha256, 'hex'), 'language', file.language)
                       ORDER BY name), '[]')
              FROM library_file AS file WHERE file.item_id = item.item_id) AS files,
           (SELECT coalesce(json_agg(json_build_object(
                       'collection_key', collection_key, 'title', collection.title)
                       ORDER BY collection_key), '[]')
              FROM collection_item JOIN collection USING (collection_key)
             WHERE collection_item.item_id = item.item_id AND published) AS collections
      FROM library_item AS item
     WHERE item_key = $1
    """
