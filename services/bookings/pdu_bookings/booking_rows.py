"""Bookings as rows: written together, and read back as the answer that was given."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from pdu_bookings.asking import Booked, BookingAnswer, Claim, PlaceGiven
from pdu_bookings.hall import count, purge_on
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
    await _insert_bookings(conn, booked, now)
    await _insert_places(conn, booked)
    await conn.execute(
        """
        INSERT INTO contact (booking_id, name, address, purge_on)
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::date[])
        """,
        [one.booking_id for one in booked],
        [one.person.name for one in booked],
        [one.person.email for one in booked],
        [purge_on(halls[one.learning_event_id]) for one in booked],
    )


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


async def _insert_bookings(conn: Conn, booked: Sequence[Booked], now: datetime) -> None:
    await conn.execute(
        """
        INSERT INTO booking (booking_id, learning_event_id, person_id, state, organisation,
                             organisation_id, sector, work_field, role_level, area, heard_about,
                             booked_at)
        SELECT booked.*, $12
          FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::uuid[],
                      $7::text[], $8::text[], $9::text[], $10::text[], $11::text[]) AS booked
        """,
        [one.booking_id for one in booked],
        [one.learning_event_id for one in booked],
        [one.person_id for one in booked],
        [one.given.state for one in booked],
        [one.person.organisation for one in booked],
        [one.person.organisation_id for one in booked],
        [one.person.sector for one in booked],
        [one.person.work_field for one in booked],
        [one.person.role_level for one in booked],
        [one.person.area for one in booked],
        [one.person.heard_about for one in booked],
        now,
    )


async def _insert_places(conn: Conn, booked: Sequence[Booked]) -> None:
    places = [(one, session_id) for one in booked for session_id in one.given.positions]
    await conn.execute(
        """
        INSERT INTO place (booking_id, session_id, person_id, state)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[])
        """,
        [one.booking_id for one, _ in places],
        [session_id for _, session_id in places],
        [one.person_id for one, _ in places],
        [one.given.state for one, _ in places],
    )
