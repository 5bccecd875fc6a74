"""Bookings as rows: written together, and read back as the answer that was given."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pdu_bookings.asking import Booked, BookingAnswer, Claim, PlaceGiven
from pdu_bookings.hall import BOOKINGS, count, purge_on
from pdu_bookings.rules.booking import Hall
from pdu_shared.contracts.vocabulary import PlaceState
from pdu_shared.database import Conn


async def insert(
    conn: Conn, booked: Sequence[Booked], halls: Mapping[UUID, Sequence[Hall]], *, now: datetime
) -> None:
    """Write bookings with their places and contact points, and count them in their halls."""
    if not booked:
        return
    await count(conn, _changes(booked))
    await _insert(conn, booked, halls, now)
    for one in booked:
        BOOKINGS.labels(one.given.state).inc()


async def standing(conn: Conn, asked: Iterable[Claim]) -> dict[Claim, BookingAnswer]:
    """The active bookings of these people, as they stand."""
    claims = set(asked)  # somebody who asks several times at once is still one
    rows = await conn.fetch(
        """
        SELECT booking.booking_id, booking.learning_event_id, booking.person_id, booking.state,
               place.session_id,
               CASE WHEN booking.state = 'waitlisted'
                    THEN (SELECT count(*)
                            FROM booking AS earlier
                           WHERE earlier.learning_event_id = booking.learning_event_id
                             AND earlier.state = 'waitlisted'
                             AND earlier.booking_id <= booking.booking_id) END AS position
          FROM unnest($1::uuid[], $2::uuid[]) AS claim (learning_event_id, person_id)
          JOIN booking USING (learning_event_id, person_id)
          JOIN place USING (booking_id)
         WHERE booking.state <> 'cancelled'
         ORDER BY place.session_id
        """,
        [learning_event_id for learning_event_id, _ in claims],
        [person_id for _, person_id in claims],
    )
    found: dict[Claim, BookingAnswer] = {}
    for row in rows:
        answer = found.setdefault(
            (row["learning_event_id"], row["person_id"]),
            BookingAnswer(
                booking_id=row["booking_id"],
                learning_event_id=row["learning_event_id"],
                state=row["state"],
                places=[],
            ),
        )
        answer.places.append(
            PlaceGiven(session_id=row["session_id"], state=row["state"], position=row["position"])
        )
    return found


def _changes(booked: Sequence[Booked]) -> dict[UUID, tuple[int, int]]:
    changes: dict[UUID, tuple[int, int]] = {}
    for one in booked:
        confirmed = one.given.state is PlaceState.CONFIRMED
        for session_id in one.given.positions:
            taken, waiting = changes.get(session_id, (0, 0))
            changes[session_id] = (taken + confirmed, waiting + (not confirmed))
    return changes


async def _insert(
    conn: Conn, booked: Sequence[Booked], halls: Mapping[UUID, Sequence[Hall]], now: datetime
) -> None:
    bookings = [_booking(one, purge_on(halls[one.learning_event_id])) for one in booked]
    places = [
        (one.booking_id, session_id, one.person_id, one.given.state)
        for one in booked
        for session_id in one.given.positions
    ]
    # One statement for three tables: each way to the server is time in which the halls are locked.
    await conn.execute(
        """
        WITH told AS (
            SELECT *
              FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::uuid[],
                          $8::text[], $9::text[], $10::text[], $11::text[], $12::text[],
                          $13::text[], $14::text[], $15::date[])
                   AS told (booking_id, learning_event_id, person_id, state, organisation,
                            organisation_id, sector, work_field, role_level, area, heard_about,
                            name, address, purge_on)),
             booked AS (
            INSERT INTO booking (booking_id, learning_event_id, person_id, state, organisation,
                                 organisation_id, sector, work_field, role_level, area, heard_about,
                                 booked_at)
            SELECT booking_id, learning_event_id, person_id, state, organisation, organisation_id,
                   sector, work_field, role_level, area, heard_about, $1 FROM told),
             given AS (
            INSERT INTO place (booking_id, session_id, person_id, state)
            SELECT * FROM unnest($16::uuid[], $17::uuid[], $18::uuid[], $19::text[]))
        INSERT INTO contact (booking_id, name, address, purge_on)
        SELECT booking_id, name, address, purge_on FROM told
        """,
        now,
        *zip(*bookings, strict=True),
        *zip(*places, strict=True),
    )


def _booking(one: Booked, purged: date) -> tuple[Any, ...]:
    return (
        one.booking_id,
        one.learning_event_id,
        one.person_id,
        one.given.state,
        one.person.organisation,
        one.person.organisation_id,
        one.person.sector,
        one.person.work_field,
        one.person.role_level,
        one.person.area,
        one.person.heard_about,
        one.person.name,
        one.person.email,
        purged,
    )
