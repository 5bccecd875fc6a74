"""An entry of somebody's private log, as it is kept and as its writer reads it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import asyncpg
from pydantic import BaseModel, Field, StringConstraints

from pdu_resources.member.same_person import ids_of
from pdu_resources.usage.activity import account_of
from pdu_shared.access import Caller
from pdu_shared.database import Conn
from pdu_shared.forms import Form
from pdu_shared.problems import NotFound


class About(Form):
    """What it is about, if it is about something in the hub."""

    kind: Literal["module", "item", "recording", "event"]
    ref: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")] = Field(
        description="The key of a module or an item, the id of a learning event"
    )


class Reflection(BaseModel):
    """One entry of my log."""

    reflection_id: UUID
    text: str
    about: About | None
    happened_on: date
    written_at: datetime
    changed_at: datetime


async def reflections_of(
    conn: Conn, person_ids: Sequence[UUID], *, after: UUID | None = None, limit: int
) -> list[asyncpg.Record]:
    """Somebody's entries, the newest first."""
    return await conn.fetch(
        """
        SELECT reflection_id, text, about_kind, about_ref, happened_on, version, written_at,
               changed_at
          FROM reflection
         WHERE person_id = ANY ($1::uuid[]) AND ($2::uuid IS NULL OR reflection_id < $2)
         ORDER BY reflection_id DESC
         LIMIT $3
        """,
        list(person_ids),
        after,
        limit,
    )


def etag(row: asyncpg.Record) -> str:
    """The version of an entry, as HTTP tells it."""
    return f'"{row["reflection_id"]}.{row["version"]}"'


def shown(row: asyncpg.Record) -> Reflection:
    """An entry as its writer reads it."""
    about = About(kind=row["about_kind"], ref=row["about_ref"]) if row["about_kind"] else None
    fields = ("reflection_id", "text", "happened_on", "written_at", "changed_at")
    return Reflection(**{name: row[name] for name in fields}, about=about)


async def mine(
    conn: Conn, reflection_id: UUID, caller: Caller, *, lock: bool = False
) -> asyncpg.Record:
    """An entry of whoever calls. Raises NotFound for those of others, as if they were not there."""
    ids = await ids_of(conn, await account_of(conn, caller))
    if lock:
        await conn.execute(
            "SELECT FROM reflection WHERE reflection_id = $1 FOR UPDATE", reflection_id
        )
    row = await conn.fetchrow(
        """
        SELECT reflection_id, text, about_kind, about_ref, happened_on, version, written_at,
               changed_at
          FROM reflection
         WHERE reflection_id = $1 AND person_id = ANY ($2::uuid[])
        """,
        reflection_id,
        ids,
    )
    if row is None:
        raise NotFound
    return row
