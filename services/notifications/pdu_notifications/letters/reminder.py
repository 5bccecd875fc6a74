"""The reminder on the day before a session, at the same time by the clock on the wall."""

from datetime import UTC, datetime
from uuid import UUID

from pdu_notifications import due
from pdu_notifications.booking import Booking, Standing, booking_of, bookings_in
from pdu_notifications.dates import when_and_where
from pdu_notifications.due import Due, Planned
from pdu_notifications.learning_event import Programme, Session, programme_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.rules.local_time import day, days_before
from pdu_notifications.wording import PLANS_CHANGE, Content, Section
from pdu_shared.contracts.bookings.place import BookingCancelled, EventBooked
from pdu_shared.contracts.bookings.programme import SessionMovedOnline, SessionRescheduled
from pdu_shared.database import Conn

KIND = "reminder"
DAYS = 1


async def plan_reminders(conn: Conn, message: EventBooked | BookingCancelled) -> None:
    """Plan a reminder of each session, or withdraw them with the booking."""
    if isinstance(message, BookingCancelled):
        await due.withdraw(conn, message.booking_id)
        return
    if message.reachable is False:
        return
    if message.rechosen_at:
        await due.withdraw(conn, message.booking_id)
    programme = await programme_of(conn, message.learning_event_id, message.session_ids)
    await _plan(conn, message.booking_id, programme)


async def move_reminders(conn: Conn, message: SessionRescheduled | SessionMovedOnline) -> None:
    """Plan the reminders of a session anew."""
    await due.withdraw_session(conn, message.session_id)
    programme = await programme_of(conn, message.learning_event_id, [message.session_id])
    for booking in await bookings_in(conn, message.session_id):
        if booking.state is Standing.CONFIRMED:
            await _plan(conn, booking.booking_id, programme)


async def _plan(conn: Conn, booking_id: UUID, programme: Programme) -> None:
    for session in programme.sessions:
        due_at = days_before(session.starts_at, days=DAYS, zone=session.tz)
        # Who books later than that has the confirmation in hand.
        if due_at > datetime.now(UTC):
            planned = Planned(
                kind=KIND,
                booking_id=booking_id,
                session_id=session.session_id,
                due_at=due_at,
                reason=f"{DAYS} day before the session",
                offset=_offset(session),
            )
            await due.plan(conn, planned)


async def remind(conn: Conn, planned: Due) -> None:
    """Post the reminder of a session, if there is still a place to remind of."""
    booking = await booking_of(conn, planned.booking_id)
    if booking is None or booking.state is not Standing.CONFIRMED:
        return
    if planned.session_id not in booking.session_ids:
        return
    programme = await programme_of(conn, booking.learning_event_id, [planned.session_id])
    await post(conn, compose(booking, programme))


LISTENERS = (plan_reminders, move_reminders)
WHEN_DUE = {KIND: remind}


def _offset(session: Session) -> str:
    """One reminder for each date that a session was given."""
    moved = f"-{session.revision}" if session.revision else ""
    return f"{session.session_id}-P{DAYS}D{moved}"


def compose(booking: Booking, programme: Programme) -> Letter:
    """What we write the day before. Never sent once the session has begun."""
    [session] = programme.sessions
    return Letter(
        kind=KIND,
        person_id=booking.person_id,
        related_id=booking.booking_id,
        offset=_offset(session),
        while_booking=Standing.CONFIRMED,
        expires_at=session.starts_at,
        repeatable=True,
        content=Content(
            subject=f"On {day(session.starts_at, zone=session.tz)}: {programme.title}",
            sections=(
                Section(
                    sentences=(
                        f"We look forward to seeing you at {programme.title}.",
                        f"It is provided by {programme.provider}.",
                        *programme.purpose_and_people,
                    )
                ),
                *when_and_where(programme),
                Section(
                    heading="If you cannot come",
                    sentences=(PLANS_CHANGE,),
                    manage="See or cancel your booking",
                ),
            ),
        ),
    )
