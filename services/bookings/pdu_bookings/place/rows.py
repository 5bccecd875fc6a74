"""Bookings as rows: written together, and read back as the answer that was given."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pdu_bookings.place.asking import Booked, BookingAnswer, Claim, PlaceGiven, note
from pdu_bookings.place.hall import BOOKINGS, Counts, fill_holds, purge_on
from pdu_bookings.place.remembered import READ, Unread
from pdu_bookings.rules.hall import Hall
from pdu_shared import outbox
from pdu_shared.database import Conn
from pdu_shared.idempotency import Answer, Key
from pdu_shared.outbox import Promise


@dataclass(frozen=True, slots=True)
class Told:
    """What goes out and what is answered when bookings are written, by the same statement."""

    promises: Sequence[Promise]
    answers: Mapping[Key, Answer]
    unread: Unread = READ
    """What has to be so still."""


async def insert(
    conn: Conn,
    booked: Sequence[Booked],
    halls: Mapping[UUID, Sequence[Hall]],
    told: Told,
    *,
    now: datetime,
) -> Counts:
    """Write bookings with their places and contact points, count them, tell of them, answer.

    One statement. Raises NotNullViolationError when one of their halls was locked by somebody
    else since it was read, or what was not read is otherwise: then nothing was written.
    Gives by how much the counters of the halls changed.
    """
    if not booked:
        await outbox.add(conn, *told.promises, answered=told.answers)
        return Counts()
    bookings = [_booking(one, purge_on(halls[one.learning_event_id])) for one in booked]
    places = [
        (one.booking_id, session_id, one.person_id, one.given.state)
        for one in booked
        for session_id in one.given.positions
    ]
    counts = _counts(booked)
    await conn.execute(
        INSERT,
        now,
        *zip(*bookings, strict=True),
        *zip(*places, strict=True),
        *counts.columns(),
        counts.seen(),
        *outbox.columns_of(told.promises, told.answers),
        list(told.unread.versions.keys()),
        list(told.unread.versions.values()),
        list(told.unread.strangers),
    )
    await fill_holds(conn, Counter(one.given.hold_id for one in booked if one.given.hold_id))
    for state, bookings_of_it in Counter(one.given.state for one in booked).items():
        BOOKINGS.labels(state).inc(bookings_of_it)
    return counts


async def standing(conn: Conn, claims: Collection[Claim]) -> dict[Claim, BookingAnswer]:
    """The active bookings of these people, each named once, as they stand."""
    if not claims:
        return {}
    rows = await conn.fetch(
        """
        SELECT booking.booking_id, booking.learning_event_id, claim.person_id, booking.state,
               booking.offer_expires_at, place.session_id, waiting_position(booking) AS position,
               booking.outside
          FROM unnest($1::uuid[], $2::uuid[]) AS claim (learning_event_id, person_id)
          JOIN booking ON booking.learning_event_id = claim.learning_event_id
                      AND coalesce(booking.kept_as, booking.person_id) = claim.person_id
                      AND booking.active
          JOIN place USING (booking_id)
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
                offer_expires_at=row["offer_expires_at"],
                note=note(row["outside"]),
            ),
        )
        answer.places.append(
            PlaceGiven(session_id=row["session_id"], state=row["state"], position=row["position"])
        )
    return found


def _counts(booked: Sequence[Booked]) -> Counts:
    counts = Counts()
    for one in booked:
        taken = one.given.state.takes_place
        held = -(one.given.hold_id is not None)
        for hall in one.given.halls:
            counts.add(hall, taken=taken, waiting=not taken, held=held)
    return counts


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
        one.channel,
        one.attending,
        one.given.hold_id,
        one.kept_as,
        one.person.name,
        one.person.email,
        one.person.reach_in_words,
        purged,
        one.outside,
    )


INSERT = f"""
        WITH told AS (
            SELECT *
              FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::uuid[],
                          $8::text[], $9::text[], $10::text[], $11::text[], $12::text[],
                          $13::text[], $14::text[], $15::uuid[], $16::uuid[], $17::text[],
                          $18::text[], $19::text[], $20::date[], $21::text[])
                   AS told (booking_id, learning_event_id, person_id, state, organisation,
                            organisation_id, sector, work_field, role_level, area, heard_about,
                            channel, attending, hold_id, kept_as, name, address, reach, purge_on,
                            outside)),
             booked AS (
            INSERT INTO booking (booking_id, learning_event_id, person_id, state, organisation,
                                 organisation_id, sector, work_field, role_level, area, heard_about,
                                 channel, attending, hold_id, kept_as, outside, priority,
                                 booked_at)
            SELECT booking_id, learning_event_id, person_id, state, organisation, organisation_id,
                   sector, work_field, role_level, area, heard_about, channel, attending, hold_id,
                   kept_as, outside, CASE WHEN outside IS NULL THEN 1 ELSE 2 END, $1
              FROM told),
             given AS (
            INSERT INTO place (booking_id, session_id, person_id, state)
            SELECT * FROM unnest($22::uuid[], $23::uuid[], $24::uuid[], $25::text[])),
             counted AS (
            UPDATE session
               SET taken = session.taken + change.taken,
                   waiting = session.waiting + change.waiting,
                   held = session.held + change.held,
                   online_taken = session.online_taken + change.online_taken,
                   online_waiting = session.online_waiting + change.online_waiting,
                   times_locked = CASE WHEN session.times_locked = change.times_locked
                                        AND NOT EXISTS (
                                            SELECT
                                              FROM unnest($46::uuid[], $47::xid[])
                                                   AS seen (learning_event_id, version)
                                             WHERE (SELECT event.xmin
                                                      FROM learning_event AS event
                                                     WHERE event.learning_event_id
                                                           = seen.learning_event_id)
                                                   IS DISTINCT FROM seen.version)
                                        AND NOT EXISTS (
                                            SELECT FROM eligibility
                                             WHERE learning_event_id = ANY ($46::uuid[]))
                                        AND NOT EXISTS (
                                            SELECT FROM person_erased
                                             WHERE person_id = ANY ($48::uuid[]))
                                        AND NOT EXISTS (
                                            SELECT FROM person_alias
                                             WHERE merged_id = ANY ($48::uuid[]))
                                       THEN session.times_locked + 1 END
              FROM unnest($26::uuid[], $27::int[], $28::int[], $29::int[], $30::int[], $31::int[],
                          $32::bigint[])
                   AS change (session_id, taken, waiting, held, online_taken, online_waiting,
                              times_locked)
             WHERE session.session_id = change.session_id),
             reached AS (
            INSERT INTO contact (booking_id, name, address, reach, purge_on)
            SELECT booking_id, name, address, reach, purge_on FROM told),
             {outbox.written_first(33)}
        SELECT
        """  # noqa: S608 - the text is our own
"""One statement for all tables: each way to the server is time in which the halls are locked, and
all of it stands or falls together."""
