"""Plans to read, each with how far it has come."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from pdu_resources.plan.document import (
    ActivitySeen,
    MilestoneSeen,
    ObjectiveSeen,
    Plan,
    PlanLine,
    PlanLines,
    PlanState,
)
from pdu_resources.versioned.paging import cut
from pdu_resources.versioned.seen import etag
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.steering import PlanKind
from pdu_shared.database import Conn
from pdu_shared.forms import Form
from pdu_shared.local_time import local_day
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["plans"])


class Filters(Form):
    """Which plans, and which page of them."""

    kind: PlanKind | None = None
    workstream: Code | None = None
    state: PlanState | None = None
    after: Annotated[UUID | None, Field(description="`next` of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


@router.get("/plans")
async def plans(asked: Annotated[Filters, Query()], database: Store) -> PlanLines:
    """The plans, newest first."""
    async with database.pool.acquire(timeout=5) as conn:
        found = [PlanLine(**row) for row in await _lines(conn, asked)]
    page, following = cut(found, asked.limit, lambda one: one.plan_id)
    return PlanLines(items=page, next=following)


@router.get("/plans/{plan_id}")
async def plan(plan_id: UUID, database: Store, now: Now, response: Response) -> Plan:
    """One plan as a whole. Whoever writes it anew sends the ETag back."""
    async with database.pool.acquire(timeout=5) as conn:
        found = await one_plan(conn, plan_id, local_day(now))
    response.headers["ETag"] = etag(found.version)
    return found


async def one_plan(conn: Conn, plan_id: UUID, today: date) -> Plan:
    """A plan with all that belongs to it. Raises NotFound."""
    lines = await _lines(conn, Filters(limit=1), plan_id)
    if not lines:
        raise NotFound
    milestones = await conn.fetch(
        "SELECT wording, due_on, reached_on FROM milestone WHERE plan_id = $1 ORDER BY place",
        plan_id,
    )
    activities = await conn.fetch(
        """
        SELECT kind, activity_id FROM plan_activity WHERE plan_id = $1 ORDER BY kind, activity_id
        """,
        plan_id,
    )
    return Plan(
        **lines[0],
        objectives=await _objectives(conn, plan_id, today),
        milestones=[MilestoneSeen(**row) for row in milestones],
        activities=[ActivitySeen(**row) for row in activities],
    )


async def _objectives(conn: Conn, plan_id: UUID, today: date) -> list[ObjectiveSeen]:
    rows = await conn.fetch(
        """
        SELECT objective_id, wording, measure, partner_plan, due_on, state,
               did.actions, did.actions_settled, did.actions_overdue
          FROM objective
         CROSS JOIN LATERAL (
            SELECT count(*) AS actions,
                   count(*) FILTER (WHERE action.state IN ('done', 'not_done')) AS actions_settled,
                   count(*) FILTER (WHERE action.state NOT IN ('done', 'not_done')
                                      AND action.due_on < $2) AS actions_overdue
              FROM action
             WHERE action.objective_id = objective.objective_id) AS did
         WHERE plan_id = $1
         ORDER BY place, objective_id
        """,
        plan_id,
        today,
    )
    return [ObjectiveSeen(**row) for row in rows]


async def _lines(
    conn: Conn, asked: Filters, plan_id: UUID | None = None
) -> list[dict[str, object]]:
    rows = await conn.fetch(
        """
        SELECT plan_id, kind, workstream, title, aims, organisation, group_id, starts_on, ends_on,
               state, version, wanted.objectives_set, wanted.objectives_done, way.milestones_set,
               way.milestones_reached
          FROM plan
         CROSS JOIN LATERAL (
            SELECT count(*) AS objectives_set,
                   count(*) FILTER (WHERE objective.state = 'done') AS objectives_done
              FROM objective
             WHERE objective.plan_id = plan.plan_id) AS wanted
         CROSS JOIN LATERAL (
            SELECT count(*) AS milestones_set, count(reached_on) AS milestones_reached
              FROM milestone
             WHERE milestone.plan_id = plan.plan_id) AS way
         WHERE ($1::text IS NULL OR kind = $1)
           AND ($2::text IS NULL OR workstream = $2)
           AND ($3::text IS NULL OR state = $3)
           AND ($4::uuid IS NULL OR plan_id < $4)
           AND ($5::uuid IS NULL OR plan_id = $5)
         ORDER BY plan_id DESC
         LIMIT $6
        """,
        asked.kind,
        asked.workstream,
        asked.state,
        asked.after,
        plan_id,
        asked.limit + 1,
    )
    return [dict(row) for row in rows]
