"""A coordinator describes an item of the library, and describes it better later."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import asyncpg
import structlog
from fastapi import APIRouter
from fastapi.responses import Response

from pdu_resources.finding.index import index_items
from pdu_resources.library.form import Description, Key, NewItem
from pdu_resources.library.rows import (
    NOBODY,
    Brought,
    as_was,
    insert_item,
    keep,
    lock_item,
    roles_of,
    update_item,
)
from pdu_resources.library.seen import Editing, ItemSeen, item_seen
from pdu_resources.library.words import check_words
from pdu_resources.rules.library import Flaw, Item, State, missing, reading_minutes
from pdu_resources.usage.activity import item_id_of
from pdu_shared.contracts.resources.library import ItemType
from pdu_shared.database import Conn, transaction
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.prose import html_of
from pdu_shared.runtime import Now, Store

NEEDED = ("type", "title", "language", "members_only", "workstreams", "tags", "creators")
TEXTS = ("summary", "body")

log = structlog.get_logger()
router = APIRouter(tags=["library"])


@router.post("/items", status_code=201, response_model=ItemSeen)
async def create(form: NewItem, database: Store, asked: Asked, now: Now) -> Response:
    """Describe something that the library shall have: a draft, until it is published.

    409 when another item has this key.
    """
    return await once(database, asked, partial(_create, form=form, now=now))


@router.patch("/items/{item_key}")
async def change(item_key: Key, form: Description, edit: Editing, database: Store) -> ItemSeen:
    """Describe an item otherwise: what is not in the body stays as it is.

    412 when somebody else changed it in the meantime. What is published stays complete: a change
    after which something would be missing is refused.
    """
    async with transaction(database) as conn:
        before = await lock_item(conn, item_key)
        edit.check(before.version)
        after = described(before, form.said())
        changed = {name for name in form.said() if getattr(before, name) != getattr(after, name)}
        if changed:
            await _check(conn, after)
            await update_item(conn, after, html_of(after.body), now=edit.now)
            await keep(conn, before, as_was(before, changed), by=edit.by, now=edit.now)
            await index_items(conn, [after.item_id])
        item = await item_seen(conn, item_key)
    edit.renew(item.version)
    return item


def new_item(item_key: str, kind: ItemType, title: str, state: State) -> Item:
    """An item of which nothing else is known."""
    return Item(
        item_id=item_id_of(item_key),
        item_key=item_key,
        type=kind,
        state=state,
        title=title,
        summary="",
        body="",
        creators=(),
        publisher=None,
        issued=None,
        identifier=None,
        language="en-GB",
        rights=None,
        link=None,
        workstreams=(),
        tags=(),
        scope=None,
        level=None,
        minutes=None,
        members_only=kind is ItemType.RECORDING,
        learning_event_id=None,
        session_id=None,
        speaker=None,
        without_captions_because=None,
        version=1,
    )


def described(item: Item, said: Mapping[str, Any]) -> Item:
    """An item as it is after this was said of it. Raises Refused for what it cannot be without."""
    faults = [
        Fault(f"/{name}", "needed", "An item cannot be without it.")
        for name in NEEDED
        if name in said and said[name] is None
    ]
    if faults:
        raise Refused(errors=faults)
    texts = {name: said[name] or "" for name in TEXTS if name in said}
    after = replace(item, **{**said, **texts})
    if "body" in texts and "minutes" not in said:
        after = replace(after, minutes=reading_minutes(after.body) or after.minutes)
    return after


def refuse(flaws: list[Flaw]) -> None:
    """Raise Refused when there are any."""
    if flaws:
        raise Refused(errors=[Fault(f"/{one.field}", one.code, one.words) for one in flaws])


async def add_item(conn: Conn, item: Item, *, now: datetime, brought: Brought = NOBODY) -> None:
    """Write a new item down and make it findable for those who may see it. Raises Conflict."""
    await check_words(conn, item)
    try:
        async with conn.transaction():
            await insert_item(conn, item, html_of(item.body), now=now, brought=brought)
    except asyncpg.UniqueViolationError:
        raise Conflict("Another item of the library has this key.") from None
    await index_items(conn, [item.item_id])
    log.info("item added", item_id=str(item.item_id), type=item.type, state=item.state)


async def _create(conn: Conn, *, form: NewItem, now: datetime) -> Answer:
    begun = new_item(form.item_key, form.type, form.title, State.DRAFT)
    item = described(begun, {k: v for k, v in form.said().items() if v is not None})
    await add_item(conn, item, now=now)
    return Answer.of(await item_seen(conn, form.item_key))


async def _check(conn: Conn, item: Item) -> None:
    await check_words(conn, item)
    if item.state is State.PUBLISHED:
        refuse(missing(item, roles=await roles_of(conn, item.item_id)))
