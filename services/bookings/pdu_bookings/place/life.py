"""A booking through its life: from one state into the next, and the counters with it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self, TypeAlias
from uuid import UUID

import asyncpg

from pdu_bookings.place.hall import BOOKINGS, Counts, count, fill_holds, lock_halls
from pdu_bookings.rules.audience import Outside
from pdu_bookings.rules.hall import Asking, Hall, entered
from pdu_shared.contracts.bookings.place import EventBooked
from pdu_shared.contracts.vocabulary import Attending, BookingChannel, PlaceState
from pdu_shared.database import Conn
from pdu_shared.local_time import local_day
from pdu_shared.problems import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One booking as it stands, with who the person was at the time."""

    booking_id: UUID
    learning_event_id: UUID
    person_id: UUID
    state: PlaceState
    attending: Attending | None
    hold_id: UUID | None
    offer_expires_at: datetime | None
    ended_at: datetime | None
    end_reason: str | None
    organisation_id: UUID | None
    sector: str
    work_field: str
    role_level: str
    area: str
    heard_about: str | None
    channel: BookingChannel | None
    booked_at: datetime
    outside: Outside | None = None
    """Why somebody decides on them, where the event is meant for others."""
    session_ids: frozenset[UUID] = frozenset()
    """The sessions that it is for."""

    @property
    def waits(self) -> bool:
        """Whether they are on the waiting list."""
        return self.state is PlaceState.WAITLISTED

    @property
    def asking(self) -> Asking:
        """What decides on their place."""
        return Asking(self.sector, self.work_field, self.attending, chosen=self.session_ids)

    def ended(self, state: PlaceState, *, at: datetime, reason: str | None = None) -> Self:
        """The booking when it has ended in one way or another."""
        return replace(self, state=state, offer_expires_at=None, ended_at=at, end_reason=reason)

    def given(self, state: PlaceState, hold_id: UUID | None) -> Self:
        """The booking with a place, maybe one that was kept for them, and no offer any more."""
        return replace(self, state=state, offer_expires_at=None, hold_id=hold_id)

    def offered(self, until: datetime, hold_id: UUID | None) -> Self:
        """The booking with an offer."""
        return replace(self, state=PlaceState.OFFERED, offer_expires_at=until, hold_id=hold_id)

    def event_booked(self, halls: Collection[Hall]) -> EventBooked:
        """What is told when they hold a confirmed place."""
        return EventBooked(
            booking_id=self.booking_id,
            learning_event_id=self.learning_event_id,
            session_ids=session_ids(halls, self),
            person_id=self.person_id,
            organisation_id=self.organisation_id,
            sector=self.sector,
            work_field=self.work_field,
            role_level=self.role_level,
            area=self.area,
            heard_about=self.heard_about,
            channel=self.channel,
            on_behalf=self.channel and self.channel.on_behalf,
            reachable=True,
            booked_on=local_day(self.booked_at),
        )


Change: TypeAlias = tuple[Booking, Booking]
"""A booking as it was, and as it is to be."""


def session_ids(halls: Collection[Hall], booking: Booking) -> tuple[UUID, ...]:
    """The sessions of a booking."""
    return tuple(hall.session_id for hall in entered(halls, booking.asking))


async def lock(conn: Conn, booking_id: UUID) -> tuple[Booking, list[Hall]]:
    """A booking and the halls of its learning event, locked until the transaction ends.

    Raises NotFound.
    """
    learning_event_id = await _event_of(conn, booking_id)
    halls = await lock_halls(conn, [learning_event_id])
    [booking] = await bookings_of(conn, [booking_id])
    return booking, halls[learning_event_id]


async def save(conn: Conn, halls: Collection[Hall], changes: Sequence[Change]) -> None:
    """Write down what became of bookings of one learning event whose halls are locked.

    Places and counters follow; kept places that are given back are kept for the next.
    """
    if not changes:
        return
    kept = await _count_holds(conn, changes)
    counts = Counts()
    for before, after in changes:
        taken = after.state.takes_place - before.state.takes_place
        waiting = after.waits - before.waits
        held = -taken if after.hold_id in kept else 0
        for hall in entered(halls, after.asking):
            counts.add(hall, taken=taken, waiting=waiting, held=held)
        BOOKINGS.labels(after.state).inc()
    await _update(conn, [after for _, after in changes])
    await count(conn, counts)


async def bookings_of(conn: Conn, booking_ids: Sequence[UUID]) -> list[Booking]:
    """These bookings, in this order."""
    rows = await conn.fetch(
        """
        SELECT booking_id, learning_event_id, person_id, state, attending, hold_id,
               offer_expires_at, ended_at, end_reason, organisation_id, sector, work_field,
               role_level, area, heard_about, channel, booked_at, outside,
               ARRAY(SELECT session_id FROM place
                      WHERE place.booking_id = booking.booking_id) AS session_ids
          FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (booking_id, place)
          JOIN booking USING (booking_id)
         ORDER BY asked.place
        """,
        booking_ids,
    )
    return [_booking(row) for row in rows]


def _booking(row: asyncpg.Record) -> Booking:
    coded: Mapping[str, object] = {
        "state": PlaceState(row["state"]),
        "attending": row["attending"] and Attending(row["attending"]),
        "channel": row["channel"] and BookingChannel(row["channel"]),
        "outside": row["outside"] and Outside(row["outside"]),
        "session_ids": frozenset(row["session_ids"]),
    }
    return Booking(**{**row, **coded})


async def _event_of(conn: Conn, booking_id: UUID) -> UUID:
    learning_event_id: UUID | None = await conn.fetchval(
        "SELECT learning_event_id FROM booking WHERE booking_id = $1", booking_id
    )
    if learning_event_id is None:
        raise NotFound
    return learning_event_id


async def _count_holds(conn: Conn, changes: Sequence[Change]) -> set[UUID]:
    """Count kept places given out and back; the holds that are not released yet."""
    filled: Counter[UUID] = Counter()
    for before, after in changes:
        if after.hold_id:
            filled[after.hold_id] += after.state.takes_place - before.state.takes_place
    return await fill_holds(conn, filled)


async def _update(conn: Conn, bookings: Sequence[Booking]) -> None:
    await conn.execute(
        """
        WITH told AS (
            SELECT *
              FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[],
                          $5::timestamptz[], $6::text[])
                   AS told (booking_id, state, hold_id, offer_expires_at, ended_at, end_reason)),
             placed AS (
            UPDATE place SET state = told.state FROM told
             WHERE place.booking_id = told.booking_id)
        UPDATE booking
           SET state = told.state, hold_id = told.hold_id, end_reason = told.end_reason,
               offer_expires_at = told.offer_expires_at, ended_at = told.ended_at
          FROM told
         WHERE booking.booking_id = told.booking_id
        """,
        [one.booking_id for one in bookings],
        [one.state for one in bookings],
        [one.hold_id for one in bookings],
        [one.offer_expires_at for one in bookings],
        [one.ended_at for one in bookings],
        [one.end_reason for one in bookings],
    )
