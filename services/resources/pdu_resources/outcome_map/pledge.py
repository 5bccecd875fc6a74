"""Pledges: what organisations can make their own, who did, and how far they have come."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.rules.undertaking import may_become
from pdu_resources.versioned.changes import By, Hand
from pdu_shared import outbox
from pdu_shared.access import Role
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.outcome import PledgeAdopted
from pdu_shared.contracts.resources.steering import UndertakingState
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, OneLine, PublishedLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import organisation_id, uuid7
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Store

router = APIRouter(tags=["pledges"])


class WritePledge(Form):
    """A pledge as everybody reads it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"wording": "We ask before we evict."}]}
    )

    wording: PublishedLine
    retired: Annotated[bool, Field(strict=True)] = False


class Adopt(Form):
    """Which organisation makes it its own."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"organisation": "Sherwood Outreach"}]}
    )

    organisation: OneLine


class Come(Form):
    """How far the organisation has come with it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"state": "partly"}]})

    state: UndertakingState


class Pledge(BaseModel):
    """A pledge, and how many organisations made it their own."""

    code: str
    wording: str
    retired: bool
    organisations: int


class Pledges(BaseModel):
    """All pledges, in the order of their codes."""

    pledges: list[Pledge]


class Adoption(BaseModel):
    """That an organisation made a pledge its own."""

    adoption_id: UUID
    pledge: str
    organisation_id: UUID
    organisation: str
    state: UndertakingState
    adopted_on: date


@router.get("/pledges")
async def pledges(database: Store) -> Pledges:
    """All pledges."""
    async with database.pool.acquire(timeout=5) as conn:
        return Pledges(pledges=await _pledges(conn))


@router.put("/pledges/{code}")
async def write(code: Annotated[Code, Path()], form: WritePledge, database: Store) -> Pledge:
    """Write a pledge, or offer it no more."""
    async with transaction(database) as conn:
        await conn.execute(
            """
            INSERT INTO pledge (code, wording, retired) VALUES ($1, $2, $3)
                ON CONFLICT (code) DO UPDATE
               SET wording = excluded.wording, retired = excluded.retired
            """,
            code,
            form.wording,
            form.retired,
        )
        return next(one for one in await _pledges(conn) if one.code == code)


@router.post("/pledges/{code}/adoptions", status_code=201, response_model=Adoption)
async def adopt(
    code: Annotated[Code, Path()], form: Adopt, database: Store, asked: Asked, by: By
) -> Response:
    """Make a pledge one's own. 409 when it is already, or when it is offered no more."""
    return await once(database, asked, partial(_adopt, code=code, form=form, by=by))


@router.put("/pledge-adoptions/{adoption_id}/state")
async def come(adoption_id: UUID, form: Come, database: Store, by: By) -> Adoption:
    """Say how far the organisation has come. 409 where no way leads to that state."""
    async with transaction(database) as conn:
        row = await _lock(conn, adoption_id)
        own = by.caller.organisation_id == row["organisation_id"]
        if not (own or by.caller.has(Role.COORDINATOR)):
            raise NotFound
        if not may_become(UndertakingState(row["state"]), form.state):
            raise Conflict(f"A pledge that is {row['state']} cannot become {form.state}.")
        await conn.execute(
            "UPDATE pledge_adoption SET state = $2 WHERE adoption_id = $1",
            adoption_id,
            form.state,
        )
        found = Adoption(**await _lock(conn, adoption_id))
        await outbox.add(conn, _told(found))
    return found


async def _adopt(conn: Conn, *, code: str, form: Adopt, by: Hand) -> Answer:
    whose = organisation_id(form.organisation)
    retired = await conn.fetchval("SELECT retired FROM pledge WHERE code = $1", code)
    if retired is None:
        raise NotFound
    if retired:
        raise Conflict("This pledge is offered no more.")
    if not by.caller.has(Role.COORDINATOR) and whose != by.caller.organisation_id:
        detail = "You pledge for your own organisation, under its own name."
        raise Refused(errors=[Fault("/organisation", "not-yours", detail)])
    adoption_id = uuid7()
    try:
        await conn.execute(
            """
            INSERT INTO pledge_adoption (adoption_id, pledge, organisation_id, organisation,
                                         state, adopted_on)
            VALUES ($1, $2, $3, $4, 'intended', $5)
            """,
            adoption_id,
            code,
            whose,
            form.organisation,
            local_day(by.now),
        )
    except asyncpg.UniqueViolationError:
        raise Conflict("It has made this pledge its own already.") from None
    found = Adoption(**await _lock(conn, adoption_id))
    await outbox.add(conn, _told(found))
    return Answer.of(found)


def _told(found: Adoption) -> PledgeAdopted:
    return PledgeAdopted(**found.model_dump(exclude={"organisation"}))


async def _lock(conn: Conn, adoption_id: UUID) -> asyncpg.Record:
    row = await conn.fetchrow(
        """
        SELECT adoption_id, pledge, organisation_id, organisation, state, adopted_on
          FROM pledge_adoption WHERE adoption_id = $1
           FOR UPDATE
        """,
        adoption_id,
    )
    if row is None:
        raise NotFound
    return row


async def _pledges(conn: Conn) -> list[Pledge]:
    rows = await conn.fetch("""
        SELECT code, wording, retired,
               (SELECT count(*) FROM pledge_adoption WHERE pledge = code) AS organisations
          FROM pledge
         ORDER BY code
        """)
    return [Pledge(**row) for row in rows]
