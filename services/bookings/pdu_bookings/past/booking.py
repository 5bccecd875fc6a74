"""Bookings of imported history as rows: found again by their keys, written, brought up to date."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import asyncpg

from pdu_bookings.attendance.rows import AS_AT_THE_TIME, attendance_id_of
from pdu_bookings.attendance.sitting import Sitting
from pdu_bookings.place.hall import Counts, count, lock_halls
from pdu_shared.contracts.message import MESSAGES_EXCHANGE
from pdu_shared.contracts.vocabulary import EventKind, PlaceState
from pdu_shared.database import Conn
from pdu_shared.identity import derived_id
from pdu_shared.problems import Fault, Refused


@dataclass(frozen=True, slots=True)
class PastBooking:
    """A booking of one session, as a row has it."""

    booking_id: UUID
    session_id: UUID
    learning_event_id: UUID
    person_id: UUID
    organisation: str | None
    organisation_id: UUID | None
    sector: str
    work_field: str
    role_level: str
    area: str
    heard_about: str | None
    booked_at: datetime

    @property
    def as_at_the_time(self) -> dict[str, Any]:
        """Who they were: codes and ids, no name."""
        return {field: getattr(self, field) for field in AS_AT_THE_TIME}

    @property
    def attendance_id(self) -> UUID:
        """Where it is written down what became of it."""
        return attendance_id_of(self.session_id, self.person_id)


_IN_ORDER = attrgetter(*(field.name for field in fields(PastBooking)))


@dataclass(frozen=True, slots=True)
class Place:
    """A session that rows speak of."""

    sitting: Sitting
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A booking that is there, and whether an import made it."""

    booking: PastBooking
    imported: bool
    cancelled: bool


async def places(conn: Conn, event_keys: Iterable[str]) -> dict[str, Place]:
    """The sessions that have these keys."""
    keys = {derived_id("session", key): key for key in event_keys}
    rows = await conn.fetch(
        """
        SELECT session_id, learning_event_id, kind, starts_at, ends_at, tz,
               held_at IS NOT NULL AS held, state = 'cancelled' AS cancelled
          FROM session JOIN learning_event USING (learning_event_id)
         WHERE session_id = ANY ($1::uuid[])
        """,
        list(keys),
    )
    return {keys[row["session_id"]]: _place(**row) for row in rows}


def _place(*, cancelled: bool, kind: str, **sitting: Any) -> Place:  # noqa: ANN401 - a row
    return Place(Sitting(kind=EventKind(kind), **sitting), cancelled)


async def kept(conn: Conn, bookings: Sequence[PastBooking]) -> dict[tuple[UUID, UUID], Kept]:
    """What there is of these bookings, by learning event and person: imported, or made here."""
    found = await _by_id(conn, bookings)
    claims = {(one.learning_event_id, one.person_id) for one in bookings} - found.keys()
    rows = await conn.fetch(
        """
        SELECT booking_id, session_id, learning_event_id, booking.person_id, organisation,
               organisation_id, sector, work_field, role_level, area, heard_about, booked_at,
               booking.state
          FROM unnest($1::uuid[], $2::uuid[]) AS claim (learning_event_id, person_id)
          JOIN booking USING (learning_event_id, person_id)
          JOIN place USING (booking_id)
         WHERE booking.active
        """,
        [learning_event_id for learning_event_id, _ in claims],
        [person_id for _, person_id in claims],
    )
    return found | {
        (row["learning_event_id"], row["person_id"]): _kept(row, imported=False) for row in rows
    }


async def _by_id(conn: Conn, bookings: Sequence[PastBooking]) -> dict[tuple[UUID, UUID], Kept]:
    rows = await conn.fetch(
        """
        SELECT booking_id, session_id, learning_event_id, booking.person_id, organisation,
               organisation_id, sector, work_field, role_level, area, heard_about, booked_at,
               booking.state
          FROM booking JOIN place USING (booking_id)
         WHERE booking_id = ANY ($1::uuid[])
        """,
        [one.booking_id for one in bookings],
    )
    return {(row["learning_event_id"], row["person_id"]): _kept(row, imported=True) for row in rows}


def _kept(row: asyncpg.Record, *, imported: bool) -> Kept:
    *columns, state = row
    return Kept(PastBooking(*columns), imported=imported, cancelled=not PlaceState(state).active)


async def insert(conn: Conn, bookings: Sequence[PastBooking], *, now: datetime) -> None:
    """Write bookings with their places; no names and addresses, as nobody is written to.

    Raises Refused when a session still to come has not so many places. Of one that is over the
    places are not counted.
    """
    if not bookings:
        return
    await _fill_halls(conn, bookings, now)
    await conn.execute(
        """
        WITH booked AS (
            INSERT INTO booking (booking_id, learning_event_id, person_id, state, organisation,
                                 organisation_id, sector, work_field, role_level, area, heard_about,
                                 booked_at)
            SELECT booking_id, learning_event_id, person_id, 'confirmed', organisation,
                   organisation_id, sector, work_field, role_level, area, heard_about, booked_at
              FROM unnest($1::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::text[],
                          $8::text[], $9::text[], $10::text[], $11::text[], $12::timestamptz[])
                   AS told (booking_id, learning_event_id, person_id, organisation,
                            organisation_id, sector, work_field, role_level, area, heard_about,
                            booked_at))
        INSERT INTO place (booking_id, session_id, person_id, state)
        SELECT booking_id, session_id, person_id, 'confirmed'
          FROM unnest($1::uuid[], $2::uuid[], $4::uuid[])
               AS told (booking_id, session_id, person_id)
        """,
        *_columns(bookings),
    )


async def update(conn: Conn, bookings: Sequence[PastBooking]) -> None:
    """Bring bookings up to date with what rows say of them."""
    if not bookings:
        return
    await conn.execute(
        """
        UPDATE booking AS kept
           SET organisation = told.organisation, organisation_id = told.organisation_id,
               sector = told.sector, work_field = told.work_field, role_level = told.role_level,
               area = told.area, heard_about = told.heard_about, booked_at = told.booked_at
          FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[],
                      $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
                      $12::timestamptz[])
               AS told (booking_id, session_id, learning_event_id, person_id, organisation,
                        organisation_id, sector, work_field, role_level, area, heard_about,
                        booked_at)
         WHERE kept.booking_id = told.booking_id
        """,
        *_columns(bookings),
    )


async def told_of(conn: Conn, booking_ids: Sequence[UUID]) -> set[UUID]:
    """Those bookings that have a message of their own."""
    rows = await conn.fetch(
        "SELECT DISTINCT subject FROM outbox WHERE exchange = $1 AND subject = ANY ($2::text[])",
        MESSAGES_EXCHANGE,
        [f"booking/{booking_id}" for booking_id in booking_ids],
    )
    return {UUID(row["subject"].partition("/")[2]) for row in rows}


async def _fill_halls(conn: Conn, bookings: Sequence[PastBooking], now: datetime) -> None:
    asked = Counter(one.session_id for one in bookings)
    events = await _still_to_come(conn, asked, now)
    halls = [hall for halls in (await lock_halls(conn, events)).values() for hall in halls]
    if any(hall.taken + hall.held + asked[hall.session_id] > hall.capacity for hall in halls):
        raise Refused(errors=[Fault("/event_key", "session-full", "No place is left there.")])
    counts = Counts()
    for hall in halls:
        counts.add(hall, taken=asked[hall.session_id])
    await count(conn, counts)


async def _still_to_come(conn: Conn, session_ids: Iterable[UUID], now: datetime) -> list[UUID]:
    rows = await conn.fetch(
        """
        SELECT learning_event_id FROM session
         WHERE session_id = ANY ($1::uuid[]) AND starts_at > $2
        """,
        list(session_ids),
        now,
    )
    return [row["learning_event_id"] for row in rows]


def _columns(bookings: Sequence[PastBooking]) -> list[list[Any]]:
    return [list(column) for column in zip(*map(_IN_ORDER, bookings), strict=True)]
