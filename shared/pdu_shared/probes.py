"""What every service answers beside its own work: is it alive, is it ready, what does it speak."""

from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from pdu_shared import telemetry
from pdu_shared.access import PUBLIC
from pdu_shared.contracts import MESSAGES
from pdu_shared.contracts.message import schema
from pdu_shared.database import UNAVAILABLE, Conn, is_migrated
from pdu_shared.problems import NotFound, Unavailable
from pdu_shared.runtime import Here, Runtime, Store

LATE_AFTER = 60.0
"""Seconds that a promise may wait before readiness says `degraded`."""

ACCESS = {
    "GET /livez": PUBLIC,
    "GET /readyz": PUBLIC,
    "GET /metrics": PUBLIC,
    "GET /asyncapi.json": PUBLIC,
    "GET /schemas/{name}": PUBLIC,
    "GET /inbox": PUBLIC,
}

_UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

MessageIds = Annotated[
    str,
    Query(
        pattern=f"^{_UUID}(?:,{_UUID}){{0,99}}$",
        description="Up to 100 message ids, with commas between them.",
    ),
]

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
            oldest = await _observe(conn)
    except UNAVAILABLE:
        raise Unavailable("The database does not answer.") from None
    reasons = [f"{name} has no broker" for name in _without_broker(runtime)]
    if oldest > LATE_AFTER:
        reasons.append("messages wait to be published")
    return Readiness(status="degraded" if reasons else "ready", reasons=reasons)


@router.get("/metrics", include_in_schema=False)
async def metrics(runtime: Here) -> Response:
    """Prometheus metrics. Without the database those that it holds are as last seen."""
    with suppress(*UNAVAILABLE):
        async with runtime.database.pool.acquire(timeout=2) as conn:
            await _observe(conn)
    return Response(telemetry.metrics(), media_type=telemetry.METRICS_TYPE)


@router.get("/asyncapi.json", include_in_schema=False)
async def asyncapi(request: Request) -> JSONResponse:
    """What this service tells and hears (AsyncAPI 3)."""
    return JSONResponse(request.app.state.asyncapi())


@router.get("/schemas/{name}", include_in_schema=False)
async def message_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a message's data, by its routing key."""
    if name not in MESSAGES:
        raise NotFound
    return schema(MESSAGES[name])


@router.get("/inbox")
async def inbox(database: Store, ids: MessageIds) -> HandledMessages:
    """What this service did with some messages, for whoever watches them go by."""
    async with database.pool.acquire(timeout=2) as conn:
        return HandledMessages(handled=await _handled(conn, wanted(ids)))


def wanted(ids: str) -> list[UUID]:
    """The ids of messages that somebody asks about."""
    return [UUID(one) for one in ids.split(",")]


def _without_broker(runtime: Runtime) -> list[str]:
    return sorted(name for name, up in runtime.reaches_broker.items() if not up.is_set())


async def _observe(conn: Conn) -> float:
    """Bring the gauges up to date; the age in seconds of the oldest unpublished message."""
    row = await conn.fetchrow("""
        SELECT count(*) AS unpublished,
               coalesce(extract(epoch FROM now() - min(recorded_at)), 0)::float AS oldest,
               (SELECT count(*) FROM parked WHERE resolved_at IS NULL) AS parked
          FROM outbox
         WHERE published_at IS NULL
        """)
    assert row is not None, "an aggregate always gives a row"
    telemetry.OUTBOX_UNPUBLISHED.set(row["unpublished"])
    telemetry.OUTBOX_OLDEST.set(row["oldest"])
    telemetry.INBOX_PARKED.set(row["parked"])
    oldest: float = row["oldest"]
    return oldest


async def _handled(conn: Conn, message_ids: list[UUID]) -> list[Handled]:
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
        message_ids,
    )
    return [Handled(**row) for row in rows]
