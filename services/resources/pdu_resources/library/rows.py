"""Items of the library as rows: found, locked, written down, and how they were before."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from pdu_resources.rules.library import Item, State, letter_of, sort_title
from pdu_shared.contracts.resources.library import ItemType, Scope
from pdu_shared.contracts.vocabulary import Level
from pdu_shared.database import Conn
from pdu_shared.identity import uuid7
from pdu_shared.problems import NotFound


@dataclass(frozen=True, slots=True)
class Brought:
    """Who brought an item, and how they want to be thanked; nobody, when coordinators did."""

    by: UUID | None = None
    credit: str | None = None


NOBODY = Brought()


async def lock_item(conn: Conn, item_key: str) -> Item:
    """An item, locked until the transaction ends. Raises NotFound."""
    row = await conn.fetchrow(
        """
        SELECT item_id, item_key, type, state, title, summary, body, creators, publisher, issued,
               identifier, language, rights, link, workstreams, tags, scope, level, minutes,
               members_only, learning_event_id, session_id, speaker, without_captions_because,
               version
          FROM library_item
         WHERE item_key = $1
           FOR UPDATE
        """,
        item_key,
    )
    if row is None:
        raise NotFound
    return _item(row)


async def insert_item(
    conn: Conn, item: Item, html: str, *, now: datetime, brought: Brought
) -> None:
    """Write a new item down. UniqueViolationError when its key is taken."""
    await conn.execute(
        """
        INSERT INTO library_item
               (item_id, item_key, type, state, title, sort_title, letter, summary, body, body_html,
                creators, publisher, issued, identifier, language, rights, link, workstreams, tags,
                scope, level, minutes, members_only, learning_event_id, session_id, speaker,
                without_captions_because, credit, submitted_by, added_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $30)
        """,
        item.item_id,
        item.item_key,
        item.type,
        item.state,
        *_described(item, html),
        brought.credit,
        brought.by,
        now,
    )


async def update_item(conn: Conn, item: Item, html: str, *, now: datetime) -> None:
    """Write down how an item is described now, as its next version."""
    await conn.execute(
        """
        UPDATE library_item
           SET type = $2, state = $3, title = $4, sort_title = $5, letter = $6, summary = $7,
               body = $8, body_html = $9, creators = $10, publisher = $11, issued = $12,
               identifier = $13, language = $14, rights = $15, link = $16, workstreams = $17,
               tags = $18, scope = $19, level = $20, minutes = $21, members_only = $22,
               learning_event_id = $23, session_id = $24, speaker = $25,
               without_captions_because = $26, changed_at = $27, version = version + 1
         WHERE item_id = $1
        """,
        item.item_id,
        item.type,
        item.state,
        *_described(item, html),
        now,
    )


async def keep(
    conn: Conn, item: Item, was: Mapping[str, Any], *, by: UUID | None, now: datetime
) -> None:
    """Keep what of an item was another way before, and who changed it."""
    await conn.execute(
        """
        INSERT INTO library_change (change_id, item_id, version, what, was, changed_by, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        uuid7(),
        item.item_id,
        item.version,
        sorted(was),
        json.dumps(dict(was), default=str),
        by,
        now,
    )


async def roles_of(conn: Conn, item_id: UUID) -> set[str]:
    """What the files of an item are for."""
    rows = await conn.fetch("SELECT role FROM library_file WHERE item_id = $1", item_id)
    return {row["role"] for row in rows}


def as_was(item: Item, names: set[str]) -> dict[str, Any]:
    """These fields of an item, to be kept."""
    return {name: value for name, value in asdict(item).items() if name in names}


def _described(item: Item, html: str) -> tuple[Any, ...]:
    return (
        item.title,
        sort_title(item.title),
        letter_of(item.title),
        item.summary,
        item.body,
        html,
        item.creators,
        item.publisher,
        item.issued,
        item.identifier,
        item.language,
        item.rights,
        item.link,
        item.workstreams,
        item.tags,
        item.scope,
        item.level,
        item.minutes,
        item.members_only,
        item.learning_event_id,
        item.session_id,
        item.speaker,
        item.without_captions_because,
    )


def _item(row: asyncpg.Record) -> Item:
    told = dict(row)
    return Item(
        **{
            **told,
            "type": ItemType(told["type"]),
            "state": State(told["state"]),
            "scope": told["scope"] and Scope(told["scope"]),
            "level": told["level"] and Level(told["level"]),
        }
    )
