"""Messages that were set aside, for an operator to look at: let in again, or given up."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import structlog
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from pdu_shared.access import Role, Who, allow
from pdu_shared.database import Database, transaction
from pdu_shared.forms import Form
from pdu_shared.paging import cut
from pdu_shared.parking import body_of, resolve
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.reading import Flaw, Received, read
from pdu_shared.runtime import Here, Runtime, Store
from pdu_shared.waiting import readmit

router = APIRouter(tags=["kernel"])
log = structlog.get_logger()

ACCESS = {
    "GET /set-aside": allow(Role.OPERATOR),
    "PUT /set-aside/{parked_id}/resolution": allow(Role.OPERATOR),
}
Resolution: TypeAlias = Literal["replayed", "discarded"]
Take: TypeAlias = Callable[[Database, Sequence[Received | Flaw]], Awaitable[None]]


class Aside(BaseModel):
    """A message that was set aside: all but what it says, which may be what nobody should read."""

    parked_id: UUID
    listener: str | None = Field(description="Who could not deal with it; null when nobody got it")
    message_id: UUID | None
    routing_key: str | None
    reason: str
    detail: str = Field(description="Where and of which kind, without any value")
    service_version: str = Field(description="The version that could not deal with it")
    first_seen: datetime
    bytes: int
    resolution: Resolution | None
    resolved_at: datetime | None


class AsideMessages(BaseModel):
    """One page, oldest first. `next` goes into `after` for the following page."""

    items: list[Aside]
    next: UUID | None


class Decision(Form):
    """What becomes of a message that was set aside."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"resolution": "replayed"}]})

    resolution: Resolution


@router.get("/set-aside")
async def set_aside(
    database: Store,
    after: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> AsideMessages:
    """What is set aside and waits for a decision."""
    rows = await database.pool.fetch(
        """
        SELECT parked_id, listener, message_id, routing_key, reason, detail, service_version,
               first_seen, octet_length(body) AS bytes, resolution, resolved_at
          FROM parked
         WHERE resolved_at IS NULL AND ($1::uuid IS NULL OR parked_id > $1)
         ORDER BY parked_id
         LIMIT $2
        """,
        after,
        limit + 1,
    )
    page, following = cut([Aside(**row) for row in rows], limit, lambda one: one.parked_id)
    return AsideMessages(items=page, next=following)


@router.put("/set-aside/{parked_id}/resolution")
async def decide(
    parked_id: UUID, decision: Decision, request: Request, runtime: Here, asking: Who
) -> Aside:
    """Let it in again, when what was wrong is put right; or give it up. The record stays."""
    known = await _one(runtime.database, parked_id)
    if known is None:
        raise NotFound
    if known.resolution == decision.resolution:
        return known
    if known.resolution:
        raise Conflict(f"It was {known.resolution} already.")
    if decision.resolution == "replayed":
        await let_in(runtime, request.app.state.take, parked_id)
    else:
        async with transaction(runtime.database) as conn:
            await resolve(conn, [parked_id], "discarded")
    log.info(
        "set aside no more",
        parked_id=str(parked_id),
        resolution=decision.resolution,
        by=str(asking.sub or asking.client_id),
    )
    decided = await _one(runtime.database, parked_id)
    assert decided is not None, "the rows stay"
    return decided


async def let_in(runtime: Runtime, take: Take, parked_id: UUID) -> None:
    """One listener's message goes to its next try; what could not be read is read again."""
    async with transaction(runtime.database) as conn:
        body = await body_of(conn, parked_id)
        if body is None:
            return
        waits = await readmit(conn, parked_id)
        await resolve(conn, [parked_id], "replayed")
    if not waits:
        sealer = runtime.sealer if runtime.settings.sealing_keys else None
        await take(runtime.database, [read(body, sent_by=None, sealer=sealer)])


async def _one(database: Database, parked_id: UUID) -> Aside | None:
    row = await database.pool.fetchrow(
        """
        SELECT parked_id, listener, message_id, routing_key, reason, detail, service_version,
               first_seen, octet_length(body) AS bytes, resolution, resolved_at
          FROM parked
         WHERE parked_id = $1
        """,
        parked_id,
    )
    return Aside(**row) if row else None
