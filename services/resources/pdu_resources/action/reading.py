"""Actions to read: all of them for those who steer, one's own for everybody."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from pdu_resources.action.rows import lock_own_action
from pdu_resources.rules.undertaking import is_overdue
from pdu_resources.versioned.paging import cut
from pdu_resources.versioned.seen import etag
from pdu_shared.access import Caller, Role, Who
from pdu_shared.contracts.resources.steering import UndertakingState
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.local_time import local_day
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["actions"])


class Filters(Form):
    """Which actions, and which page of them."""

    meeting_id: UUID | None = None
    objective_id: UUID | None = None
    plan_id: UUID | None = None
    group_id: UUID | None = None
    organisation_id: UUID | None = None
    state: UndertakingState | None = None
    overdue: Annotated[bool, Field(description="Only those that should have been done by now")] = (
        False
    )
    after: Annotated[UUID | None, Field(description="`next` of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class Action(BaseModel):
    """What somebody is to do. Who it is, is named by seat, membership, organisation or role."""

    action_id: UUID
    meeting_id: UUID | None
    objective_id: UUID | None
    group_id: UUID | None
    what: str
    seat_id: UUID | None
    membership_id: UUID | None
    organisation: str | None
    role: str | None
    set_on: date
    due_on: date
    state: UndertakingState
    percent: int
    note: str | None
    overdue: bool
    version: int


class Actions(BaseModel):
    """One page of actions. `next` goes into `after` for the following page."""

    items: list[Action]
    next: UUID | None


@router.get("/actions")
async def actions(asked: Annotated[Filters, Query()], database: Store, now: Now) -> Actions:
    """All actions, those due soonest first."""
    return await _page(database, asked, None, local_day(now))


@router.get("/actions/mine")
async def mine(
    asked: Annotated[Filters, Query()], database: Store, caller: Who, now: Now
) -> Actions:
    """The actions that are yours, those due soonest first.

    Yours are those of your seat, of your membership, and of the organisation that you lead.
    """
    return await _page(database, asked, caller, local_day(now))


@router.get("/actions/{action_id}")
async def one(
    action_id: UUID, database: Store, caller: Who, now: Now, response: Response
) -> Action:
    """One action that is yours to report on. Whoever does sends the ETag back."""
    async with transaction(database) as conn:
        await lock_own_action(conn, action_id, caller)
        [found] = await _select(conn, Filters(limit=1), None, local_day(now), action_id)
    response.headers["ETag"] = etag(found.version)
    return found


async def _page(database: Store, asked: Filters, caller: Caller | None, today: date) -> Actions:
    async with database.pool.acquire(timeout=5) as conn:
        found = await _select(conn, asked, caller, today)
    page, following = cut(found, asked.limit, lambda one: one.action_id)
    return Actions(items=page, next=following)


async def _select(
    conn: Conn,
    asked: Filters,
    caller: Caller | None,
    today: date,
    action_id: UUID | None = None,
) -> list[Action]:
    """One action more than the page holds; only the caller's own, if there is one."""
    leads = caller.organisation_id if caller and caller.has(Role.ORGANISATION_LEAD) else None
    rows = await conn.fetch(
        """
        SELECT action_id, meeting_id, objective_id, action.group_id, what, seat_id, membership_id,
               action.organisation, role, set_on, due_on, state, percent, note, action.version
          FROM action
          LEFT JOIN seat USING (seat_id)
          LEFT JOIN working_group_member AS member USING (membership_id)
         WHERE ($1::uuid IS NULL OR meeting_id = $1)
           AND ($2::uuid IS NULL OR objective_id = $2)
           AND ($3::uuid IS NULL OR objective_id IN (SELECT objective_id FROM objective
                                                      WHERE plan_id = $3))
           AND ($4::uuid IS NULL OR action.group_id = $4)
           AND ($5::uuid IS NULL OR action.organisation_id = $5)
           AND ($6::text IS NULL OR state = $6)
           AND (NOT $7 OR (due_on < $8 AND state NOT IN ('done', 'not_done')))
           AND ($9 OR seat.person_id = $10 OR action.organisation_id = $11
                OR (member.person_id = $10 AND member.left_on IS NULL))
           AND ($12::uuid IS NULL
                OR (due_on, action_id)
                   > ((SELECT due_on FROM action WHERE action_id = $12), $12))
           AND ($13::uuid IS NULL OR action_id = $13)
         ORDER BY due_on, action_id
         LIMIT $14
        """,
        asked.meeting_id,
        asked.objective_id,
        asked.plan_id,
        asked.group_id,
        asked.organisation_id,
        asked.state,
        asked.overdue,
        today,
        caller is None,
        caller.sub if caller else None,
        leads,
        asked.after,
        action_id,
        asked.limit + 1,
    )
    return [
        Action(**row, overdue=is_overdue(UndertakingState(row["state"]), row["due_on"], today))
        for row in rows
    ]
