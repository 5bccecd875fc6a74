"""Rows of plans, and what is told of their objectives."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import asyncpg

from pdu_resources.plan.document import WriteObjective, WritePlan
from pdu_shared.contracts.resources.steering import PlanObjectiveSet
from pdu_shared.database import Conn
from pdu_shared.identity import organisation_id, uuid7
from pdu_shared.problems import NotFound


async def lock_plan(conn: Conn, plan_id: UUID) -> asyncpg.Record:
    """A plan, locked until the transaction ends. Raises NotFound."""
    row = await conn.fetchrow(
        """
        SELECT plan_id, kind, workstream, title, aims, organisation, group_id, starts_on, ends_on,
               state, version
          FROM plan
         WHERE plan_id = $1
           FOR UPDATE
        """,
        plan_id,
    )
    if row is None:
        raise NotFound
    return row


async def objectives_of(conn: Conn, plan_id: UUID) -> list[asyncpg.Record]:
    """The objectives of a plan, in their order."""
    return await conn.fetch(
        """
        SELECT objective_id, wording, measure, partner_plan, due_on, state, set_on
          FROM objective
         WHERE plan_id = $1
         ORDER BY place, objective_id
        """,
        plan_id,
    )


async def insert_plan(conn: Conn, plan_id: UUID, form: WritePlan, now: datetime) -> None:
    """Keep a new plan, without what belongs to it."""
    await conn.execute(
        """
        INSERT INTO plan (plan_id, kind, workstream, title, aims, organisation_id, organisation,
                          group_id, starts_on, ends_on, state, version, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12)
        """,
        plan_id,
        *_columns(form),
        now,
    )


async def update_plan(conn: Conn, plan_id: UUID, form: WritePlan, now: datetime) -> None:
    """Keep a plan as it is now, without what belongs to it."""
    await conn.execute(
        """
        UPDATE plan
           SET kind = $2, workstream = $3, title = $4, aims = $5, organisation_id = $6,
               organisation = $7, group_id = $8, starts_on = $9, ends_on = $10, state = $11,
               version = version + 1, changed_at = $12
         WHERE plan_id = $1
        """,
        plan_id,
        *_columns(form),
        now,
    )


async def keep_parts(conn: Conn, plan_id: UUID, form: WritePlan, today: date) -> None:
    """Keep objectives, milestones and activities as they are written."""
    await _keep_objectives(conn, plan_id, form.objectives, today)
    await conn.execute("DELETE FROM milestone WHERE plan_id = $1", plan_id)
    await conn.executemany(
        """
        INSERT INTO milestone (plan_id, place, wording, due_on, reached_on)
        VALUES ($1, $2, $3, $4, $5)
        """,
        [
            (plan_id, place, one.wording, one.due_on, one.reached_on)
            for place, one in enumerate(form.milestones)
        ],
    )
    await conn.execute("DELETE FROM plan_activity WHERE plan_id = $1", plan_id)
    await conn.executemany(
        """
        INSERT INTO plan_activity (plan_id, kind, activity_id) VALUES ($1, $2, $3)
            ON CONFLICT DO NOTHING
        """,
        [(plan_id, one.kind, one.activity_id) for one in form.activities],
    )


def objective_set(plan: WritePlan, plan_id: UUID, row: asyncpg.Record) -> PlanObjectiveSet:
    """What is told of an objective: no wording."""
    return PlanObjectiveSet(
        objective_id=row["objective_id"],
        plan_id=plan_id,
        plan_kind=plan.kind,
        workstream=plan.workstream,
        partner_plan=row["partner_plan"],
        set_on=row["set_on"],
        due_on=row["due_on"],
        state=row["state"],
    )


async def _keep_objectives(
    conn: Conn, plan_id: UUID, objectives: Sequence[WriteObjective], today: date
) -> None:
    await conn.executemany(
        """
        INSERT INTO objective (objective_id, plan_id, place, wording, measure, partner_plan, due_on,
                               state, set_on)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (objective_id) DO UPDATE
           SET place = excluded.place, wording = excluded.wording, measure = excluded.measure,
               partner_plan = excluded.partner_plan, due_on = excluded.due_on,
               state = excluded.state
        """,
        [
            (
                one.objective_id or uuid7(),
                plan_id,
                place,
                one.wording,
                one.measure,
                one.partner_plan,
                one.due_on,
                one.state,
                today,
            )
            for place, one in enumerate(objectives)
        ],
    )


def _columns(form: WritePlan) -> tuple[object, ...]:
    """The columns of a plan, in the order of the statements."""
    return (
        form.kind,
        form.workstream,
        form.title,
        form.aims,
        organisation_id(form.organisation) if form.organisation else None,
        form.organisation,
        form.group_id,
        form.starts_on,
        form.ends_on,
        form.state,
    )
