"""Working groups: what each is for, and who may run it."""

from functools import partial
from typing import Annotated, Self
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from pdu_resources.versioned.changes import By, Hand, differing, note
from pdu_resources.versioned.seen import Version
from pdu_resources.vocabulary.checking import not_in_list
from pdu_shared.access import Caller, Role
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Day, Form, OneLine, Paragraphs
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import NotFound, Refused
from pdu_shared.runtime import Store

router = APIRouter(tags=["working groups"])


class DescribeGroup(Form):
    """What a working group is for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Hoarding",
                    "purpose": "Agree how services visit people who hoard, and try it out.",
                    "workstream": "housing",
                    "starts_on": "2026-09-01",
                }
            ]
        }
    )

    title: OneLine
    purpose: Paragraphs
    workstream: Code | None = None
    starts_on: Day
    ends_on: Annotated[Day | None, Field(description="The day on which it ended")] = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_on and self.ends_on < self.starts_on:
            msg = "A group ends after it begins."
            raise ValueError(msg)
        return self


class GroupKept(BaseModel):
    """A working group, as it is kept now."""

    group_id: UUID
    version: int


@router.post("/working-groups", status_code=201, response_model=GroupKept)
async def begin(form: DescribeGroup, database: Store, asked: Asked, by: By) -> Response:
    """Begin a working group."""
    return await once(database, asked, partial(_begin, form=form, by=by))


@router.put("/working-groups/{group_id}")
async def change(
    group_id: UUID,
    form: DescribeGroup,
    version: Version,
    database: Store,
    by: By,
) -> GroupKept:
    """Describe a working group anew, or end it. Its leads may, and a coordinator.

    412 when somebody else changed it in the meantime.
    """
    async with transaction(database) as conn:
        row = await lock_own_group(conn, group_id, by.caller)
        version.check(row["version"])
        await _check(conn, form)
        await _update(conn, group_id, form, by)
        await note(conn, "working_group", group_id, differing(row, dict(form)), by)
    version.renew(row["version"] + 1)
    return GroupKept(group_id=group_id, version=row["version"] + 1)


async def lock_own_group(conn: Conn, group_id: UUID, caller: Caller) -> asyncpg.Record:
    """A group that the caller leads or coordinates, locked. Raises NotFound for all others."""
    row = await conn.fetchrow(
        """
        SELECT group_id, title, purpose, workstream, starts_on, ends_on, version,
               EXISTS (SELECT
                         FROM working_group_member AS member
                        WHERE member.group_id = working_group.group_id
                          AND person_id = $2 AND leads AND left_on IS NULL) AS leads
          FROM working_group
         WHERE group_id = $1
           FOR UPDATE
        """,
        group_id,
        caller.sub,
    )
    if row is None or not (row["leads"] or caller.has(Role.COORDINATOR)):
        raise NotFound
    return row


async def _begin(conn: Conn, *, form: DescribeGroup, by: Hand) -> Answer:
    await _check(conn, form)
    group_id = uuid7()
    await conn.execute(
        """
        INSERT INTO working_group (group_id, title, purpose, workstream, starts_on, ends_on,
                                   version, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, 1, $7)
        """,
        group_id,
        *dict(form).values(),
        by.now,
    )
    return Answer.of(GroupKept(group_id=group_id, version=1))


async def _check(conn: Conn, form: DescribeGroup) -> None:
    if faults := await not_in_list(conn, "workstream", [form.workstream], ["/workstream"]):
        raise Refused(errors=faults)


async def _update(conn: Conn, group_id: UUID, form: DescribeGroup, by: Hand) -> None:
    await conn.execute(
        """
        UPDATE working_group
           SET title = $2, purpose = $3, workstream = $4, starts_on = $5, ends_on = $6,
               version = version + 1, changed_at = $7
         WHERE group_id = $1
        """,
        group_id,
        *dict(form).values(),
        by.now,
    )
