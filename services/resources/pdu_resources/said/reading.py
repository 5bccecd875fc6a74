"""Reading what people said, and every step of what came of it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, TypeAdapter

from pdu_resources.versioned.paging import cut
from pdu_shared.access import Role, Who
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.change import SaidState
from pdu_shared.database import Conn
from pdu_shared.forms import Form
from pdu_shared.runtime import Store

router = APIRouter(tags=["you said, we did"])


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


@router.get("/you-said")
async def threads(asked: Annotated[Filters, Query()], database: Store, caller: Who) -> Threads:
    """What people said and what came of it: everybody reads what is listed, the team all of it."""
    async with database.pool.acquire(timeout=5) as conn:
        found = await _select(conn, asked, everything=caller.has(Role.COORDINATOR))
    items, following = cut(found, asked.limit, lambda one: one.item_id)
    return Threads(items=items, next=following)


async def one_thread(conn: Conn, item_id: UUID) -> Thread:
    """A thread that is there, listed or not."""
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
