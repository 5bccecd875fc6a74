"""Writing a change down, and what one wrote down oneself."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from pdu_resources.impact.form import Impact, RecordImpact
from pdu_resources.impact.rows import columns_of, impact_of, insert_impact, seen, told_of
from pdu_resources.versioned.changes import By, Hand
from pdu_resources.versioned.paging import cut
from pdu_resources.versioned.seen import etag
from pdu_resources.vocabulary.checking import not_in_list, places
from pdu_shared import outbox
from pdu_shared.access import Caller, Role, Who
from pdu_shared.contracts.resources.change import ChangeLevel, SystemChangeAim
from pdu_shared.contracts.resources.impact import ImpactRecorded
from pdu_shared.database import Conn
from pdu_shared.forms import Form
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import organisation_id, uuid7
from pdu_shared.local_time import local_day
from pdu_shared.problems import Fault, NotFound, Refused
from pdu_shared.runtime import Store

READERS = (Role.COORDINATOR, Role.EVALUATOR, Role.STEERING_GROUP)

router = APIRouter(tags=["impact"])


class Filters(Form):
    """Which records, and which page of them."""

    level: ChangeLevel | None = None
    aim: SystemChangeAim | None = None
    after: Annotated[UUID | None, Field(description="`next` of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class Impacts(BaseModel):
    """One page of records, newest first. `next` goes into `after` for the following page."""

    items: list[Impact]
    next: UUID | None


@router.post("/impacts", status_code=201, response_model=Impact)
async def record(form: RecordImpact, database: Store, asked: Asked, by: By) -> Response:
    """Write down that something changed. Nobody reads it but those who verify and code it."""
    return await once(database, asked, partial(_record, form=form, by=by))


@router.get("/impacts")
async def impacts(asked: Annotated[Filters, Query()], database: Store, caller: Who) -> Impacts:
    """Records: all of them for those who verify and code, one's own for everybody else."""
    rows = await database.pool.fetch(
        """
        SELECT impact_id, what, other_factors, kind, level, depth, contribution_class,
               expectedness, aims, hls, pie, outcomes, evidence, workstreams, organisation_id,
               organisation, learning_event_ids, happened_on, recorded_by, recorded_at,
               verified_by, verified_at, coded_at, may_publish, title, summary, published_at,
               withdrawn_at, version
          FROM impact_record
         WHERE ($1::uuid IS NULL OR impact_id < $1)
           AND ($3 OR recorded_by = $4)
           AND ($5::text IS NULL OR level = $5)
           AND ($6::text IS NULL OR $6 = ANY (aims))
         ORDER BY impact_id DESC
         LIMIT $2
        """,
        asked.after,
        asked.limit + 1,
        caller.has(*READERS),
        caller.sub,
        asked.level,
        asked.aim,
    )
    items, following = cut([seen(row) for row in rows], asked.limit, lambda one: one.impact_id)
    return Impacts(items=items, next=following)


@router.get("/impacts/{impact_id}")
async def impact(impact_id: UUID, database: Store, caller: Who, response: Response) -> Impact:
    """One record. Whoever codes it sends the ETag back."""
    async with database.pool.acquire(timeout=5) as conn, conn.transaction():
        found = await impact_of(conn, impact_id)
        if not (caller.has(*READERS) or await _is_own(conn, impact_id, caller)):
            raise NotFound
    response.headers["ETag"] = etag(found.version)
    return found


async def check(conn: Conn, workstreams: tuple[str, ...]) -> None:
    """Raise Refused where a work stream is not in the list."""
    codes = list(workstreams)
    faults = await not_in_list(conn, "workstream", codes, places("/workstreams", codes))
    if faults:
        raise Refused(errors=faults)


async def _record(conn: Conn, *, form: RecordImpact, by: Hand) -> Answer:
    await check(conn, form.workstreams)
    today = local_day(by.now)
    happened_on = form.happened_on or today
    if happened_on > today:
        raise Refused(
            errors=[Fault("/happened_on", "out-of-bounds", "It has to have happened already.")]
        )
    impact_id = uuid7()
    told = {
        "what": form.what,
        "organisation_id": organisation_id(form.organisation) if form.organisation else None,
        "organisation": form.organisation,
        "learning_event_ids": sorted({*form.learning_event_ids}),
        "happened_on": happened_on,
        "may_publish": form.may_publish,
        "recorded_by": by.by,
        "recorded_at": by.now,
    }
    await insert_impact(conn, impact_id, columns_of(form), told)
    found = await impact_of(conn, impact_id)
    await outbox.add(conn, ImpactRecorded(**told_of(found)))
    return Answer.of(found)


async def _is_own(conn: Conn, impact_id: UUID, caller: Caller) -> bool:
    found: bool = await conn.fetchval(
        """
        SELECT EXISTS (SELECT FROM impact_record WHERE impact_id = $1 AND recorded_by = $2)
        """,
        impact_id,
        caller.sub,
    )
    return found
