"""What would make the day work for somebody: theirs to change, read by few, and each time noted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from pdu_bookings.place.also_told import Needs
from pdu_bookings.place.by_link import lock_own
from pdu_bookings.place.seen import Token, booking_behind
from pdu_shared import reads
from pdu_shared.access import Caller, Who
from pdu_shared.database import Conn, transaction
from pdu_shared.identity import uuid7
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Here, Now, Store

router = APIRouter(tags=["needs"])


class NeedsOf(BaseModel):
    """What one of those who come needs."""

    booking_id: UUID
    name: str
    needs: Needs


class NeedsOfEvent(BaseModel):
    """What those who come to a learning event need, in the order of their booking."""

    items: list[NeedsOf]


class Reading(BaseModel):
    """That somebody read the needs of a booking; not what they were."""

    reading_id: UUID
    booking_id: UUID
    read_by: UUID | None = Field(description="The person who read; null for a machine")
    client_id: str | None
    read_at: datetime


class Readings(BaseModel):
    """One page of readings. `next` goes into `after` for the following page."""

    items: list[Reading]
    next: UUID | None


@router.get("/b/{token}/needs")
async def own_needs(token: Token, runtime: Here) -> Needs:
    """What the person who holds the link told us they need."""
    booking_id = booking_behind(runtime, token)
    async with runtime.database.pool.acquire(timeout=5) as conn:
        found = await _needs(conn, [booking_id])
    return found[0].needs if found else Needs()


@router.put("/b/{token}/needs")
async def tell_needs(token: Token, needs: Needs, runtime: Here, now: Now) -> Needs:
    """Say what one needs, in place of what was said before. Kept until 28 days after the event."""
    booking_id = booking_behind(runtime, token)
    async with transaction(runtime.database) as conn:
        await lock_own(conn, booking_id, now=now)
        await replace_needs(conn, booking_id, needs)
    return needs


@router.delete("/b/{token}/needs", status_code=204)
async def forget_needs(token: Token, runtime: Here) -> Response:
    """Delete what was said about needs. Also when the event is over, or the place given back."""
    booking_id = booking_behind(runtime, token)
    async with transaction(runtime.database) as conn:
        await replace_needs(conn, booking_id, None)
    return Response(status_code=204)


@router.get("/bookings/{booking_id}/needs")
async def needs_of_booking(booking_id: UUID, database: Store, caller: Who, now: Now) -> Needs:
    """What one who comes needs. That it was read, and by whom, is kept."""
    async with transaction(database) as conn:
        found = await _needs(conn, [booking_id])
        if not found:
            raise NotFound
        await _note(conn, [booking_id], caller, now)
    return found[0].needs


@router.get("/learning-events/{learning_event_id}/needs")
async def needs_of_event(
    learning_event_id: UUID, database: Store, caller: Who, now: Now
) -> NeedsOfEvent:
    """What those who come to a learning event need. Each reading of each booking is kept."""
    async with transaction(database) as conn:
        items = await _needs(conn, await _active_bookings(conn, learning_event_id))
        await _note(conn, [one.booking_id for one in items], caller, now)
    return NeedsOfEvent(items=items)


@router.get("/needs-readings")
async def readings(
    database: Store,
    after: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Readings:
    """Who read the needs of which booking, and when; oldest first."""
    async with database.pool.acquire(timeout=5) as conn:
        rows = await conn.fetch(
            """
            SELECT reading_id, booking_id, read_by, client_id, read_at
              FROM need_reading
             WHERE $1::uuid IS NULL OR reading_id > $1
             ORDER BY reading_id
             LIMIT $2
            """,
            after,
            limit + 1,
        )
    items = [Reading(**row) for row in rows[:limit]]
    return Readings(items=items, next=items[-1].reading_id if len(rows) > limit else None)


async def replace_needs(conn: Conn, booking_id: UUID, needs: Needs | None) -> None:
    """Put these needs in the place of those before. Once the contact is forgotten none are kept."""
    if not needs:
        await conn.execute("DELETE FROM need WHERE booking_id = $1", booking_id)
        return
    await conn.execute(
        """
        INSERT INTO need (booking_id, access, dietary, support)
        SELECT booking_id, $2, $3, $4 FROM contact WHERE booking_id = $1
            ON CONFLICT (booking_id) DO UPDATE
           SET access = excluded.access, dietary = excluded.dietary, support = excluded.support
        """,
        booking_id,
        needs.access,
        needs.dietary,
        needs.support,
    )


async def _needs(conn: Conn, booking_ids: Sequence[UUID]) -> list[NeedsOf]:
    rows = await conn.fetch(
        """
        SELECT booking_id, name, access, dietary, support
          FROM need JOIN contact USING (booking_id)
         WHERE booking_id = ANY ($1::uuid[])
         ORDER BY booking_id
        """,
        booking_ids,
    )
    return [
        NeedsOf(
            booking_id=row["booking_id"],
            name=row["name"],
            needs=Needs(access=row["access"], dietary=row["dietary"], support=row["support"]),
        )
        for row in rows
    ]


async def _active_bookings(conn: Conn, learning_event_id: UUID) -> list[UUID]:
    rows = await conn.fetch(
        "SELECT booking_id FROM booking WHERE learning_event_id = $1 AND active", learning_event_id
    )
    return [row["booking_id"] for row in rows]


async def _note(conn: Conn, booking_ids: Sequence[UUID], caller: Caller, now: datetime) -> None:
    await conn.execute(
        """
        INSERT INTO need_reading (reading_id, booking_id, read_by, client_id, read_at)
        SELECT reading_id, booking_id, $3, $4, $5
          FROM unnest($1::uuid[], $2::uuid[]) AS read (reading_id, booking_id)
        """,
        [uuid7() for _ in booking_ids],
        booking_ids,
        caller.sub,
        caller.client_id,
        now,
    )
    await reads.note(conn, caller, kind="needs", of_ids=booking_ids, why="planning", now=now)
