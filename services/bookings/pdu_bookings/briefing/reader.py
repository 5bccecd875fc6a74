"""Who gets briefings: people who decide about services, in the office that they hold."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.category import Categories
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import EmailAddress, Form, OneLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.persons import persons_of
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Here, Now, Store

router = APIRouter(tags=["briefings"])


class ReaderRole(StrEnum):
    """In which office somebody decides."""

    COUNCILLOR = "councillor"
    OFFICER = "officer"
    COMMISSIONER = "commissioner"
    OTHER = "other"


class AddReader(Form):
    """Somebody who decides about services, and about which."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Councillor Stutely",
                    "email": "will.stutely@example.org",
                    "role": "councillor",
                    "workstreams": ["housing"],
                }
            ]
        }
    )

    name: OneLine
    email: EmailAddress
    role: ReaderRole
    workstreams: Annotated[tuple[Code, ...], Field(max_length=20)] = Field(
        (), description="About which they decide; none for all"
    )


class Reader(BaseModel):
    """Somebody who gets briefings."""

    reader_id: UUID
    name: str
    email: str
    role: ReaderRole
    workstreams: list[str]
    added_at: datetime


class Readers(BaseModel):
    """Everybody who gets briefings, by name."""

    items: list[Reader]


@router.post("/briefing-readers", status_code=201, response_model=Reader)
async def add_reader(form: AddReader, asked: Asked, here: Here, now: Now) -> Response:
    """Add somebody who decides. They can stop it with a link in each letter.

    409 for an address that is there.
    """
    said = [(f"/workstreams/{at}", "workstream", one) for at, one in enumerate(form.workstreams)]
    await here.part(Categories).check(said)

    async def add(conn: Conn) -> Answer:
        [person_id] = await persons_of(conn, here.person_key, [form.email])
        reader = Reader(
            reader_id=uuid7(), added_at=now, **{**dict(form), "workstreams": [*form.workstreams]}
        )
        try:
            await _insert(conn, reader, person_id)
        except asyncpg.UniqueViolationError:
            raise Conflict("Somebody with this address gets briefings already.") from None
        return Answer.of(reader)

    return await once(here.database, asked, add)


@router.get("/briefing-readers")
async def readers(database: Store) -> Readers:
    """Who gets briefings."""
    rows = await database.pool.fetch(
        """
        SELECT reader_id, name, address AS email, role, workstreams, added_at
          FROM briefing_reader
         ORDER BY name, reader_id
         LIMIT 1000
        """
    )
    return Readers(items=[Reader(**row) for row in rows])


@router.delete("/briefing-readers/{reader_id}", status_code=204)
async def remove_reader(reader_id: UUID, database: Store) -> Response:
    """Send somebody no more briefings, and forget them here."""
    async with transaction(database) as conn:
        done = await conn.execute("DELETE FROM briefing_reader WHERE reader_id = $1", reader_id)
    if done == "DELETE 0":
        raise NotFound
    return Response(status_code=204)


async def _insert(conn: Conn, reader: Reader, person_id: UUID) -> None:
    await conn.execute(
        """
        INSERT INTO briefing_reader (reader_id, person_id, name, address, role, workstreams,
                                     added_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        reader.reader_id,
        person_id,
        reader.name,
        reader.email,
        reader.role,
        reader.workstreams,
        reader.added_at,
    )
