"""The reminder on the day before a session, at the same time by the clock on the wall."""

from datetime import UTC, datetime

from pdu_notifications import due
from pdu_notifications.booking import Booking, booking_of
from pdu_notifications.dates import when_and_where
from pdu_notifications.due import Due, Planned
from pdu_notifications.learning_event import Programme, programme_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.rules.local_time import day, days_before
from pdu_notifications.wording import PLANS_CHANGE, PROVIDER, Content, Section
from pdu_shared.contracts.bookings import BookingCancelled, EventBooked
from pdu_shared.contracts.vocabulary import PlaceState
from pdu_shared.database import Conn

KIND = "reminder"
DAYS = 1


async def plan_reminders(conn: Conn, message: EventBooked | BookingCancelled) -> None:
    """Plan a reminder of each session, or withdraw them with the booking."""
    if isinstance(message, BookingCancelled):
        await due.withdraw(conn, message.booking_id)
        return
    programme = await programme_of(conn, message.learning_event_id, message.session_ids)
    for session in programme.sessions:
        due_at = days_before(session.starts_at, days=DAYS, zone=session.tz)
        # Who books later than that has the confirmation in hand.
        if due_at > datetime.now(UTC):
            planned = Planned(
                kind=KIND,
                booking_id=message.booking_id,
                session_id=session.session_id,
                due_at=due_at,
                reason=f"{DAYS} day before the session",
                offset=f"{session.session_id}-P{DAYS}D",
            )
            await due.plan(conn, planned)


async def remind(conn: Conn, planned: Due) -> None:
    """Post the reminder of a session, if there is still a place to remind of."""
    booking = await booking_of(conn, planned.booking_id)
    if booking is None or booking.state is not PlaceState.CONFIRMED:
        return
    programme = await programme_of(conn, booking.learning_event_id, [planned.session_id])
    await post(conn, compose(booking, programme))


LISTENERS = (plan_reminders,)
WHEN_DUE = {KIND: remind}


def compose(booking: Booking, programme: Programme) -> Letter:
    """What we write the day before. Never sent once the session has begun."""
    [session] = programme.sessions
    return Letter(
        kind=KIND,
        person_id=booking.person_id,
        related_id=booking.booking_id,
        offset=f"{session.session_id}-P{DAYS}D",
        while_booking=PlaceState.CONFIRMED,
        expires_at=session.starts_at,
        repeatable=True,
        content=Content(
            subject=f"On {day(session.starts_at, zone=session.tz)}: {programme.title}",
            sections=(
                Section(
                    sentences=(
                        f"We look forward to seeing you at {programme.title}.",
                        f"It is provided by the {PROVIDER} (PDU).",
                        programme.purpose,
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
