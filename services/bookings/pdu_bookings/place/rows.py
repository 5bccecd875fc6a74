"""Bookings as rows: written together, with all that belongs to them, by one statement."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pdu_bookings.place.asking import Booked
from pdu_bookings.place.hall import BOOKINGS, Counts, fill_holds, purge_on
from pdu_bookings.place.remembered import READ, Unread
from pdu_bookings.rules.hall import Hall
from pdu_shared import idempotency, outbox
from pdu_shared.database import Conn
from pdu_shared.idempotency import Answer, Key
from pdu_shared.outbox import Promise
from pdu_shared.tables import Columns, Table, Writing


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
    counts = _counts(booked)
    text, given = INSERT.of(
        _columns(_booking(one) for one in booked),
        _columns(_places(booked)),
        _columns(_contact(one, purge_on(halls[one.learning_event_id])) for one in booked),
        [*counts.columns(), counts.seen()],
        outbox.columns_of(told.promises),
        idempotency.columns(told.answers),
    )
    versions = told.unread.versions
    await conn.execute(
        text,
        now,
        list(versions.keys()),
        list(versions.values()),
        list(told.unread.strangers),
        *given,
    )
    await fill_holds(conn, Counter(one.given.hold_id for one in booked if one.given.hold_id))
    for state, bookings_of_it in Counter(one.given.state for one in booked).items():
        BOOKINGS.labels(state).inc(bookings_of_it)
    return counts


def _counts(booked: Sequence[Booked]) -> Counts:
    counts = Counts()
    for one in booked:
        taken = one.given.state.takes_place
        held = -(one.given.hold_id is not None)
        for hall in one.given.halls:
            counts.add(hall, taken=taken, waiting=not taken, held=held)
    return counts


def _columns(rows: Iterable[tuple[Any, ...]]) -> Columns:
    return list(zip(*rows, strict=True))


def _booking(one: Booked) -> tuple[Any, ...]:
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
        one.outside,
        1 if one.outside is None else 2,
    )


def _places(booked: Sequence[Booked]) -> Iterator[tuple[Any, ...]]:
    for one in booked:
        for session_id in one.given.positions:
            yield one.booking_id, session_id, one.person_id, one.given.state


def _contact(one: Booked, purged: date) -> tuple[Any, ...]:
    return one.booking_id, one.person.name, one.person.email, one.person.reach_in_words, purged


INSERT = Writing(
    f"""
    WITH booked AS (
        INSERT INTO booking (booking_id, learning_event_id, person_id, state, organisation,
                             organisation_id, sector, work_field, role_level, area, heard_about,
                             channel, attending, hold_id, kept_as, outside, priority, booked_at)
        SELECT told.*, $1::timestamptz FROM {{bookings}} AS told),
         given AS (
        INSERT INTO place (booking_id, session_id, person_id, state)
        SELECT * FROM {{places}} AS told),
         reached AS (
        INSERT INTO contact (booking_id, name, address, reach, purge_on)
        SELECT * FROM {{contacts}} AS told),
         counted AS (
        UPDATE session
           SET taken = session.taken + change.taken,
               waiting = session.waiting + change.waiting,
               held = session.held + change.held,
               online_taken = session.online_taken + change.online_taken,
               online_waiting = session.online_waiting + change.online_waiting,
               times_locked = CASE WHEN session.times_locked = change.times_locked
                                    AND (SELECT count(*)
                                           FROM learning_event AS event
                                          WHERE event.learning_event_id = ANY ($2::uuid[])
                                            AND event.xmin = ($3::xid[])[array_position(
                                                    $2::uuid[], event.learning_event_id)])
                                        = cardinality($2::uuid[])
                                    AND NOT EXISTS (
                                        SELECT FROM eligibility
                                         WHERE learning_event_id = ANY ($2::uuid[]))
                                    AND NOT EXISTS (
                                        SELECT FROM person_erased
                                         WHERE person_id = ANY ($4::uuid[]))
                                    AND NOT EXISTS (
                                        SELECT FROM person_alias
                                         WHERE merged_id = ANY ($4::uuid[]))
                                   THEN session.times_locked + 1 END
          FROM {{changes}}
               AS change (session_id, taken, waiting, held, online_taken, online_waiting,
                          times_locked)
         WHERE session.session_id = change.session_id),
         {outbox.WRITTEN_FIRST}
    SELECT
    """,  # noqa: S608 - the text is our own
    at=5,
    bookings=Table(
        "uuid uuid uuid text text uuid text text text text text text text uuid uuid text smallint"
    ),
    places=Table("uuid uuid uuid text"),
    contacts=Table("uuid text text text date"),
    changes=Table("uuid int int int int int bigint"),
    promises=outbox.PROMISES,
    answers=idempotency.ANSWERS,
)
"""One statement for all tables: each way to the server is time in which the halls are locked, and
all of it stands or falls together. Before its tables it takes the time, the learning events that
were not read, their versions, and the people who are new here."""
