"""Bookings and attendances as records of the past have them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from pdu_bookings.attendance import rows as attendance_rows
from pdu_bookings.attendance.recording import write_down
from pdu_bookings.attendance.rows import Attendee, Mark, Recorder, Standing
from pdu_bookings.category import Categories
from pdu_bookings.past import booking
from pdu_bookings.past.booking import Kept, PastBooking, Place
from pdu_bookings.place.asking import AsAtTheTime
from pdu_bookings.rules.attendance import CAME, imported
from pdu_shared import outbox
from pdu_shared.access import Role
from pdu_shared.contracts.bookings.place import EventBooked
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import AttendanceState
from pdu_shared.database import Conn
from pdu_shared.forms import EmailAddress, LocalMoment, OneLine
from pdu_shared.identity import canonical_address, derived_id, organisation_id, uuid7
from pdu_shared.local_time import local_day
from pdu_shared.outbox import Promise
from pdu_shared.persons import persons_of
from pdu_shared.problems import Fault, Refused
from pdu_shared.rows import Row
from pdu_shared.runtime import Runtime


class AttendanceRow(AsAtTheTime, Row):
    """One booking, and what became of it: nothing yet, while the session is still to come."""

    event_key: OneLine
    person_email: EmailAddress
    booked_at: LocalMoment
    state: AttendanceState | None = None
    heard_about: Code | None = None

    @property
    def key(self) -> tuple[str, str]:
        """One person at one session."""
        return self.event_key, canonical_address(self.person_email)


@dataclass(frozen=True, slots=True)
class Said:
    """A row with the booking that it means, and what is there of both already."""

    booking: PastBooking
    state: AttendanceState | None
    place: Place
    kept: Kept | None
    standing: Standing | None

    @property
    def is_another(self) -> bool:
        """Whether the booking is new, or not as it was. What was done here stays as it is."""
        kept = self.kept
        if kept is None:
            return True
        return kept.imported and not kept.cancelled and kept.booking != self.booking

    @property
    def attendee(self) -> Attendee:
        """Who was at the session, or was missed. Who gave the place back walked in."""
        kept, booking = self.kept, self.booking
        if kept and kept.cancelled:
            return Attendee(booking.session_id, booking.person_id, None, booking.as_at_the_time)
        return Attendee(
            booking.session_id,
            booking.person_id,
            kept.booking.booking_id if kept else booking.booking_id,
            booking.as_at_the_time,
            local_day(booking.booked_at),
            booking.heard_about,
        )


async def take_attendances(conn: Conn, rows: Sequence[AttendanceRow], here: Runtime) -> int:
    """Write down who booked and what became of it, and tell what is new or another.

    Raises Refused for words that are in no list, for an event that is not there, for somebody who
    was at a cancelled one, and when a session still to come has no place left.
    """
    now = datetime.now(UTC)
    await here.part(Categories).check([word for row in rows for word in row.said()], conn)
    people = await persons_of(conn, here.person_key, [row.person_email for row in rows])
    places = await booking.places(conn, {row.event_key for row in rows})
    _refuse(rows, places)
    bookings = [_booking(row, who, places) for row, who in zip(rows, people, strict=True)]
    said = await _compare(conn, rows, bookings, places)

    await booking.insert(conn, [one.booking for one in said if one.kept is None], now=now)
    others = [one for one in said if one.kept and one.is_another]
    await booking.update(conn, [one.booking for one in others])
    told_before = await booking.told_of(conn, [one.booking.booking_id for one in others])
    open_still = [
        one.booking
        for one in said
        if one.is_another and (one.state is None or one.booking.booking_id in told_before)
    ]
    await outbox.add(conn, *map(_event_booked, open_still))
    marked = [(one, mark) for one in said if (mark := _mark(one))]
    sittings = {one.booking.session_id: one.place.sitting for one, _ in marked}
    marks = [mark for _, mark in marked]
    await write_down(conn, sittings, marks, by=Recorder(Role.INTEGRATION), now=now)
    return sum(one.is_another for one in said) + sum(not one.is_another for one, _ in marked)


def _refuse(rows: Sequence[AttendanceRow], places: Mapping[str, Place]) -> None:
    for row in rows:
        if row.event_key not in places:
            told = "This event is not among those that were imported."
            raise Refused(errors=[Fault("/event_key", "unknown-event", told)])
        if places[row.event_key].cancelled and row.state in CAME:
            told = "This event was cancelled, so nobody was there."
            raise Refused(errors=[Fault("/state", "event-cancelled", told)])


def _booking(row: AttendanceRow, person_id: UUID, places: Mapping[str, Place]) -> PastBooking:
    sitting = places[row.event_key].sitting
    return PastBooking(
        booking_id=derived_id("booking", sitting.session_id, person_id),
        session_id=sitting.session_id,
        learning_event_id=sitting.learning_event_id,
        person_id=person_id,
        organisation=row.organisation,
        organisation_id=organisation_id(row.organisation) if row.organisation else None,
        sector=row.sector,
        work_field=row.work_field,
        role_level=row.role_level,
        area=row.area,
        heard_about=row.heard_about,
        booked_at=row.booked_at,
    )


async def _compare(
    conn: Conn,
    rows: Sequence[AttendanceRow],
    bookings: Sequence[PastBooking],
    places: Mapping[str, Place],
) -> list[Said]:
    """What the rows say, beside what is there."""
    kept = await booking.kept(conn, bookings)
    standing = await attendance_rows.standing(conn, [one.attendance_id for one in bookings])
    return [
        Said(
            booking,
            row.state,
            places[row.event_key],
            kept.get((booking.learning_event_id, booking.person_id)),
            standing.get(booking.attendance_id),
        )
        for row, booking in zip(rows, bookings, strict=True)
    ]


def _mark(one: Said) -> Mark | None:
    """The entry to write down, if there is anything new."""
    if one.state is None:
        return None
    attendee, standing = one.attendee, one.standing
    new = imported(
        one.state,
        standing.entry if standing else None,
        before=standing.imported if standing else None,
        same=standing is not None and standing.attendee == attendee,
    )
    return Mark(uuid7(), attendee, one.state, new) if new else None


def _event_booked(booking: PastBooking) -> Promise:
    booked = EventBooked(
        booking_id=booking.booking_id,
        learning_event_id=booking.learning_event_id,
        session_ids=(booking.session_id,),
        person_id=booking.person_id,
        heard_about=booking.heard_about,
        booked_on=local_day(booking.booked_at),
        **booking.as_at_the_time,
    )
    return Promise(booked, happened_at=booking.booked_at)
