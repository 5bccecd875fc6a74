"""The log of strategic influence: in which forum, on which strategy, and with what result."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.versioned.changes import By, Hand
from pdu_resources.versioned.paging import After, Limit, cut
from pdu_resources.versioned.seen import Version, etag
from pdu_shared import outbox
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.outcome import StrategicInfluenceLogged
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Day, Form, Paragraphs
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.local_time import local_day
from pdu_shared.problems import Fault, NotFound, Refused
from pdu_shared.runtime import Store

router = APIRouter(tags=["outcomes map"])


class LogInfluence(Form):
    """A contribution to a strategy. The result can be added when it is known."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "forum": "icp_board",
                    "strategy": "joint_needs_assessment",
                    "contribution": "Told what experts by experience had said of thresholds.",
                }
            ]
        }
    )

    forum: Code
    strategy: Code
    contribution: Paragraphs
    result: Paragraphs | None = None
    influenced: Annotated[bool | None, Field(strict=True)] = None
    happened_on: Day | None = Field(default=None, description="Today unless given")


class Influence(BaseModel):
    """A contribution to a strategy."""

    influence_id: UUID
    forum: str
    strategy: str
    contribution: str
    result: str | None
    influenced: bool | None
    happened_on: date
    version: int


class Influences(BaseModel):
    """One page of the log, newest first."""

    items: list[Influence]
    next: UUID | None


@router.post("/strategic-influences", status_code=201, response_model=Influence)
async def log_it(form: LogInfluence, database: Store, asked: Asked, by: By) -> Response:
    """Write down where the unit contributed to a strategy."""
    return await once(database, asked, partial(_log, form=form, by=by))


@router.get("/strategic-influences")
async def influences(database: Store, after: After = None, limit: Limit = 20) -> Influences:
    """The log."""
    async with database.pool.acquire(timeout=5) as conn:
        found = await _select(conn, after=after, limit=limit)
    items, following = cut(found, limit, lambda one: one.influence_id)
    return Influences(items=items, next=following)


@router.get("/strategic-influences/{influence_id}")
async def influence(influence_id: UUID, database: Store, response: Response) -> Influence:
    """One entry. Whoever changes it sends the ETag back."""
    async with database.pool.acquire(timeout=5) as conn:
        found = await _one(conn, influence_id)
    response.headers["ETag"] = etag(found.version)
    return found


@router.put("/strategic-influences/{influence_id}")
async def write_anew(
    influence_id: UUID, form: LogInfluence, version: Version, database: Store, by: By
) -> Influence:
    """Write an entry anew, such as with its result. 412 when somebody else did in the meantime."""
    async with transaction(database) as conn:
        await conn.execute(
            "SELECT FROM strategic_influence WHERE influence_id = $1 FOR UPDATE", influence_id
        )
        kept = await _one(conn, influence_id)
        version.check(kept.version)
        await conn.execute(
            """
            UPDATE strategic_influence
               SET forum = $2, strategy = $3, contribution = $4, result = $5, influenced = $6,
                   happened_on = $7, version = version + 1
             WHERE influence_id = $1
            """,
            influence_id,
            *_columns(form, kept.happened_on, by),
        )
        found = await _one(conn, influence_id)
        await outbox.add(conn, _told(found))
    version.renew(found.version)
    return found


async def _log(conn: Conn, *, form: LogInfluence, by: Hand) -> Answer:
    influence_id = uuid7()
    await conn.execute(
        """
        INSERT INTO strategic_influence (influence_id, forum, strategy, contribution, result,
                                         influenced, happened_on, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 1)
        """,
        influence_id,
        *_columns(form, local_day(by.now), by),
    )
    found = await _one(conn, influence_id)
    await outbox.add(conn, _told(found))
    return Answer.of(found)


def _columns(form: LogInfluence, otherwise: date, by: Hand) -> tuple[object, ...]:
    happened_on = form.happened_on or otherwise
    if happened_on > local_day(by.now):
        raise Refused(errors=[Fault("/happened_on", "out-of-bounds", "Not in the future.")])
    return (
        form.forum, form.strategy, form.contribution, form.result, form.influenced, happened_on,
    )  # fmt: skip


def _told(found: Influence) -> StrategicInfluenceLogged:
    return StrategicInfluenceLogged(
        influence_id=found.influence_id,
        forum=found.forum,
        strategy=found.strategy,
        influenced=found.influenced,
        happened_on=found.happened_on,
    )


async def _one(conn: Conn, influence_id: UUID) -> Influence:
    found = await _select(conn, influence_id=influence_id)
    if not found:
        raise NotFound
    return found[0]


async def _select(
    conn: Conn,
    *,
    influence_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 1,
) -> list[Influence]:
    rows = await conn.fetch(
        """
        SELECT influence_id, forum, strategy, contribution, result, influenced, happened_on, version
          FROM strategic_influence
         WHERE ($1::uuid IS NULL OR influence_id = $1)
           AND ($2::uuid IS NULL OR influence_id < $2)
         ORDER BY influence_id DESC
         LIMIT $3
        """,
        influence_id,
        after,
        limit + 1,
    )
    return [Influence(**row) for row in rows]
