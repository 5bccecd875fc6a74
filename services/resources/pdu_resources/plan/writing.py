"""Writing a plan: as a whole, so that whoever agrees to it agrees to all of it."""

from functools import partial
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from fastapi.responses import Response

from pdu_resources.plan.document import Plan, WritePlan
from pdu_resources.plan.reading import one_plan
from pdu_resources.plan.rows import (
    insert_plan,
    keep_parts,
    lock_plan,
    objective_set,
    objectives_of,
    update_plan,
)
from pdu_resources.rules.plan import troubles
from pdu_resources.versioned.changes import By, Hand, differing, note
from pdu_resources.versioned.seen import Version
from pdu_resources.vocabulary.checking import not_in_list
from pdu_shared import outbox
from pdu_shared.contracts.resources.steering import PlanKind, UndertakingState
from pdu_shared.database import Conn, transaction
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Store

router = APIRouter(tags=["plans"])


@router.post("/plans", status_code=201, response_model=Plan)
async def write(form: WritePlan, database: Store, asked: Asked, by: By) -> Response:
    """Write a plan of a work stream, or a programme of change."""
    return await once(database, asked, partial(_write, form=form, by=by))


@router.put("/plans/{plan_id}")
async def write_anew(
    plan_id: UUID, form: WritePlan, version: Version, database: Store, by: By
) -> Plan:
    """Write a plan anew, as a whole. Its objectives stay, with what became of them.

    409 if it would become another kind of plan. 412 when somebody else changed it in the meantime.
    """
    async with transaction(database) as conn:
        row = await lock_plan(conn, plan_id)
        version.check(row["version"])
        if PlanKind(row["kind"]) is not form.kind:
            raise Conflict("A plan stays of its kind: write another one.")
        before = {one["objective_id"]: one for one in await objectives_of(conn, plan_id)}
        await _check(conn, form, before)
        await update_plan(conn, plan_id, form, by.now)
        await keep_parts(conn, plan_id, form, local_day(by.now))
        await note(conn, "plan", plan_id, _was(row, form, before), by)
        await _tell(conn, plan_id, form, before, row["workstream"] != form.workstream)
        found = await one_plan(conn, plan_id, local_day(by.now))
    version.renew(found.version)
    return found


async def _write(conn: Conn, *, form: WritePlan, by: Hand) -> Answer:
    await _check(conn, form, {})
    plan_id = uuid7()
    await insert_plan(conn, plan_id, form, by.now)
    await keep_parts(conn, plan_id, form, local_day(by.now))
    await _tell(conn, plan_id, form, {}, anyway=True)
    return Answer.of(await one_plan(conn, plan_id, local_day(by.now)))


async def _check(conn: Conn, form: WritePlan, before: dict[UUID, asyncpg.Record]) -> None:
    there = {key: UndertakingState(row["state"]) for key, row in before.items()}
    written = [(one.objective_id, one.state) for one in form.objectives]
    faults = await not_in_list(conn, "workstream", [form.workstream], ["/workstream"])
    faults += [
        Fault(
            "/objectives" if one.place is None else f"/objectives/{one.place}",
            one.code,
            one.detail,
        )
        for one in troubles(there, written)
    ]
    if form.group_id and not await _is_group(conn, form.group_id):
        faults.append(Fault("/group_id", "unknown-group", "There is no such working group."))
    if faults:
        raise Refused(errors=faults)


async def _is_group(conn: Conn, group_id: UUID) -> bool:
    found: bool = await conn.fetchval(
        "SELECT EXISTS (SELECT FROM working_group WHERE group_id = $1)", group_id
    )
    return found


def _was(
    row: asyncpg.Record, form: WritePlan, before: dict[UUID, asyncpg.Record]
) -> dict[str, object]:
    """What is another now: of the plan itself, and of its objectives."""
    changed = [
        {"objective_id": one.objective_id, **was}
        for one in form.objectives
        if one.objective_id and (was := differing(before[one.objective_id], dict(one)))
    ]
    return {**differing(row, dict(form)), **({"objectives": changed} if changed else {})}


async def _tell(
    conn: Conn,
    plan_id: UUID,
    form: WritePlan,
    before: dict[UUID, asyncpg.Record],
    anyway: bool,  # noqa: FBT001 - of one caller that knows
) -> None:
    """Tell of the objectives that are new, or of which a fact is another."""
    told = [
        objective_set(form, plan_id, row)
        for row in await objectives_of(conn, plan_id)
        if anyway
        or (was := before.get(row["objective_id"])) is None
        or any(was[name] != row[name] for name in ("state", "due_on", "partner_plan"))
    ]
    await outbox.add(conn, *told)
