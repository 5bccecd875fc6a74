"""Items for harvesters, in the order in which they last changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import asyncpg

from pdu_resources.rules.dublin_core import Record
from pdu_shared.contracts.resources.library import ItemType
from pdu_shared.database import Conn


@dataclass(frozen=True, slots=True)
class Selection:
    """Which items are harvested, and after which of them this page begins."""

    since: datetime | None = None
    until: datetime | None = None
    type: str | None = None
    workstream: str | None = None
    after_time: datetime | None = None
    after_key: str | None = None

    def after(self, record: Record) -> "Selection":
        """The same, beginning behind this one."""
        return replace(self, after_time=record.changed_at, after_key=record.item_key)


async def records(conn: Conn, chosen: Selection, limit: int) -> Sequence[Record]:
    """Items that are or were published, the one that changed longest ago first."""
    rows = await conn.fetch(
        _RECORDS,
        chosen.since,
        chosen.until,
        chosen.type,
        chosen.workstream,
        chosen.after_time,
        chosen.after_key,
        limit,
        None,
    )
    return [_record(row) for row in rows]


async def record(conn: Conn, item_key: str) -> Record | None:
    """One item, if it is or was published."""
    rows = await conn.fetch(_RECORDS, *[None] * 6, 1, item_key)
    return _record(rows[0]) if rows else None


def _record(row: asyncpg.Record) -> Record:
    return Record(**{**dict(row), "type": ItemType(row["type"])})


_RECORDS = """
    SELECT item_key::text, type, state = 'archived' AS archived, changed_at, title, summary,
           creators, publisher, issued, identifier, language, rights, link, workstreams, tags,
           ARRAY(SELECT media_type FROM library_file
                  WHERE library_file.item_id = library_item.item_id ORDER BY name) AS formats
      FROM library_item
     WHERE published_at IS NOT NULL
       AND ($1::timestamptz IS NULL OR changed_at >= $1)
       AND ($2::timestamptz IS NULL OR changed_at <= $2)
       AND ($3::text IS NULL OR type = $3)
       AND ($4::text IS NULL OR $4 = ANY (workstreams))
       AND ($5::timestamptz IS NULL OR (changed_at, item_key::text) > ($5, $6::text))
       AND ($8::text IS NULL OR item_key = $8)
     ORDER BY changed_at, item_key::text
     LIMIT $7
    """
