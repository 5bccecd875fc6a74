"""What a service keeps about people, table by table: their copy of it, and how it is forgotten."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from pydantic import TypeAdapter

from pdu_shared.database import Conn

Forget: TypeAlias = Callable[[Conn, Sequence[UUID], datetime], Awaitable[int]]
"""Forgets people; gives how many rows it changed. Safe to repeat."""

_ROWS = TypeAdapter(list[dict[str, Any]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What is kept about people in one table, or in several that belong together.

    The statements take every id of the person as `$1` (uuid[]). Each of them is safe to repeat.
    """

    table: str
    words: str
    """What it is, as the person reads it."""
    copy: str = ""
    """The query that gives the person a copy; none where there is nothing to read in it."""
    forget: str | Forget = ""
    """The statement that deletes or empties what one could be known by."""
    stays: str = ""
    """Why the rest stays after an erasure; nothing where nothing stays."""
    also: tuple[str, ...] = ()
    """Other tables that go the same way."""


async def copy_of(conn: Conn, holding: Holding, person_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """What the person may read of a holding, row by row."""
    if not holding.copy:
        return []
    found: str = await conn.fetchval(
        f"SELECT coalesce(jsonb_agg(to_jsonb(kept)), '[]')::text FROM ({holding.copy}) AS kept",  # noqa: S608 - ours
        list(person_ids),
    )
    return _ROWS.validate_json(found)


async def forget(conn: Conn, holding: Holding, person_ids: Sequence[UUID], *, now: datetime) -> int:
    """Forget what can be forgotten of a holding; how many rows were changed."""
    if not holding.forget:
        return 0
    if callable(holding.forget):
        return await holding.forget(conn, person_ids, now)
    done: str = await conn.execute(holding.forget, list(person_ids))
    return int(done.rsplit(maxsplit=1)[-1])
