"""A member sets out on a pathway, and sees what is done, what comes next, and what would suit."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_resources.member.same_person import ids_of
from pdu_resources.pathway.rows import Pathway, PathwayKey, StepRow, pathway, published, steps_of
from pdu_resources.pathway.seen import PathwaySeen, StepSeen, in_list, step_seen
from pdu_resources.pathway.settling import settle
from pdu_resources.rules.pathway import Aim, Looking, next_step, suggested
from pdu_resources.rules.project_year import local_date
from pdu_resources.usage.activity import account_of
from pdu_shared import outbox
from pdu_shared.access import Who
from pdu_shared.contracts.resources.learning import PathwayStarted
from pdu_shared.database import Conn, transaction
from pdu_shared.identity import uuid7
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["pathways"])


class StepOnTheWay(StepSeen):
    """A step, and whether I have done it."""

    done: bool


class OnTheWay(BaseModel):
    """How far I am on a pathway."""

    pathway_key: str
    title: str
    started_at: datetime | None = Field(description="None before I set out")
    completed_at: datetime | None
    steps: list[StepOnTheWay]
    next_step: int | None = Field(description="The place of the step that comes next")


class MyPathways(BaseModel):
    """The pathways I am on, those I completed, and three at most that would suit me."""

    under_way: list[OnTheWay]
    completed: list[OnTheWay]
    suggested: list[PathwaySeen]


@router.get("/my-pathways")
async def my_pathways(database: Store, caller: Who) -> MyPathways:
    """My pathways, and what would suit me by my role, my field and my interests."""
    async with database.pool.acquire(timeout=5) as conn:
        person_id = await account_of(conn, caller)
        mine = await ids_of(conn, person_id)
        begun = {one["pathway_key"]: one for one in await enrolments(conn, mine)}
        known = await published(conn)
        on_the_way = [await _on_the_way(conn, key, begun[key], mine) for key in begun]
        others = {one.pathway_key: one for one in known if one.pathway_key not in begun}
        aims = [_aim(one) for one in others.values()]
        fitting = suggested(aims, await _looking(conn, mine, is_new=not begun))
        steps = await steps_of(conn, [others[key].pathway_id for key in fitting])
    return MyPathways(
        under_way=[one for one in on_the_way if not one.completed_at],
        completed=[one for one in on_the_way if one.completed_at],
        suggested=[in_list(others[key], steps[others[key].pathway_id]) for key in fitting],
    )


@router.get("/pathways/{pathway_key}/progress")
async def progress(pathway_key: PathwayKey, database: Store, caller: Who) -> OnTheWay:
    """How far I am on a pathway; what I did before I set out counts."""
    async with database.pool.acquire(timeout=5) as conn:
        mine = await ids_of(conn, await account_of(conn, caller))
        return await _on_the_way(conn, pathway_key, await _enrolment(conn, mine, pathway_key), mine)


@router.put("/pathways/{pathway_key}/progress")
async def set_out(pathway_key: PathwayKey, database: Store, caller: Who, now: Now) -> OnTheWay:
    """Set out on a pathway. Twice is once; what I did before counts."""
    async with transaction(database) as conn:
        person_id = await account_of(conn, caller)
        mine = await ids_of(conn, person_id)
        if await _enrolment(conn, mine, pathway_key) is None:
            found = await pathway(conn, pathway_key)
            if found is None or found.state != "published":
                raise NotFound
            await _begin(conn, found, person_id, now)
        await settle(conn, person_id, now=now)
        return await _on_the_way(conn, pathway_key, await _enrolment(conn, mine, pathway_key), mine)


async def enrolments(conn: Conn, person_ids: Sequence[UUID]) -> list[asyncpg.Record]:
    """The pathways that somebody set out on; under two ids, the one that is further."""
    return await conn.fetch(
        """
        SELECT DISTINCT ON (pathway_id)
               enrolment_id, pathway_id, pathway_key, title, started_at, completed_at
          FROM enrolment JOIN pathway USING (pathway_id)
         WHERE person_id = ANY ($1::uuid[])
         ORDER BY pathway_id, completed_at, started_at
        """,
        list(person_ids),
    )


async def _enrolment(
    conn: Conn, person_ids: Sequence[UUID], pathway_key: str
) -> asyncpg.Record | None:
    found = await enrolments(conn, person_ids)
    return next((one for one in found if one["pathway_key"] == pathway_key), None)


async def _on_the_way(
    conn: Conn, pathway_key: str, enrolment: asyncpg.Record | None, mine: Sequence[UUID]
) -> OnTheWay:
    found = await pathway(conn, pathway_key)
    if found is None or (enrolment is None and found.state != "published"):
        raise NotFound
    steps = (await steps_of(conn, [found.pathway_id], mine))[found.pathway_id]
    return OnTheWay(
        pathway_key=found.pathway_key,
        title=found.title,
        started_at=enrolment and enrolment["started_at"],
        completed_at=enrolment and enrolment["completed_at"],
        steps=[_step(step) for step in steps],
        next_step=next_step([step.step for step in steps]),
    )


def _step(step: StepRow) -> StepOnTheWay:
    return StepOnTheWay(**step_seen(step).model_dump(), done=step.done)


def _aim(one: Pathway) -> Aim:
    return Aim(
        one.pathway_key,
        frozenset(one.role_levels),
        frozenset(one.work_fields),
        frozenset(one.interests),
        one.starts_here,
    )


async def _looking(conn: Conn, person_ids: Sequence[UUID], *, is_new: bool) -> Looking:
    row = await conn.fetchrow(
        """
        SELECT role_level, work_field, interests
          FROM member
         WHERE person_id = ANY ($1::uuid[])
         ORDER BY closed_at DESC NULLS FIRST, registered_at DESC
         LIMIT 1
        """,
        list(person_ids),
    )
    if row is None:
        return Looking(is_new=is_new)
    interests = frozenset(row["interests"])
    return Looking(row["role_level"], row["work_field"], interests, is_new=is_new)


async def _begin(conn: Conn, found: Pathway, person_id: UUID, now: datetime) -> None:
    """Set out; of two who do so at once for one person, one does."""
    enrolment_id = uuid7()
    begun = await conn.fetchval(
        """
        INSERT INTO enrolment (enrolment_id, person_id, pathway_id, started_at)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT DO NOTHING
        RETURNING true
        """,
        enrolment_id,
        person_id,
        found.pathway_id,
        now,
    )
    if begun:
        started = PathwayStarted(
            enrolment_id=enrolment_id,
            pathway_id=found.pathway_id,
            pathway_key=found.pathway_key,
            person_id=person_id,
            started_on=local_date(now),
        )
        await outbox.add(conn, started)
