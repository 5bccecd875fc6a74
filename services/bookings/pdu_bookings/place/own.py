"""Bookings of whoever has signed in: what they see and do without the letter at hand."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_bookings.place.seen import BookingSeen, seen
from pdu_shared.access import Caller, Role, Who
from pdu_shared.database import Conn, snapshot
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

MOST = 50

router = APIRouter(tags=["bookings"])


class OwnBookings(BaseModel):
    """What somebody has booked and is not over, the soonest first."""

    items: list[BookingSeen] = Field(description=f"At most {MOST}")


@router.get("/own/bookings")
async def own(database: Store, caller: Who, now: Now) -> OwnBookings:
    """My places, offers and waiting lists, as the links of their letters show them."""
    async with snapshot(database) as conn:
        ids = await _still_to_come(conn, await _ids_of(conn, caller.sub), now)
        return OwnBookings(items=[await seen(conn, one, now=now) for one in ids])


@router.get("/bookings/{booking_id}")
async def one(booking_id: UUID, database: Store, caller: Who, now: Now) -> BookingSeen:
    """A booking: a member sees their own, a coordinator any. Looking changes nothing."""
    async with snapshot(database) as conn:
        await check_may_act(conn, booking_id, caller)
        return await seen(conn, booking_id, now=now)


async def check_may_act(conn: Conn, booking_id: UUID, caller: Caller) -> bool:
    """Whether a booking is the caller's own, under whatever id; coordinators may act on any.

    Raises NotFound for everybody else, as for a booking that is not there.
    """
    person_id: UUID | None = await conn.fetchval(
        "SELECT person_id FROM booking WHERE booking_id = $1", booking_id
    )
    is_own = person_id is not None and person_id in await _ids_of(conn, caller.sub)
    if person_id is None or not (is_own or caller.has(Role.COORDINATOR)):
        raise NotFound
    return is_own


async def _ids_of(conn: Conn, person_id: UUID | None) -> list[UUID]:
    """The ids that are one person with this one, itself among them."""
    rows = await conn.fetch(
        """
        WITH known AS (
            SELECT coalesce((SELECT kept_id FROM person_alias WHERE merged_id = $1), $1) AS kept_id)
        SELECT kept_id AS person_id FROM known WHERE kept_id IS NOT NULL
         UNION
        SELECT merged_id FROM person_alias JOIN known USING (kept_id)
        """,
        person_id,
    )
    return [row["person_id"] for row in rows]


async def _still_to_come(conn: Conn, person_ids: Sequence[UUID], now: datetime) -> list[UUID]:
    rows = await conn.fetch(
        """
        SELECT booking_id
          FROM booking
          JOIN (SELECT learning_event_id, min(starts_at) AS starts_at
                  FROM session
                 GROUP BY learning_event_id
                HAVING max(ends_at) > $2) AS coming USING (learning_event_id)
         WHERE active AND person_id = ANY ($1::uuid[])
         ORDER BY starts_at, booking_id
         LIMIT $3
        """,
        list(person_ids),
        now,
        MOST,
    )
    return [row["booking_id"] for row in rows]
