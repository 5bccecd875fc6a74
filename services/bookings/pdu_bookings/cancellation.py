"""Giving a place back, and who gets it: the first who waits, in the same transaction."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Path
from pydantic import BaseModel

from pdu_bookings.hall import BOOKINGS, count, lock_halls
from pdu_bookings.link import booking_of
from pdu_bookings.programme import LearningEvent, learning_event
from pdu_bookings.rules.booking import next_in_line
from pdu_bookings.rules.local_time import local_day
from pdu_shared import outbox
from pdu_shared.access import Role, Who
from pdu_shared.contracts.bookings import BookingCancelled, EventBooked
from pdu_shared.contracts.vocabulary import CancelledBy, PlaceState
from pdu_shared.database import Conn, transaction
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Here, Now, Runtime, Store

router = APIRouter(tags=["bookings"])

Token = Annotated[str, Path(description="The token of one booking, from its letter")]


class BookingSeen(BaseModel):
    """A booking as the person who holds its link may see it."""

    booking_id: UUID
    state: PlaceState
    position: int | None
    learning_event: LearningEvent


@router.get("/b/{token}")
async def see(token: Token, runtime: Here) -> BookingSeen:
    """The booking that a letter's link is for. Looking changes nothing."""
    async with runtime.database.pool.acquire(timeout=5) as conn:
        return await _seen(conn, _booking_of(runtime, token))


@router.post("/b/{token}/cancellation")
async def cancel_by_link(token: Token, runtime: Here, now: Now) -> BookingSeen:
    """Give the place back, without a reason. Doing it twice is doing it once."""
    booking_id = _booking_of(runtime, token)
    async with transaction(runtime.database) as conn:
        await cancel(conn, booking_id, by=CancelledBy.PERSON, now=now)
        return await _seen(conn, booking_id)


@router.post("/bookings/{booking_id}/cancellation")
async def cancel_by_id(booking_id: UUID, database: Store, caller: Who, now: Now) -> BookingSeen:
    """Give a place back: a coordinator any, a member their own."""
    async with transaction(database) as conn:
        own = await _person_of(conn, booking_id) == caller.sub
        if not own and not caller.has(Role.COORDINATOR):
            raise NotFound
        await cancel(conn, booking_id, by=CancelledBy.PERSON if own else CancelledBy.PDU, now=now)
        return await _seen(conn, booking_id)


async def cancel(conn: Conn, booking_id: UUID, *, by: CancelledBy, now: datetime) -> None:
    """Cancel a booking and confirm whoever is next. Raises Conflict once the event has begun."""
    learning_event_id = await _event_of(conn, booking_id)
    halls = (await lock_halls(conn, [learning_event_id]))[learning_event_id]
    booking = await _lock_booking(conn, booking_id)
    if booking["state"] == PlaceState.CANCELLED:
        return
    if now >= min(hall.starts_at for hall in halls):
        raise Conflict("This event has already started.")
    await _mark(conn, booking_id, PlaceState.CANCELLED, cancelled_at=now)
    freed = booking["state"] == PlaceState.CONFIRMED
    await count(conn, {hall.session_id: (-1, 0) if freed else (0, -1) for hall in halls})
    cancelled = BookingCancelled(
        booking_id=booking_id,
        learning_event_id=learning_event_id,
        person_id=booking["person_id"],
        by=by,
    )
    await outbox.add(conn, cancelled)
    if freed:
        await _promote(conn, learning_event_id)


async def _promote(conn: Conn, learning_event_id: UUID) -> None:
    """Confirm the first who waits, if there is room for them in every session."""
    halls = (await lock_halls(conn, [learning_event_id]))[learning_event_id]
    booking_id = next_in_line(halls, await _waiting(conn, learning_event_id))
    if booking_id is None:
        return
    await _mark(conn, booking_id, PlaceState.CONFIRMED)
    await count(conn, {hall.session_id: (1, -1) for hall in halls})
    booking = await _lock_booking(conn, booking_id)
    booked = EventBooked(
        booking_id=booking_id,
        learning_event_id=learning_event_id,
        session_ids=tuple(hall.session_id for hall in halls),
        person_id=booking["person_id"],
        organisation_id=booking["organisation_id"],
        sector=booking["sector"],
        work_field=booking["work_field"],
        role_level=booking["role_level"],
        area=booking["area"],
        heard_about=booking["heard_about"],
        booked_on=local_day(booking["booked_at"]),
    )
    await outbox.add(conn, booked)


def _booking_of(runtime: Runtime, token: str) -> UUID:
    booking_id = booking_of(runtime.settings.secret("link_key").encode(), token)
    if booking_id is None:
        raise NotFound
    return booking_id


async def _seen(conn: Conn, booking_id: UUID) -> BookingSeen:
    row = await conn.fetchrow(
        """
        SELECT learning_event_id, state,
               CASE WHEN state = 'waitlisted'
                    THEN (SELECT count(*)
                            FROM booking AS earlier
                           WHERE earlier.learning_event_id = booking.learning_event_id
                             AND earlier.state = 'waitlisted'
                             AND earlier.booking_id <= booking.booking_id) END AS position
          FROM booking
         WHERE booking_id = $1
        """,
        booking_id,
    )
    if row is None:
        raise NotFound
    return BookingSeen(
        booking_id=booking_id,
        state=row["state"],
        position=row["position"],
        learning_event=await learning_event(conn, row["learning_event_id"]),
    )


async def _person_of(conn: Conn, booking_id: UUID) -> UUID:
    person_id: UUID | None = await conn.fetchval(
        "SELECT person_id FROM booking WHERE booking_id = $1", booking_id
    )
    if person_id is None:
        raise NotFound
    return person_id


async def _event_of(conn: Conn, booking_id: UUID) -> UUID:
    learning_event_id: UUID | None = await conn.fetchval(
        "SELECT learning_event_id FROM booking WHERE booking_id = $1", booking_id
    )
    if learning_event_id is None:
        raise NotFound
    return learning_event_id


async def _lock_booking(conn: Conn, booking_id: UUID) -> asyncpg.Record:
    row = await conn.fetchrow(
        """
        SELECT person_id, state, organisation_id, sector, work_field, role_level, area,
               heard_about, booked_at
          FROM booking
         WHERE booking_id = $1
           FOR UPDATE
        """,
        booking_id,
    )
    assert row is not None, "bookings are never deleted"
    return row


async def _mark(
    conn: Conn, booking_id: UUID, state: PlaceState, *, cancelled_at: datetime | None = None
) -> None:
    await conn.execute(
        """
        WITH places AS (UPDATE place SET state = $2 WHERE booking_id = $1)
        UPDATE booking SET state = $2, cancelled_at = $3 WHERE booking_id = $1
        """,
        booking_id,
        state,
        cancelled_at,
    )
    BOOKINGS.labels(state).inc()


async def _waiting(conn: Conn, learning_event_id: UUID) -> list[UUID]:
    """The first in the waiting list; ids grow with the time of asking."""
    rows = await conn.fetch(
        """
        SELECT booking_id
          FROM booking
         WHERE learning_event_id = $1 AND state = 'waitlisted'
         ORDER BY booking_id
         LIMIT 1
        """,
        learning_event_id,
    )
    return [row["booking_id"] for row in rows]
