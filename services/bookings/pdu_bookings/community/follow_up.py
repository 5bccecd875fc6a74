"""What people at a learning event meant to do next: with an owner, a day, and what became of it."""

from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Day, Form, Paragraphs
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.local_time import local_day
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["follow-up actions"])


class ActionState(StrEnum):
    """What became of an action."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class RecordAction(Form):
    """An interest group, a network, or anything else that people at an event meant to do."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "what": "A network of hoarding leads, first call before the summer.",
                    "owner_role": "facilitator_speaker",
                    "due_on": "2027-04-30",
                }
            ]
        }
    )

    what: Annotated[Paragraphs, Field(description="For coordinators only; it is never published")]
    owner_role: Annotated[Code, Field(description="Who sees to it, as a role")]
    owner_person_id: Annotated[
        UUID | None, Field(description="And which person, if that is known")
    ] = None
    due_on: Day


class Settle(Form):
    """What became of an action."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"state": "done"}]})

    state: ActionState


class Action(BaseModel):
    """Something that people at a learning event meant to do."""

    action_id: UUID
    learning_event_id: UUID
    what: Annotated[str | None, Field(description="Forgotten a year after it was settled")]
    owner_role: str
    owner_person_id: UUID | None
    due_on: date
    state: ActionState
    overdue: bool
    recorded_at: AwareDatetime
    settled_at: AwareDatetime | None


class Actions(BaseModel):
    """One page of actions, the oldest first. `next` goes into `after` for the following page."""

    items: list[Action]
    next: UUID | None


@router.post(
    "/learning-events/{learning_event_id}/follow-up-actions",
    status_code=201,
    response_model=Action,
)
async def record(
    learning_event_id: UUID, form: RecordAction, database: Store, asked: Asked, now: Now
) -> Response:
    """Write down what people at a learning event meant to do next."""
    use_case = partial(_record, learning_event_id=learning_event_id, form=form, now=now)
    return await once(database, asked, use_case)


async def _record(
    conn: Conn, *, learning_event_id: UUID, form: RecordAction, now: datetime
) -> Answer:
    action_id = uuid7()
    try:
        await _insert(conn, action_id, learning_event_id, form, now)
    except asyncpg.ForeignKeyViolationError:
        raise NotFound from None
    return Answer.of(await _action(conn, action_id, now))


@router.get("/follow-up-actions")
async def follow_up(  # noqa: PLR0913 - each narrows the list
    *,
    database: Store,
    now: Now,
    state: Annotated[ActionState | None, Query(description="Those in one state")] = None,
    overdue: Annotated[bool, Query(description="Open ones whose day is over")] = False,
    learning_event_id: Annotated[UUID | None, Query(description="Those of one event")] = None,
    after: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Actions:
    """What people meant to do, so that somebody asks about it."""
    async with database.pool.acquire(timeout=5) as conn:
        found = await conn.fetch(
            """
            SELECT action_id, learning_event_id, what, owner_role, owner_person_id, due_on, state,
                   recorded_at, settled_at
              FROM follow_up_action
             WHERE ($1::text IS NULL OR state = $1)
               AND ($2::date IS NULL OR (state = 'open' AND due_on < $2))
               AND ($3::uuid IS NULL OR learning_event_id = $3)
               AND ($4::uuid IS NULL OR action_id > $4)
             ORDER BY action_id
             LIMIT $5
            """,
            state,
            local_day(now) if overdue else None,
            learning_event_id,
            after,
            limit + 1,
        )
    items = [_seen(row, now) for row in found[:limit]]
    return Actions(items=items, next=items[-1].action_id if len(found) > limit else None)


@router.put("/follow-up-actions/{action_id}/state")
async def settle(action_id: UUID, form: Settle, database: Store, now: Now) -> Action:
    """Say what became of an action, or open it again. Saying it twice is saying it once."""
    async with transaction(database) as conn:
        await _mark(conn, action_id, form.state, now)
        return await _action(conn, action_id, now)


def _seen(row: asyncpg.Record, now: datetime) -> Action:
    overdue = row["state"] == ActionState.OPEN and row["due_on"] < local_day(now)
    return Action(**row, overdue=overdue)


async def _action(conn: Conn, action_id: UUID, now: datetime) -> Action:
    row = await conn.fetchrow(
        """
        SELECT action_id, learning_event_id, what, owner_role, owner_person_id, due_on, state,
               recorded_at, settled_at
          FROM follow_up_action
         WHERE action_id = $1
        """,
        action_id,
    )
    if row is None:
        raise NotFound
    return _seen(row, now)


async def _insert(
    conn: Conn, action_id: UUID, learning_event_id: UUID, form: RecordAction, now: datetime
) -> None:
    await conn.execute(
        """
        INSERT INTO follow_up_action (action_id, learning_event_id, what, owner_role,
                                      owner_person_id, due_on, state, recorded_at)
        VALUES ($1, $2, $3, $4, $5, $6, 'open', $7)
        """,
        action_id,
        learning_event_id,
        form.what,
        form.owner_role,
        form.owner_person_id,
        form.due_on,
        now,
    )


async def _mark(conn: Conn, action_id: UUID, state: ActionState, now: datetime) -> None:
    await conn.execute(
        """
        UPDATE follow_up_action SET state = $2, settled_at = $3
         WHERE action_id = $1 AND state <> $2
        """,
        action_id,
        state,
        None if state is ActionState.OPEN else now,
    )
