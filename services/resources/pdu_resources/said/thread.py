"""You said, we did: what people said, what came of it, and every step between."""

from datetime import date, datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from pdu_resources.rules.said import NEEDS_WORDS, may_become, ways_from
from pdu_resources.versioned.changes import By, Hand
from pdu_resources.versioned.paging import cut
from pdu_resources.vocabulary.checking import not_in_list
from pdu_shared import outbox
from pdu_shared.access import Role, Who
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.change import SaidState
from pdu_shared.contracts.resources.voice import WeDidReported, YouSaidRecorded
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Day, Form, OneLine, Paragraphs
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import organisation_id, uuid7
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Store

router = APIRouter(tags=["you said, we did"])


class RecordSaid(Form):
    """What people said, in words that everybody may read: without names."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"said": "Nobody tells us when a room is free.", "listed": True}]
        }
    )

    said: Paragraphs
    listed: Annotated[bool, Field(strict=True, description="Everybody may read it")] = False
    learning_event_id: UUID | None = None
    engagement_id: Annotated[
        UUID | None, Field(description="The contribution of an expert that it came from")
    ] = None
    organisation: OneLine | None = None
    workstream: Code | None = None
    said_on: Day | None = Field(default=None, description="Today unless given")


class MoveSaid(Form):
    """How far it has come, and what was done, or why it was not."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"state": "done", "told": "Free rooms are on a board in the hall."}]
        }
    )

    state: SaidState
    told: Paragraphs | None = None


class Filters(Form):
    """Which threads, and which page of them."""

    state: SaidState | None = None
    learning_event_id: UUID | None = None
    workstream: Code | None = None
    after: Annotated[UUID | None, Field(description="`next` of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class Step(BaseModel):
    """One step of a thread."""

    state: SaidState
    told: str | None
    happened_at: datetime


_STEPS = TypeAdapter(list[Step])


class Thread(BaseModel):
    """What people said, and what came of it so far."""

    item_id: UUID
    said: str
    did: str | None
    state: SaidState
    listed: bool
    learning_event_id: UUID | None
    organisation_id: UUID | None
    organisation: str | None
    workstream: str | None
    said_on: date
    steps: list[Step]


class Threads(BaseModel):
    """One page of threads, newest first. `next` goes into `after` for the following page."""

    items: list[Thread]
    next: UUID | None


@router.post("/you-said", status_code=201, response_model=Thread)
async def record(form: RecordSaid, database: Store, asked: Asked, by: By) -> Response:
    """Write down what people said that is to be answered."""
    return await once(database, asked, partial(_record, form=form, by=by))


@router.get("/you-said")
async def threads(asked: Annotated[Filters, Query()], database: Store, caller: Who) -> Threads:
    """What people said and what came of it: everybody reads what is listed, the team all of it."""
    async with database.pool.acquire(timeout=5) as conn:
        found = await _select(conn, asked, everything=caller.has(Role.COORDINATOR))
    items, following = cut(found, asked.limit, lambda one: one.item_id)
    return Threads(items=items, next=following)


@router.put("/you-said/{item_id}/state")
async def move(item_id: UUID, form: MoveSaid, database: Store, by: By) -> Thread:
    """Bring it further, up to that those who said it hear what came of it.

    409 where no way leads to that state. The same state again changes only the words.
    """
    async with transaction(database) as conn:
        row = await _lock(conn, item_id)
        state = SaidState(row["state"])
        if form.state is not state and not may_become(state, form.state):
            ways = ", ".join(ways_from(state))
            raise Conflict(f"What is {state} can become: {ways}.")
        if form.state in NEEDS_WORDS and form.told is None:
            detail = "Say what was done, or why it was not."
            raise Refused(errors=[Fault("/told", "missing", detail)])
        await conn.execute(
            "UPDATE said_item SET state = $2, did = coalesce($3, did) WHERE item_id = $1",
            item_id,
            form.state,
            form.told if form.state in NEEDS_WORDS else None,
        )
        await _step(conn, item_id, form.state, form.told, by)
        row = await _lock(conn, item_id)
        await outbox.add(conn, WeDidReported(**_told(row), changed_on=local_day(by.now)))
        return await _one(conn, item_id)


async def _record(conn: Conn, *, form: RecordSaid, by: Hand) -> Answer:
    faults = await not_in_list(conn, "workstream", [form.workstream], ["/workstream"])
    today = local_day(by.now)
    if form.said_on and form.said_on > today:
        faults.append(Fault("/said_on", "out-of-bounds", "It has to have been said already."))
    if faults:
        raise Refused(errors=faults)
    item_id = uuid7()
    await conn.execute(
        """
        INSERT INTO said_item (item_id, said, state, listed, learning_event_id, engagement_id,
                               organisation_id, organisation, workstream, said_on)
        VALUES ($1, $2, 'said', $3, $4, $5, $6, $7, $8, $9)
        """,
        item_id,
        form.said,
        form.listed,
        form.learning_event_id,
        form.engagement_id,
        organisation_id(form.organisation) if form.organisation else None,
        form.organisation,
        form.workstream,
        form.said_on or today,
    )
    await _step(conn, item_id, SaidState.SAID, None, by)
    await outbox.add(conn, YouSaidRecorded(**_told(await _lock(conn, item_id))))
    return Answer.of(await _one(conn, item_id))


async def _step(conn: Conn, item_id: UUID, state: SaidState, told: str | None, by: Hand) -> None:
    await conn.execute(
        """
        INSERT INTO said_step (step_id, item_id, state, told, happened_at)
        VALUES ($1, $2, $3, $4, $5)
        """,
        uuid7(),
        item_id,
        state,
        told,
        by.now,
    )


async def _lock(conn: Conn, item_id: UUID) -> asyncpg.Record:
    row = await conn.fetchrow(
        """
        SELECT item_id, state, learning_event_id, engagement_id, organisation_id, workstream,
               said_on
          FROM said_item WHERE item_id = $1
           FOR UPDATE
        """,
        item_id,
    )
    if row is None:
        raise NotFound
    return row


def _told(row: asyncpg.Record) -> dict[str, Any]:
    return dict(row)


async def _one(conn: Conn, item_id: UUID) -> Thread:
    [found] = await _select(conn, Filters(limit=1), everything=True, item_id=item_id)
    return found


async def _select(
    conn: Conn, asked: Filters, *, everything: bool, item_id: UUID | None = None
) -> list[Thread]:
    rows = await conn.fetch(
        """
        SELECT item_id, said, did, state, listed, learning_event_id, organisation_id, organisation,
               workstream, said_on,
               (SELECT jsonb_agg(jsonb_build_object('state', step.state, 'told', step.told,
                                                    'happened_at', step.happened_at)
                                 ORDER BY step_id)
                  FROM said_step AS step
                 WHERE step.item_id = said_item.item_id) AS steps
          FROM said_item
         WHERE ($1::uuid IS NULL OR item_id < $1)
           AND ($3::text IS NULL OR state = $3)
           AND ($4::uuid IS NULL OR learning_event_id = $4)
           AND ($5::text IS NULL OR workstream = $5)
           AND ($6 OR listed)
           AND ($7::uuid IS NULL OR item_id = $7)
         ORDER BY item_id DESC
         LIMIT $2
        """,
        asked.after,
        asked.limit + 1,
        asked.state,
        asked.learning_event_id,
        asked.workstream,
        everything,
        item_id,
    )
    return [Thread(**{**row, "steps": _STEPS.validate_json(row["steps"])}) for row in rows]
