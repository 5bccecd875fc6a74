"""Somebody brings a file to an item: it streams to the store, and is only then written down."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import Field

from pdu_resources.finding.index import index_items
from pdu_resources.library.form import Key, Language
from pdu_resources.library.item import refuse
from pdu_resources.library.rows import keep, lock_item, roles_of
from pdu_resources.library.seen import ItemSeen, item_for
from pdu_resources.rules.file import FOR, Role, ending, unfit_name
from pdu_resources.rules.library import State, missing
from pdu_resources.storage.checking import Coming, refuse_harmful, words_in
from pdu_resources.storage.store import Files
from pdu_shared.access import Caller, Who
from pdu_shared.access import Role as May
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, OneLine
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Here, Now, Runtime

MOST_FILES = 30
SPEAKS = frozenset({Role.CAPTIONS, Role.TRANSCRIPT})

log = structlog.get_logger()
router = APIRouter(tags=["files"])

Name = Annotated[str, Path(max_length=200, description="Such as slides.pdf")]


@dataclass(frozen=True, slots=True)
class Load:
    """A file on its way, who brings it, and when."""

    pieces: AsyncIterator[bytes]
    caller: Caller
    now: datetime


async def load_of(request: Request, caller: Who, now: Now) -> Load:
    """What the present request brings."""
    return Load(request.stream(), caller, now)


Carried = Annotated[Load, Depends(load_of)]


class Purpose(Form):
    """What a file is for."""

    role: Role = Role.ORIGINAL
    language: Language | None = None
    alt_text: Annotated[
        OneLine | None, Field(description="What a picture shows, for who does not see it")
    ] = None


@router.put(
    "/items/{item_key}/files/{name}",
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "The file itself. Its own bytes decide what it is.",
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    },
)
async def bring(
    item_key: Key, name: Name, purpose: Annotated[Purpose, Query()], load: Carried, here: Here
) -> ItemSeen:
    """Bring a file to an item, or another one in the place of the one with this name.

    422 for a name that cannot be kept, for content that is not what the name says, for archives
    that explode, and for captions that no player reads; 413 for what is larger than its type
    may be.
    """
    _refuse_name(name, purpose)
    async with here.database.pool.acquire(timeout=5) as conn:
        _refuse_stranger(await item_for(conn, item_key, load.caller), load.caller)
    coming = Coming(name, load.pieces)
    stored_as = await _reserve(here, load.now)
    files = here.part(Files)
    try:
        await files.write(stored_as, aiter(coming))
        await refuse_harmful(files, stored_as, coming.ending)
        speaks = purpose.role in SPEAKS
        said = await words_in(files, stored_as, coming.ending) if speaks else ""
    except (Refused, Conflict):
        await files.remove(stored_as)
        raise
    async with transaction(here.database) as conn:
        item = await lock_item(conn, item_key)
        await _put(conn, item.item_id, name, purpose, _Kept(coming, stored_as, said, load))
        await _changed(conn, item.item_id, load.now)
        await keep(conn, item, {f"files/{name}": None}, by=load.caller.sub, now=load.now)
        await index_items(conn, [item.item_id])
        seen = await item_for(conn, item_key, load.caller)
    log.info("file kept", item_id=str(item.item_id), role=purpose.role, bytes=coming.bytes)
    return seen


@router.delete("/items/{item_key}/files/{name}", status_code=204)
async def remove(item_key: Key, name: Name, here: Here, caller: Who, now: Now) -> None:
    """Take a file away. 422 when a published item would lack something without it."""
    async with transaction(here.database) as conn:
        item = await lock_item(conn, item_key)
        gone = await conn.fetchval(
            "DELETE FROM library_file WHERE item_id = $1 AND name = $2 RETURNING stored_as",
            item.item_id,
            name,
        )
        if gone is None:
            raise NotFound
        if item.state is State.PUBLISHED:
            refuse(missing(item, roles=await roles_of(conn, item.item_id)))
        await _leave(conn, gone, now)
        await _changed(conn, item.item_id, now)
        await keep(conn, item, {f"files/{name}": "removed"}, by=caller.sub, now=now)
        await index_items(conn, [item.item_id])


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is known of a file that lies in the store."""

    coming: Coming
    stored_as: str
    said: str
    load: Load


def _refuse_name(name: str, purpose: Purpose) -> None:
    if why := unfit_name(name):
        raise Refused(errors=[Fault("/path/name", "name", why)])
    fit = FOR.get(purpose.role)
    if fit and ending(name) not in fit:
        words = f"Possible are: {', '.join(sorted(fit))}."
        raise Refused(errors=[Fault("/query/role", "another-type", words)])
    if purpose.role is Role.PICTURE and not purpose.alt_text:
        words = "Say what the picture shows."
        raise Refused(errors=[Fault("/query/alt_text", "missing", words)])


def _refuse_stranger(item: ItemSeen, caller: Caller) -> None:
    """A member brings files to what they submitted, until somebody has decided about it."""
    if not caller.has(May.COORDINATOR) and item.state is not State.SUBMITTED:
        raise NotFound
    if len(item.files) >= MOST_FILES:
        raise Conflict(f"An item has at most {MOST_FILES} files.")


async def _reserve(here: Runtime, now: datetime) -> str:
    """A name in the store. Until the file is written down, it counts as left over."""
    stored_as = f"library/{uuid7()}"
    async with transaction(here.database) as conn:
        await _leave(conn, stored_as, now)
    return stored_as


async def _leave(conn: Conn, stored_as: str, now: datetime) -> None:
    await conn.execute(
        "INSERT INTO library_leftover (stored_as, since) VALUES ($1, $2)", stored_as, now
    )


async def _put(conn: Conn, item_id: UUID, name: str, purpose: Purpose, kept: _Kept) -> None:
    before = await conn.fetchval(
        "DELETE FROM library_file WHERE item_id = $1 AND name = $2 RETURNING stored_as",
        item_id,
        name,
    )
    if before:
        await _leave(conn, before, kept.load.now)
    await conn.execute("DELETE FROM library_leftover WHERE stored_as = $1", kept.stored_as)
    await conn.execute(
        """
        INSERT INTO library_file (file_id, item_id, name, role, media_type, bytes, sha256, language,
                                  alt_text, said, stored_as, uploaded_by, uploaded_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """,
        uuid7(),
        item_id,
        name,
        purpose.role,
        kept.coming.type.media_type,
        kept.coming.bytes,
        kept.coming.sha256,
        purpose.language,
        purpose.alt_text,
        kept.said,
        kept.stored_as,
        kept.load.caller.sub,
        kept.load.now,
    )


async def _changed(conn: Conn, item_id: UUID, now: datetime) -> None:
    await conn.execute(
        "UPDATE library_item SET changed_at = $2, version = version + 1 WHERE item_id = $1",
        item_id,
        now,
    )
