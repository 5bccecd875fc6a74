"""Copies of what can be found in the hub, and of who has an account there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

import asyncpg

from pdu_notifications import pages
from pdu_shared.contracts.bookings.material import MaterialAdded, MaterialRemoved
from pdu_shared.contracts.resources.library import (
    RecordingPublished,
    RecordingWithdrawn,
    ResourceArchived,
    ResourcePublished,
)
from pdu_shared.contracts.resources.member import (
    MemberClosed,
    MemberProfileChanged,
    MemberRegistered,
)
from pdu_shared.database import Conn
from pdu_shared.listening import AlsoOfThePast

Page: TypeAlias = tuple[str, str]
"""A title, and where it leads: a path of the portal, or an address elsewhere."""
AT_A_TIME = 3


@dataclass(frozen=True, slots=True)
class Item:
    """Something in the hub."""

    item_id: UUID
    item_key: str
    title: str

    @property
    def page(self) -> Page:
        """Where it can be found."""
        return (self.title, pages.item(self.item_key))


async def keep_member(
    conn: Conn, message: AlsoOfThePast[MemberRegistered | MemberProfileChanged | MemberClosed]
) -> None:
    """Keep who has an account. Whoever left and is back is told of as changed."""
    if isinstance(message, MemberClosed):
        await conn.execute("DELETE FROM hub_member WHERE person_id = $1", message.person_id)
        return
    await conn.execute(
        "INSERT INTO hub_member (person_id) VALUES ($1) ON CONFLICT DO NOTHING", message.person_id
    )


async def keep_item(conn: Conn, message: AlsoOfThePast[ResourcePublished]) -> None:
    """Keep what an item is called, and what it is about."""
    await conn.execute(
        """
        INSERT INTO hub_item (item_id, item_key, title, members_only, workstreams,
                              learning_event_id, published_on)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (item_id) DO UPDATE
           SET item_key = excluded.item_key, title = excluded.title,
               members_only = excluded.members_only, workstreams = excluded.workstreams,
               learning_event_id = excluded.learning_event_id,
               published_on = excluded.published_on
        """,
        message.item_id,
        message.item_key,
        message.title,
        message.members_only,
        message.workstreams,
        message.learning_event_id,
        message.published_on,
    )


async def keep_recording(conn: Conn, message: AlsoOfThePast[RecordingPublished]) -> None:
    """Keep what a recording is called, where its item has not been told."""
    await conn.execute(
        """
        INSERT INTO hub_item (item_id, item_key, title, members_only, learning_event_id,
                              published_on)
        VALUES ($1, $2, $3, true, $4, current_date)
            ON CONFLICT (item_id) DO NOTHING
        """,
        message.item_id,
        message.item_key,
        message.title,
        message.learning_event_id,
    )


async def forget_item(
    conn: Conn, message: AlsoOfThePast[ResourceArchived | RecordingWithdrawn]
) -> None:
    """Speak no more of what is not offered any more."""
    await conn.execute("DELETE FROM hub_item WHERE item_id = $1", message.item_id)


async def keep_material(conn: Conn, message: AlsoOfThePast[MaterialAdded]) -> None:
    """Keep what was shown at an event, or handed out."""
    await conn.execute(
        """
        INSERT INTO material (material_id, learning_event_id, title, url, item_id)
        VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (material_id) DO UPDATE
           SET title = excluded.title, url = excluded.url, item_id = excluded.item_id
        """,
        message.material_id,
        message.learning_event_id,
        message.title,
        message.url,
        message.item_id,
    )


async def forget_material(conn: Conn, message: AlsoOfThePast[MaterialRemoved]) -> None:
    """Speak no more of what was taken off the page."""
    await conn.execute("DELETE FROM material WHERE material_id = $1", message.material_id)


LISTENERS = (
    keep_member,
    keep_item,
    keep_recording,
    forget_item,
    keep_material,
    forget_material,
)


async def is_member(conn: Conn, person_ids: Sequence[UUID]) -> bool:
    """Whether a person has an account, under any of their ids."""
    found: bool = await conn.fetchval(
        "SELECT EXISTS (SELECT FROM hub_member WHERE person_id = ANY ($1::uuid[]))", person_ids
    )
    return found


async def item_of(conn: Conn, item_id: UUID) -> Item | None:
    """An item that is offered."""
    row = await conn.fetchrow(
        "SELECT item_id, item_key, title FROM hub_item WHERE item_id = $1", item_id
    )
    return _item(row) if row else None


async def materials_of(conn: Conn, learning_event_id: UUID) -> list[Page]:
    """What was shown at an event or handed out, in the order in which it was added.

    What is neither at an address nor in the hub is on the page of the event.
    """
    rows = await conn.fetch(
        """
        SELECT material.title,
               coalesce(url, 'library/' || item_key, 'events/' || $1::uuid) AS leads_to
          FROM material
          LEFT JOIN hub_item USING (item_id)
         WHERE material.learning_event_id = $1
         ORDER BY material_id
        """,
        learning_event_id,
    )
    return [(row["title"], row["leads_to"]) for row in rows]


async def related_items(conn: Conn, learning_event_id: UUID, *, skip: Sequence[str]) -> list[Item]:
    """What is about the same: of the event itself first, then newest first; three at most.

    Without the pages to skip, and what was handed out.
    """
    rows = await conn.fetch(
        """
        SELECT item_id, item_key, hub_item.title
          FROM hub_item
          JOIN learning_event ON learning_event.learning_event_id = $1
         WHERE (hub_item.learning_event_id = $1
                OR hub_item.workstreams && learning_event.workstreams)
           AND 'library/' || item_key <> ALL ($2::text[])
           AND NOT EXISTS (SELECT FROM material
                            WHERE material.learning_event_id = $1
                              AND material.item_id = hub_item.item_id)
         ORDER BY hub_item.learning_event_id IS NOT DISTINCT FROM $1 DESC, published_on DESC,
                  item_id
         LIMIT $3
        """,
        learning_event_id,
        skip,
        AT_A_TIME,
    )
    return [_item(row) for row in rows]


def _item(row: asyncpg.Record) -> Item:
    return Item(row["item_id"], row["item_key"], row["title"])
