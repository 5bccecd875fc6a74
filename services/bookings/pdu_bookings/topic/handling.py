"""Concerns are read, acted upon and closed by a few, and nobody reads one unseen."""

from datetime import datetime
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.topic.backlog import After, Limit
from pdu_shared import outbox, reads
from pdu_shared.access import Caller, Role, Who
from pdu_shared.contracts.bookings.topic import ConcernClosed
from pdu_shared.contracts.bookings.topic_words import ConcernKind
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, Paragraphs
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict, Forbidden, NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["concerns"])


class ConcernListed(BaseModel):
    """That there is a concern, and not what it says."""

    concern_id: UUID
    session_id: UUID
    kind: ConcernKind
    raised_at: datetime
    closed_at: datetime | None


class Concerns(BaseModel):
    """One page of concerns. `next` goes into `after` for the following page."""

    items: list[ConcernListed]
    next: UUID | None


class ActionTaken(BaseModel):
    """Something that was done about a concern."""

    action_id: UUID
    action: str
    taken_at: datetime


class Concern(ConcernListed):
    """A concern in full. Reading it is written down."""

    text: str
    raised_by: UUID | None = Field(description="The pseudonym of who raised it, if they are named")
    actions: list[ActionTaken]
    outcome: str | None


class TakeAction(Form):
    """Something that was done about a concern."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"action": "Talked to the facilitator."}]}
    )

    action: Paragraphs


class CloseConcern(Form):
    """What came of it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"outcome": "The group agreement now says so."}]}
    )

    outcome: Paragraphs


@router.get("/concerns")
async def concerns(
    database: Store,
    after: After = None,
    limit: Limit = 20,
    state: Annotated[
        Literal["open", "closed"] | None, Query(description="Only those in this state")
    ] = None,
) -> Concerns:
    """The concerns that were raised, newest first, without what they say."""
    rows = await database.pool.fetch(
        """
        SELECT concern_id, session_id, kind, raised_at, closed_at
          FROM concern
         WHERE ($1::uuid IS NULL OR concern_id < $1)
           AND ($2::text IS NULL OR ($2 = 'open') = (closed_at IS NULL))
         ORDER BY concern_id DESC
         LIMIT $3
        """,
        after,
        state,
        limit + 1,
    )
    items = [ConcernListed(**row) for row in rows[:limit]]
    return Concerns(items=items, next=items[-1].concern_id if len(rows) > limit else None)


@router.get("/concerns/{concern_id}")
async def read(concern_id: UUID, database: Store, caller: Who, now: Now) -> Concern:
    """What a concern says. It is written down who reads it, and when."""
    reader = _person(caller)
    async with transaction(database) as conn:
        concern = await _concern(conn, concern_id)
        await _note_reading(conn, concern_id, reader, _role(caller), now)
        await reads.note(conn, caller, kind="concern", of_ids=[concern_id], why="handling", now=now)
    return concern


@router.post("/concerns/{concern_id}/actions", status_code=201, response_model=ActionTaken)
async def act(  # noqa: PLR0913 - what a creating route asks for
    concern_id: UUID, form: TakeAction, database: Store, *, asked: Asked, caller: Who, now: Now
) -> Response:
    """Write down what was done about a concern."""
    use_case = partial(_act, concern_id=concern_id, form=form, taken_by=_person(caller), now=now)
    return await once(database, asked, use_case)


@router.put("/concerns/{concern_id}/outcome", status_code=204)
async def close(concern_id: UUID, form: CloseConcern, database: Store, now: Now) -> Response:
    """Close a concern with what came of it. Closing it twice is closing it once."""
    async with transaction(database) as conn:
        concern = await _lock(conn, concern_id)
        if concern["closed_at"] is None:
            await conn.execute(
                "UPDATE concern SET closed_at = $2, outcome = $3 WHERE concern_id = $1",
                concern_id,
                now,
                form.outcome,
            )
            kind = ConcernKind(concern["kind"])
            await outbox.add(conn, ConcernClosed(concern_id=concern_id, kind=kind))
        elif concern["outcome"] != form.outcome:
            raise Conflict("This concern is closed, with another outcome.")
    return Response(status_code=204)


def _person(caller: Caller) -> UUID:
    if caller.sub is None:
        raise Forbidden("Only people read concerns and act upon them.")
    return caller.sub


def _role(caller: Caller) -> Role:
    lead = caller.has(Role.DATA_PROTECTION_LEAD)
    return Role.DATA_PROTECTION_LEAD if lead else Role.COORDINATOR


async def _act(
    conn: Conn, *, concern_id: UUID, form: TakeAction, taken_by: UUID, now: datetime
) -> Answer:
    if (await _lock(conn, concern_id))["closed_at"]:
        raise Conflict("This concern is closed.")
    taken = ActionTaken(action_id=uuid7(), action=form.action, taken_at=now)
    await conn.execute(
        """
        INSERT INTO concern_action (action_id, concern_id, action, taken_by, taken_at)
        VALUES ($1, $2, $3, $4, $5)
        """,
        taken.action_id,
        concern_id,
        taken.action,
        taken_by,
        now,
    )
    return Answer.of(taken)


async def _concern(conn: Conn, concern_id: UUID) -> Concern:
    row = await conn.fetchrow(
        """
        SELECT concern_id, session_id, kind, raised_at, closed_at, text, person_id AS raised_by,
               outcome
          FROM concern
         WHERE concern_id = $1
        """,
        concern_id,
    )
    if row is None:
        raise NotFound
    actions = await conn.fetch(
        """
        SELECT action_id, action, taken_at FROM concern_action
         WHERE concern_id = $1
         ORDER BY action_id
        """,
        concern_id,
    )
    return Concern(**row, actions=[ActionTaken(**action) for action in actions])


async def _note_reading(
    conn: Conn, concern_id: UUID, reader: UUID, role: Role, now: datetime
) -> None:
    await conn.execute(
        """
        INSERT INTO concern_reading (concern_id, read_by, role, read_at) VALUES ($1, $2, $3, $4)
        """,
        concern_id,
        reader,
        role,
        now,
    )


async def _lock(conn: Conn, concern_id: UUID) -> asyncpg.Record:
    row = await conn.fetchrow(
        "SELECT kind, closed_at, outcome FROM concern WHERE concern_id = $1 FOR UPDATE",
        concern_id,
    )
    if row is None:
        raise NotFound
    return row
