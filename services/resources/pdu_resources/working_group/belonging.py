"""Who belongs to a working group, and what it brought about."""

from functools import partial
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from pdu_resources.versioned.changes import By, Hand
from pdu_resources.working_group.group import lock_own_group
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Day, Form, OneLine, WebAddress
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import organisation_id, uuid7
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Store

router = APIRouter(tags=["working groups"])


class TakeIn(Form):
    """Somebody who belongs to a group from now on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "Will Scarlet", "organisation": "Sherwood Outreach", "leads": True}
            ]
        }
    )

    name: OneLine = Field(description="Forgotten a year after they left")
    person_id: UUID | None = Field(default=None, description="Of whoever has an account")
    organisation: OneLine | None = None
    leads: StrictBool = Field(
        default=False, description="Leads may do all that there is to do here"
    )


class Belongs(BaseModel):
    """Somebody belongs to a group."""

    membership_id: UUID


class Produce(Form):
    """Something that a group brought about."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "How we visit",
                    "url": "https://pdu.example.org/how-we-visit.pdf",
                    "made_on": "2026-11-02",
                }
            ]
        }
    )

    title: OneLine
    url: WebAddress | None = None
    made_on: Annotated[Day, Field(description="When it was ready")]


class Produced(BaseModel):
    """Something that a group brought about."""

    output_id: UUID


@router.post("/working-groups/{group_id}/members", status_code=201, response_model=Belongs)
async def take_in(group_id: UUID, form: TakeIn, database: Store, asked: Asked, by: By) -> Response:
    """Take somebody into a group. Its leads may, and a coordinator."""
    use_case = partial(_take_in, group_id=group_id, form=form, by=by)
    return await once(database, asked, use_case)


@router.put("/working-groups/{group_id}/members/{membership_id}/departure", status_code=204)
async def let_go(group_id: UUID, membership_id: UUID, database: Store, by: By) -> Response:
    """Somebody belongs to a group no longer. Doing it twice is doing it once."""
    async with transaction(database) as conn:
        await lock_own_group(conn, group_id, by.caller)
        found = await conn.fetchval(
            """
            UPDATE working_group_member SET left_on = coalesce(left_on, greatest(joined_on, $3))
             WHERE group_id = $1 AND membership_id = $2
         RETURNING true
            """,
            group_id,
            membership_id,
            local_day(by.now),
        )
        if not found:
            raise NotFound
    return Response(status_code=204)


@router.post("/working-groups/{group_id}/outputs", status_code=201, response_model=Produced)
async def produce(group_id: UUID, form: Produce, database: Store, asked: Asked, by: By) -> Response:
    """Write down what a group brought about. Its leads may, and a coordinator."""
    use_case = partial(_produce, group_id=group_id, form=form, by=by)
    return await once(database, asked, use_case)


async def _take_in(conn: Conn, *, group_id: UUID, form: TakeIn, by: Hand) -> Answer:
    group = await lock_own_group(conn, group_id, by.caller)
    if group["ends_on"]:
        raise Conflict("This group has ended.")
    membership_id = uuid7()
    try:
        await conn.execute(
            """
            INSERT INTO working_group_member (membership_id, group_id, person_id, name,
                                              organisation_id, organisation, leads, joined_on)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            membership_id,
            group_id,
            form.person_id,
            form.name,
            organisation_id(form.organisation) if form.organisation else None,
            form.organisation,
            form.leads,
            local_day(by.now),
        )
    except asyncpg.UniqueViolationError:
        raise Conflict("They belong to this group already.") from None
    return Answer.of(Belongs(membership_id=membership_id))


async def _produce(conn: Conn, *, group_id: UUID, form: Produce, by: Hand) -> Answer:
    await lock_own_group(conn, group_id, by.caller)
    output_id = uuid7()
    await conn.execute(
        """
        INSERT INTO working_group_output (output_id, group_id, title, url, made_on)
        VALUES ($1, $2, $3, $4, $5)
        """,
        output_id,
        group_id,
        form.title,
        form.url,
        form.made_on,
    )
    return Answer.of(Produced(output_id=output_id))
