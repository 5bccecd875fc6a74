"""Whether learning events are ready for their experts: in numbers, never by name."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_bookings.lived_experience.engagement_rows import Engagement, Wanted, engagements
from pdu_bookings.rules.engagement import Missing
from pdu_bookings.rules.readiness import readiness
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["lived experience"])


class EventReadiness(BaseModel):
    """How ready a learning event is for the experts who take part in it."""

    learning_event_id: UUID
    engaged: int = Field(description="How many experts take part")
    ready: int = Field(description="How many of them are briefed, supported, and agreed on a plan")
    missing: dict[Missing, int] = Field(description="How many still need what")
    warning: bool = Field(description="It begins within three days and somebody is not ready")


class Warnings(BaseModel):
    """Learning events that begin within three days and are not ready for their experts."""

    items: list[EventReadiness]


@router.get("/learning-events/{learning_event_id}/readiness")
async def read_readiness(learning_event_id: UUID, database: Store, now: Now) -> EventReadiness:
    """How ready a learning event is for its experts, and what is missing."""
    async with database.pool.acquire(timeout=5) as conn:
        if not await _is_there(conn, learning_event_id):
            raise NotFound
        found = await engagements(conn, Wanted(learning_event_id=learning_event_id))
    return _of(learning_event_id, found, now)


@router.get("/lived-experience/warnings")
async def read_warnings(database: Store, now: Now) -> Warnings:
    """The learning events that are not ready and begin within three days, soonest first."""
    async with database.pool.acquire(timeout=5) as conn:
        found = await engagements(conn, Wanted(not_over_at=now))
    by_event = groupby(found, key=lambda one: one.learning_event_id)
    of_events = [_of(event, list(engaged), now) for event, engaged in by_event]
    return Warnings(items=[one for one in of_events if one.warning])


async def not_ready(conn: Conn, *, now: datetime) -> dict[UUID, int]:
    """How many experts of each coming learning event still need something before they are ready."""
    found = await engagements(conn, Wanted(not_over_at=now))
    by_event = groupby(found, key=lambda one: one.learning_event_id)
    of_events = [_of(event, list(engaged), now) for event, engaged in by_event]
    return {one.learning_event_id: one.engaged - one.ready for one in of_events}


def _of(learning_event_id: UUID, found: Sequence[Engagement], now: datetime) -> EventReadiness:
    how_ready = readiness([one.facts for one in found], now)
    return EventReadiness(
        learning_event_id=learning_event_id,
        engaged=how_ready.engaged,
        ready=how_ready.ready,
        missing=how_ready.missing,
        warning=how_ready.warning,
    )


async def _is_there(conn: Conn, learning_event_id: UUID) -> bool:
    found: bool = await conn.fetchval(
        "SELECT EXISTS (SELECT FROM learning_event WHERE learning_event_id = $1)",
        learning_event_id,
    )
    return found
