"""What a coordinator looks at in the morning: what is next, who is waiting, what is missing."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from pdu_bookings.listing.registers import RegisterLine, RegisterPage, registers
from pdu_bookings.lived_experience.readiness import not_ready
from pdu_shared.database import Conn
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["coordinator"])

NEXT = 10
MISSING = 20


class ComingEvent(BaseModel):
    """A learning event to come, and how many people there are in which state."""

    learning_event_id: UUID
    title: str
    starts_at: datetime
    capacity: int
    booked: int
    offered: int
    awaiting_approval: int
    waiting: int
    needs_to_read: int
    """How many of them told what they need, and nobody has read it."""
    not_ready: int
    """How many experts by experience take part who are not ready yet; never who."""


class Overview(BaseModel):
    """What is next, and what is missing."""

    drafts: int
    in_review: int
    """How many of them somebody is asked to look through."""
    coming: list[ComingEvent]
    registers_missing: list[RegisterLine]


@router.get("/coordinator/overview")
async def overview(database: Store, now: Now) -> Overview:
    """The next learning events with their numbers, and the registers that nobody wrote."""
    async with database.pool.acquire(timeout=5) as conn:
        drafts, in_review = await _drafts(conn)
        return Overview(
            drafts=drafts,
            in_review=in_review,
            coming=await _coming(conn, now),
            registers_missing=await registers(conn, RegisterPage(missing=True), MISSING, now=now),
        )


async def _drafts(conn: Conn) -> tuple[int, int]:
    """How many drafts there are, and how many of them somebody looks through."""
    row = await conn.fetchrow(
        "SELECT count(*), count(review_asked_at) FROM learning_event WHERE state = 'draft'"
    )
    assert row is not None, "a count has one row"
    return row[0], row[1]


async def _coming(conn: Conn, now: datetime) -> list[ComingEvent]:
    rows = await conn.fetch(
        """
        WITH coming AS (
            SELECT learning_event_id, event.title, min(starts_at) AS starts_at,
                   min(capacity + coalesce(online_capacity, 0)) AS capacity
              FROM session JOIN learning_event AS event USING (learning_event_id)
             WHERE state = 'published' AND starts_at > $1
             GROUP BY learning_event_id, event.title
             ORDER BY starts_at, learning_event_id
             LIMIT $2)
        SELECT coming.*, booked.*
          FROM coming
         CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE state = 'confirmed') AS booked,
                   count(*) FILTER (WHERE state = 'offered') AS offered,
                   count(*) FILTER (WHERE state = 'awaiting_approval') AS awaiting_approval,
                   count(*) FILTER (WHERE state = 'waitlisted') AS waiting,
                   count(*) FILTER (WHERE EXISTS (SELECT FROM need
                                                   WHERE need.booking_id = booking.booking_id)
                                      AND NOT EXISTS (SELECT FROM need_reading AS reading
                                                       WHERE reading.booking_id
                                                           = booking.booking_id)) AS needs_to_read
              FROM booking
             WHERE booking.learning_event_id = coming.learning_event_id AND active) AS booked
         ORDER BY starts_at, coming.learning_event_id
        """,
        now,
        NEXT,
    )
    experts = await not_ready(conn, now=now)
    return [ComingEvent(**row, not_ready=experts.get(row["learning_event_id"], 0)) for row in rows]
