"""A coordinator writes pathways down: new ones, and as they are from now on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header
from fastapi.responses import Response

from pdu_resources.pathway.description import (
    DescribePathway,
    DescribeStep,
    NewPathway,
    check,
)
from pdu_resources.pathway.rows import Pathway, PathwayKey, pathway, steps_of
from pdu_resources.pathway.seen import PathwayWithSteps, etag, with_steps
from pdu_shared.database import Conn, transaction
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import derived_id
from pdu_shared.problems import Conflict, NotFound, PreconditionFailed
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["pathways"])


@dataclass(frozen=True, slots=True)
class Seen:
    """Which version whoever edits has seen, and the answer that will tell the next one."""

    if_match: str
    response: Response


async def seen(
    if_match: Annotated[str, Header(description="The ETag of the pathway, as you read it")],
    response: Response,
) -> Seen:
    """The version that whoever makes the present request has seen."""
    return Seen(if_match, response)


@router.post("/pathways", status_code=201, response_model=PathwayWithSteps)
async def create(form: NewPathway, database: Store, asked: Asked, now: Now) -> Response:
    """Describe a new pathway. 409 for a key that is taken."""
    return await once(database, asked, partial(_create, form=form, now=now))


@router.put("/pathways/{pathway_key}")
async def edit(
    pathway_key: PathwayKey,
    form: DescribePathway,
    version: Annotated[Seen, Depends(seen)],
    database: Store,
    now: Now,
) -> PathwayWithSteps:
    """Describe a pathway otherwise. Whoever has completed it has completed it."""
    async with transaction(database) as conn:
        before = await pathway(conn, pathway_key, lock=True)
        if before is None:
            raise NotFound
        if etag(before) != version.if_match:
            raise PreconditionFailed
        await check(conn, form, pathway_key)
        await _update(conn, before.pathway_id, form, now)
        after = await _written(conn, pathway_key)
        version.response.headers["ETag"] = etag(after)
        return await _shown(conn, after)


async def put_in_place(conn: Conn, pathway_key: str, form: DescribePathway, now: datetime) -> bool:
    """Add a pathway with its steps; False if there is one under this key."""
    pathway_id = derived_id("pathway", pathway_key)
    if not await _insert(conn, pathway_id, pathway_key, form, now):
        return False
    await _insert_steps(conn, pathway_id, form.steps)
    return True


async def _create(conn: Conn, *, form: NewPathway, now: datetime) -> Answer:
    await check(conn, form, form.pathway_key)
    if not await put_in_place(conn, form.pathway_key, form, now):
        raise Conflict("There is a pathway under this key already.")
    return Answer.of(await _shown(conn, await _written(conn, form.pathway_key)))


async def _shown(conn: Conn, one: Pathway) -> PathwayWithSteps:
    return with_steps(one, (await steps_of(conn, [one.pathway_id]))[one.pathway_id])


async def _written(conn: Conn, pathway_key: str) -> Pathway:
    written = await pathway(conn, pathway_key)
    assert written is not None, "it was written a moment ago"
    return written


async def _insert(
    conn: Conn, pathway_id: UUID, pathway_key: str, form: DescribePathway, now: datetime
) -> bool:
    """Whether it was new."""
    inserted = await conn.fetchval(
        """
        INSERT INTO pathway (pathway_id, pathway_key, title, summary, role_levels, work_fields,
                             interests, starts_here, gives_badge, state, version, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11)
            ON CONFLICT DO NOTHING
        RETURNING true
        """,
        pathway_id,
        pathway_key,
        form.title,
        form.summary,
        form.role_levels,
        form.work_fields,
        form.interests,
        form.starts_here,
        form.gives_badge,
        form.state,
        now,
    )
    return bool(inserted)


async def _update(conn: Conn, pathway_id: UUID, form: DescribePathway, now: datetime) -> None:
    await conn.execute(
        """
        UPDATE pathway
           SET title = $2, summary = $3, role_levels = $4, work_fields = $5, interests = $6,
               starts_here = $7, gives_badge = $8, state = $9, version = version + 1,
               changed_at = $10
         WHERE pathway_id = $1
        """,
        pathway_id,
        form.title,
        form.summary,
        form.role_levels,
        form.work_fields,
        form.interests,
        form.starts_here,
        form.gives_badge,
        form.state,
        now,
    )
    await conn.execute("DELETE FROM pathway_step WHERE pathway_id = $1", pathway_id)
    await _insert_steps(conn, pathway_id, form.steps)


async def _insert_steps(conn: Conn, pathway_id: UUID, steps: Sequence[DescribeStep]) -> None:
    await conn.executemany(
        """
        INSERT INTO pathway_step (pathway_id, place, kind, ref, title, minutes, optional)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        [
            (pathway_id, place, one.kind, one.ref, one.title, one.minutes, one.optional)
            for place, one in enumerate(steps, start=1)
        ],
    )
