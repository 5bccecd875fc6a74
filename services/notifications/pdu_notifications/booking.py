"""Copies of bookings: whether a letter about one is still true."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import asyncpg

from pdu_shared.contracts.bookings.place import (
    BookingCancelled,
    BookingDeclined,
    BookingRequested,
    BookingWaitlisted,
    EventBooked,
    WaitlistOfferDeclined,
    WaitlistOfferExpired,
    WaitlistPlaceOffered,
)
from pdu_shared.database import Conn


class Standing(StrEnum):
    """How a booking stands, as far as letters care."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    REQUESTED = "awaiting_approval"
    OVER = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A booking as bookings told it last."""

    booking_id: UUID
    learning_event_id: UUID
    person_id: UUID
    session_ids: tuple[UUID, ...]
    state: Standing
    was_confirmed: bool


async def keep_booking(
    conn: Conn,
    message: EventBooked
    | BookingWaitlisted
    | WaitlistPlaceOffered
    | BookingRequested
    | BookingCancelled
    | WaitlistOfferDeclined
    | WaitlistOfferExpired
    | BookingDeclined,
) -> None:
    """Keep how a booking stands. Its end may be the first that is heard of it."""
    session_ids: tuple[UUID, ...] = ()
    match message:
        case EventBooked(session_ids=session_ids):
            state = Standing.CONFIRMED
        case BookingWaitlisted(session_ids=session_ids):
            state = Standing.WAITLISTED
        case WaitlistPlaceOffered(session_ids=session_ids):
            state = Standing.OFFERED
        case BookingRequested(session_ids=session_ids):
            state = Standing.REQUESTED
        case _:
            state = Standing.OVER
    await conn.execute(
        """
        INSERT INTO booking (booking_id, learning_event_id, person_id, session_ids, state,
                             was_confirmed, reachable, sector, work_field)
        VALUES ($1, $2, $3, $4, $5, $5 = 'confirmed', $6, $7, $8)
            ON CONFLICT (booking_id) DO UPDATE
           SET state = excluded.state, reachable = booking.reachable AND excluded.reachable,
               was_confirmed = booking.was_confirmed OR excluded.was_confirmed,
               sector = coalesce(excluded.sector, booking.sector),
               work_field = coalesce(excluded.work_field, booking.work_field),
               session_ids = CASE excluded.state WHEN 'cancelled' THEN booking.session_ids
                                                 ELSE excluded.session_ids END
        """,
        message.booking_id,
        message.learning_event_id,
        message.person_id,
        list(session_ids),
        state,
        getattr(message, "reachable", None) is not False,
        getattr(message, "sector", None),
        getattr(message, "work_field", None),
    )


LISTENERS = (keep_booking,)


async def booking_of(conn: Conn, booking_id: UUID) -> Booking | None:
    """The booking, if it was heard of."""
    row = await conn.fetchrow(
        """
        SELECT booking_id, learning_event_id, person_id, session_ids, state, was_confirmed
          FROM booking
         WHERE booking_id = $1
        """,
        booking_id,
    )
    return _booking(row) if row else None


async def bookings_in(conn: Conn, session_id: UUID) -> list[Booking]:
    """The bookings of a session that are not over, whether they hold a place or wait.

    Without those of people who have no address: nobody writes to them.
    """
    rows = await conn.fetch(
        """
        SELECT booking_id, booking.learning_event_id, person_id, session_ids, state, was_confirmed
          FROM session JOIN booking USING (learning_event_id)
         WHERE session_id = $1 AND $1 = ANY (session_ids) AND state <> 'cancelled' AND reachable
         ORDER BY booking_id
        """,
        session_id,
    )
    return [_booking(row) for row in rows]


async def bookings_of(conn: Conn, learning_event_id: UUID) -> list[Booking]:
    """The bookings of a learning event that are not over, of people who have an address."""
    rows = await conn.fetch(
        """
        SELECT booking_id, learning_event_id, person_id, session_ids, state, was_confirmed
          FROM booking
         WHERE learning_event_id = $1 AND state <> 'cancelled' AND reachable
         ORDER BY booking_id
        """,
        learning_event_id,
    )
    return [_booking(row) for row in rows]


def _booking(row: asyncpg.Record) -> Booking:
    return Booking(
        booking_id=row["booking_id"],
        learning_event_id=row["learning_event_id"],
        person_id=row["person_id"],
        session_ids=tuple(row["session_ids"]),
        state=Standing(row["state"]),
        was_confirmed=row["was_confirmed"],
    )
