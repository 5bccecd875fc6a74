"""What every service answers beside its own work: is it alive, is it ready, what does it speak."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from pdu_shared import telemetry
from pdu_shared.contracts import MESSAGES
from pdu_shared.contracts.message import schema
from pdu_shared.database import UNAVAILABLE, Conn, is_migrated
from pdu_shared.problems import NotFound, Refused, Unavailable
from pdu_shared.runtime import Here, Runtime, Store

LATE_AFTER = 60.0
"""Seconds that a promise may wait before readiness says `degraded`."""

router = APIRouter(tags=["kernel"])


class Readiness(BaseModel):
    """Whether a service can work; what is late while it does."""

    status: Literal["ready", "degraded"]
    reasons: list[str]


class Handled(BaseModel):
    """What a service did with a message."""

    message_id: UUID
    state: Literal["done", "stale", "waiting", "parked"]
    handled_at: datetime


class HandledMessages(BaseModel):
    """The messages asked for that have reached this service."""

    handled: list[Handled]


@router.get("/livez")
async def livez(runtime: Here) -> dict[str, str]:
    """Whether relay, consumer and workers are running. 503 means: restart this process."""
    dead = sorted(name for name, task in runtime.tasks.items() if task.done())
    if dead:
        raise Unavailable(f"Stopped: {', '.join(dead)}.")
    return {"status": "alive"}


@router.get("/readyz")
async def readyz(runtime: Here) -> Readiness:
    """Whether requests can be served. Without the broker they can: messages are late, not lost."""
    try:
        async with runtime.database.pool.acquire(timeout=2) as conn:
            if not await is_migrated(conn, ["pdu_shared", f"pdu_{runtime.service}"]):
                raise Unavailable("The database schema is older than this version.")
            oldest = await telemetry.observe_outbox(conn)
    except UNAVAILABLE:
        raise Unavailable("The database does not answer.") from None
    reasons = [f"{name} has no broker" for name in _without_broker(runtime)]
    if oldest > LATE_AFTER:
        reasons.append("messages wait to be published")
    return Readiness(status="degraded" if reasons else "ready", reasons=reasons)


@router.get("/metrics", include_in_schema=False)
async def metrics(runtime: Here) -> Response:
    """Prometheus metrics."""
    try:
        async with runtime.database.pool.acquire(timeout=2) as conn:
            await telemetry.observe_outbox(conn)
            await telemetry.observe_parked(conn)
    except UNAVAILABLE:
        telemetry.DATABASE_UP.set(0)
    return Response(generate_latest(telemetry.REGISTRY), media_type=CONTENT_TYPE_LATEST)


@router.get("/asyncapi.json", include_in_schema=False)
async def asyncapi(request: Request) -> JSONResponse:
    """What this service tells and hears (AsyncAPI 3)."""
    return JSONResponse(request.app.state.asyncapi)


@router.get("/schemas/{name}", include_in_schema=False)
async def message_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a message's data, by its routing key."""
    if name not in MESSAGES:
        raise NotFound
    return schema(MESSAGES[name])


@router.get("/inbox")
async def inbox(
    database: Store,
    ids: Annotated[str, Query(description="Up to 100 message ids, with commas between them.")],
) -> HandledMessages:
    """What this service did with some messages, for whoever watches them go by."""
    try:
        wanted = [UUID(one) for one in ids.split(",")][:100]
    except ValueError:
        raise Refused("These are not message ids.") from None
    async with database.pool.acquire(timeout=2) as conn:
        return HandledMessages(handled=await _handled(conn, wanted))


def _without_broker(runtime: Runtime) -> list[str]:
    return sorted(name for name, up in runtime.reaches_broker.items() if not up.is_set())


async def _handled(conn: Conn, wanted: list[UUID]) -> list[Handled]:
    # A message for several listeners is as far as the least advanced of them.
    rows = await conn.fetch(
        """
        SELECT message_id, max(received_at) AS handled_at,
               CASE WHEN bool_or(state = 'parked')  THEN 'parked'
                    WHEN bool_or(state = 'waiting') THEN 'waiting'
                    WHEN bool_and(state = 'stale')  THEN 'stale'
                    ELSE 'done' END AS state
          FROM inbox
         WHERE message_id = ANY ($1::uuid[])
         GROUP BY message_id
        """,
        wanted,
    )
    return [Handled(**row) for row in rows]
