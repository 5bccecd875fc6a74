"""Names of organisations: what people typed is matched to one of the registry, or set aside."""

from datetime import datetime
from uuid import UUID

import structlog
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.organisation.rows import lock_registry, organisation, standings, tell_whose_names
from pdu_resources.rules.organisation import root
from pdu_shared import outbox
from pdu_shared.contracts.resources.organisation import OrganisationUnmerged
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, OneLine
from pdu_shared.identity import organisation_id as id_of
from pdu_shared.problems import Conflict
from pdu_shared.runtime import Now, Store

log = structlog.get_logger()
router = APIRouter(tags=["organisations"])

LIKE = 3
"""How many organisations with a similar name are offered."""


class AddName(Form):
    """A name that belongs to an organisation, as people type it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Sherwood Hsg"}]})

    name: OneLine


class Named(BaseModel):
    """A name that belongs to an organisation."""

    name_id: UUID
    organisation_id: UUID


class Similar(BaseModel):
    """An organisation with a name like the one that was typed."""

    organisation_id: UUID
    name: str


class Unmatched(BaseModel):
    """What members typed that is no name of the registry yet."""

    name_id: UUID
    name: str = Field(description="As one of them typed it")
    members: int
    first_at: datetime
    similar: list[Similar]


class Queue(BaseModel):
    """Names that nobody has matched yet, those of most members first, at most 100."""

    items: list[Unmatched]


@router.get("/organisation-names/unmatched")
async def unmatched(database: Store) -> Queue:
    """Read what members typed that belongs to no organisation yet, and what is like it."""
    rows = await database.pool.fetch(
        """
        SELECT organisation_id AS name_id, min(organisation) AS name, count(*) AS members,
               min(registered_at) AS first_at
          FROM member
         WHERE organisation IS NOT NULL
           AND organisation_id NOT IN (SELECT name_id FROM organisation_name)
           AND organisation_id NOT IN (SELECT name_id FROM organisation_name_set_aside)
         GROUP BY organisation_id
         ORDER BY count(*) DESC, min(organisation)
         LIMIT 100
        """
    )
    async with database.pool.acquire(timeout=5) as conn:
        return Queue(
            items=[Unmatched(**row, similar=await _similar(conn, row["name"])) for row in rows]
        )


@router.post("/organisations/{organisation_id}/names")
async def match(organisation_id: UUID, form: AddName, database: Store, now: Now) -> Named:
    """Take a name for this organisation, wherever it was typed. The same again changes nothing.

    409 when it is a name of another organisation.
    """
    async with transaction(database) as conn:
        await lock_registry(conn)
        await organisation(conn, organisation_id)
        if await add_name(conn, organisation_id, form.name, now):
            await tell_whose_names(conn, organisation_id)
    log.info("matched", organisation_id=str(organisation_id))
    return Named(name_id=id_of(form.name), organisation_id=organisation_id)


@router.delete("/organisations/{organisation_id}/names/{name_id}", status_code=204)
async def part(organisation_id: UUID, name_id: UUID, database: Store) -> None:
    """Take a name for no name of this organisation after all. Its own stays: 409."""
    async with transaction(database) as conn:
        await lock_registry(conn)
        found = await organisation(conn, organisation_id)
        if name_id in {organisation_id, id_of(found.canonical_name)}:
            raise Conflict("An organisation keeps its own name.")
        deleted = await conn.execute(
            "DELETE FROM organisation_name WHERE name_id = $1 AND organisation_id = $2",
            name_id,
            organisation_id,
        )
        if deleted == "DELETE 1":
            kept_id = root(await standings(conn), organisation_id)
            await outbox.add(conn, OrganisationUnmerged(kept_id=kept_id, merged_id=name_id))


@router.put("/organisation-names/{name_id}/set-aside", status_code=204)
async def set_aside(name_id: UUID, database: Store, now: Now) -> None:
    """Take what was typed for no organisation at all: it leaves the queue."""
    await database.pool.execute(
        """
        INSERT INTO organisation_name_set_aside (name_id, set_aside_at) VALUES ($1, $2)
            ON CONFLICT DO NOTHING
        """,
        name_id,
        now,
    )


async def add_name(conn: Conn, organisation_id: UUID, name: str, now: datetime) -> bool:
    """Whether this is a new name of the organisation. Raises Conflict for a name of another."""
    name_id = id_of(name)
    known = await conn.fetchval(
        """
        SELECT organisation_id FROM organisation_name WHERE name_id = $1
        UNION ALL
        SELECT organisation_id FROM organisation WHERE organisation_id = $1
         LIMIT 1
        """,
        name_id,
    )
    if known not in {None, organisation_id}:
        raise Conflict("Another organisation already has this name.")
    added = await conn.execute(
        """
        WITH wanted AS (DELETE FROM organisation_name_set_aside WHERE name_id = $1)
        INSERT INTO organisation_name (name_id, organisation_id, name, added_at)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT DO NOTHING
        """,
        name_id,
        organisation_id,
        name,
        now,
    )
    return bool(added == "INSERT 0 1")


async def _similar(conn: Conn, name: str) -> list[Similar]:
    rows = await conn.fetch(
        """
        SELECT organisation_id, canonical_name AS name
          FROM organisation_name
          JOIN organisation USING (organisation_id)
         WHERE lower(name) % lower($1) AND merged_into IS NULL
         GROUP BY organisation_id, canonical_name
         ORDER BY max(similarity(lower(name), lower($1))) DESC, canonical_name
         LIMIT $2
        """,
        name,
        LIKE,
    )
    return [Similar(**row) for row in rows]
