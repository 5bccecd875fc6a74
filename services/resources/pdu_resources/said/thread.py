"""Writing down what people said, and every step of what comes of it."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from pdu_resources.rules.said import NEEDS_WORDS, may_become, ways_from
from pdu_resources.said.reading import Thread, one_thread
from pdu_resources.versioned.changes import By, Hand
from pdu_resources.vocabulary.checking import not_in_list
from pdu_shared import outbox
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


@router.post("/you-said", status_code=201, response_model=Thread)
async def record(form: RecordSaid, database: Store, asked: Asked, by: By) -> Response:
    """Write down what people said that is to be answered."""
    return await once(database, asked, partial(_record, form=form, by=by))


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
        return await one_thread(conn, item_id)


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
    return Answer.of(await one_thread(conn, item_id))


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
