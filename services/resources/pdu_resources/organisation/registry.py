"""The registry of organisations: registered by a coordinator, found by everybody."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import structlog
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.member.seen import tell_version
from pdu_resources.organisation.naming import add_name
from pdu_resources.organisation.rows import lock_registry, organisation, tell, tell_whose_names
from pdu_resources.vocabulary import taxonomy
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.organisation import OrganisationRegistered
from pdu_shared.database import Conn
from pdu_shared.forms import Form, OneLine, PublishedLine, WebAddress
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import organisation_id as id_of
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Now, Store

log = structlog.get_logger()
router = APIRouter(tags=["organisations"])

TAKEN = "Another organisation already has this name."


class Described(Form):
    """What is said of an organisation."""

    sector: Code | None = None
    area: Code | None = None
    parent_id: Annotated[UUID | None, Field(description="What it is a part of")] = None
    website: WebAddress | None = None


class Register(Described):
    """An organisation under the name by which it is known, and others that people type."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Sherwood Housing Association",
                    "sector": "voluntary",
                    "area": "nottingham_city",
                    "website": "https://housing.example.org",
                    "also_known_as": ["Sherwood Housing", "SHA"],
                }
            ]
        }
    )

    name: PublishedLine
    also_known_as: Annotated[tuple[OneLine, ...], Field(max_length=50)] = ()


class Registered(BaseModel):
    """The organisation is in the registry."""

    organisation_id: UUID


class Line(BaseModel):
    """An organisation in a list."""

    organisation_id: UUID
    name: str
    sector: str | None
    area: str | None
    parent_id: UUID | None
    website: str | None


class Lines(BaseModel):
    """One page of organisations by name. `next` goes into `after` for the following page."""

    items: list[Line]
    next: UUID | None


class Name(BaseModel):
    """A name that belongs to an organisation."""

    name_id: UUID
    name: str


class Record(Line):
    """All that the registry knows of an organisation."""

    merged_into: UUID | None
    names: list[Name]
    merged: list[UUID] = Field(description="Records that turned out to be the same organisation")
    parts: list[UUID] = Field(description="Organisations that are a part of it")
    members: int = Field(description="How many accounts name it, under any of its names")


@router.get("/organisations")
async def listed(
    database: Store,
    text: Annotated[OneLine | None, Query(description="Found in one of its names")] = None,
    sector: Code | None = None,
    after: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Lines:
    """Organisations by name, for a form that offers them and for whoever looks one up."""
    rows = await database.pool.fetch(
        """
        SELECT organisation_id, canonical_name AS name, sector, area, parent_id, website
          FROM organisation
         WHERE merged_into IS NULL
           AND ($1::text IS NULL
                OR organisation_id IN (SELECT organisation_id FROM organisation_name
                                        WHERE strpos(lower(name), lower($1)) > 0))
           AND ($2::text IS NULL OR sector = $2)
           AND ($3::uuid IS NULL
                OR (lower(canonical_name), organisation_id)
                   > ((SELECT lower(canonical_name) FROM organisation
                        WHERE organisation_id = $3), $3))
         ORDER BY lower(canonical_name), organisation_id
         LIMIT $4
        """,
        text,
        sector,
        after,
        limit + 1,
    )
    items = [Line(**row) for row in rows[:limit]]
    return Lines(items=items, next=items[-1].organisation_id if len(rows) > limit else None)


@router.get("/organisations/{organisation_id}")
async def read(organisation_id: UUID, database: Store, response: Response) -> Record:
    """Read all that is known of one organisation, with its names."""
    async with database.pool.acquire(timeout=5) as conn:
        version, record = await record_of(conn, organisation_id)
    tell_version(response, version)
    return record


@router.post("/organisations", status_code=201, response_model=Registered)
async def register(form: Register, database: Store, asked: Asked, now: Now) -> Response:
    """Register an organisation. 409 when one has this name, or one of the other names."""
    return await once(database, asked, partial(_register, form=form, now=now))


async def check_words(conn: Conn, form: Described) -> None:
    """Raise Refused for a sector, an area or a parent that there is not."""
    lists = await taxonomy.codes(conn)
    faults = [
        Fault(f"/{field}", "unknown-code", f"Possible are: {', '.join(lists[field])}.")
        for field in ("sector", "area")
        if (said := getattr(form, field)) is not None and said not in lists[field]
    ]
    if form.parent_id and not await _is_root(conn, form.parent_id):
        faults.append(Fault("/parent_id", "unknown-organisation", "Name one of the registry."))
    if faults:
        raise Refused(errors=faults)


async def add(conn: Conn, form: Register, now: datetime) -> UUID:
    """Put an organisation into the registry, which is locked. Raises Refused and Conflict."""
    await check_words(conn, form)
    organisation_id = id_of(form.name)
    try:
        async with conn.transaction():
            await _insert(conn, organisation_id, form, now)
    except asyncpg.UniqueViolationError:
        raise Conflict(TAKEN) from None
    await tell(conn, OrganisationRegistered, organisation_id)
    for name in (form.name, *form.also_known_as):
        await add_name(conn, organisation_id, name, now)
    await tell_whose_names(conn, organisation_id)
    return organisation_id


async def record_of(conn: Conn, organisation_id: UUID) -> tuple[int, Record]:
    """An organisation with all that belongs to it, and its version. Raises NotFound."""
    found = await organisation(conn, organisation_id)
    names = await conn.fetch(
        """
        SELECT name_id, name FROM organisation_name WHERE organisation_id = $1 ORDER BY lower(name)
        """,
        organisation_id,
    )
    counted = await conn.fetchrow(
        """
        WITH RECURSIVE down (organisation_id) AS (
            SELECT $1::uuid
            UNION ALL
            SELECT organisation.organisation_id
              FROM down JOIN organisation ON organisation.merged_into = down.organisation_id)
        SELECT (SELECT coalesce(array_agg(organisation_id ORDER BY organisation_id), '{}')
                  FROM down WHERE organisation_id <> $1) AS merged,
               (SELECT coalesce(array_agg(organisation_id ORDER BY organisation_id), '{}')
                  FROM organisation WHERE parent_id IN (SELECT organisation_id FROM down)
                   AND merged_into IS NULL) AS parts,
               (SELECT count(*) FROM member
                 WHERE member.organisation_id IN (
                       SELECT name_id FROM organisation_name JOIN down USING (organisation_id))
               ) AS members
        """,
        organisation_id,
    )
    assert counted is not None, "counts without a table have one row"
    told: dict[str, Any] = {
        "name": found.canonical_name,
        "names": [Name(**row) for row in names],
        **counted,
    }
    for field in ("organisation_id", "sector", "area", "parent_id", "website", "merged_into"):
        told[field] = getattr(found, field)
    return found.version, Record.model_validate(told)


async def _register(conn: Conn, *, form: Register, now: datetime) -> Answer:
    await lock_registry(conn)
    organisation_id = await add(conn, form, now)
    log.info("registered", organisation_id=str(organisation_id))
    return Answer.of(Registered(organisation_id=organisation_id))


async def _insert(conn: Conn, organisation_id: UUID, form: Register, now: datetime) -> None:
    await conn.execute(
        """
        INSERT INTO organisation (organisation_id, canonical_name, sector, area, parent_id, website,
                                  registered_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
        """,
        organisation_id,
        form.name,
        form.sector,
        form.area,
        form.parent_id,
        form.website,
        now,
    )


async def _is_root(conn: Conn, organisation_id: UUID) -> bool:
    found: bool = await conn.fetchval(
        """
        SELECT EXISTS (SELECT FROM organisation
                        WHERE organisation_id = $1 AND merged_into IS NULL)
        """,
        organisation_id,
    )
    return found
