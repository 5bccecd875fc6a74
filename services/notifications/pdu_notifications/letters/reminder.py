"""Reminders of a session: a week and a day before, and an hour before it begins online.

Where people can join online, they are told how when it is time.
"""

from datetime import UTC, datetime
from uuid import UUID

from pdu_notifications import due
from pdu_notifications.booking import Booking, Standing, booking_of
from pdu_notifications.dates import in_short, when_and_where
from pdu_notifications.due import Due
from pdu_notifications.learning_event import Programme, Session, is_postponed, programme_of
from pdu_notifications.letter import Letter
from pdu_notifications.rules.cadence import DAY, HOUR, WEEK, Moment, before
from pdu_notifications.rules.local_time import clock, day, days_before
from pdu_notifications.wording import PLANS_CHANGE, Content, Section
from pdu_shared.contracts.bookings.place import BookingCancelled, EventBooked
from pdu_shared.contracts.bookings.programme import SessionMovedOnline, SessionRescheduled
from pdu_shared.contracts.vocabulary import DeliveryMode
from pdu_shared.database import Conn

KIND = "reminder"
JOIN = "The link to join is on the page of your booking, from 24 hours before until the end."


async def plan_reminders(conn: Conn, message: EventBooked | BookingCancelled) -> None:
    """Plan the reminders of each session, or withdraw them with the booking."""
    if isinstance(message, BookingCancelled) or message.rechosen_at:
        await due.withdraw(conn, message.booking_id)
    if isinstance(message, EventBooked):
        programme = await programme_of(conn, message.learning_event_id, message.session_ids)
        for session in programme.sessions:
            await _plan(conn, session, booking_id=message.booking_id)


async def move_reminders(conn: Conn, message: SessionRescheduled | SessionMovedOnline) -> None:
    """Plan the reminders of a session anew, for everybody who comes to it."""
    programme = await programme_of(conn, message.learning_event_id, [message.session_id])
    await due.withdraw_session(conn, message.session_id, KIND)
    for session in programme.sessions:
        await _plan(conn, session)


async def _plan(conn: Conn, session: Session, *, booking_id: UUID | None = None) -> None:
    now = datetime.now(UTC)
    planned = [
        Moment(_offset(session, one.offset), one.due_at, one.reason)
        for one in before(session.starts_at, zone=session.tz, online=session.online)
        # Who books later than that has the confirmation in hand.
        if one.due_at > now
    ]
    await due.plan_for_places(conn, KIND, session.session_id, planned, booking_id=booking_id)


def _offset(session: Session, ahead: str) -> str:
    """One reminder of each kind for each date that a session was given."""
    moved = f"-{session.revision}" if session.revision else ""
    return f"{session.session_id}-{ahead}{moved}"


async def remind(conn: Conn, planned: Due) -> Letter | None:
    """The reminder of a session, if there is still a place to remind of."""
    booking = await booking_of(conn, planned.related_id)
    if booking is None or booking.state is not Standing.CONFIRMED:
        return None
    if planned.session_id not in booking.session_ids:
        return None
    if await is_postponed(conn, booking.learning_event_id):
        return None
    programme = await programme_of(conn, booking.learning_event_id, [planned.session_id])
    return compose(booking, programme, planned.offset)


LISTENERS = (plan_reminders, move_reminders)
WHEN_DUE = {KIND: remind}


def compose(booking: Booking, programme: Programme, offset: str) -> Letter:
    """What we write ahead of a session. Never sent once it has begun, or the next one is due."""
    [session] = programme.sessions
    ahead = next(one for one in (WEEK, DAY, HOUR) if one in offset)
    too_late = session.starts_at
    if ahead == WEEK:
        too_late = days_before(session.starts_at, days=1, zone=session.tz)
    return Letter(
        kind=KIND,
        person_id=booking.person_id,
        related_id=booking.booking_id,
        offset=offset,
        while_booking=Standing.CONFIRMED,
        expires_at=too_late,
        waits_for_morning=ahead != HOUR,
        repeatable=True,
        content=Content(
            subject=_subject(programme, session, ahead),
            sections=(
                Section(
                    sentences=(
                        f"We look forward to seeing you at {programme.title}.",
                        f"It is provided by {programme.provider}.",
                        *programme.purpose_and_people,
                    )
                ),
                *when_and_where(programme),
                *_joining(session, ahead),
                Section(
                    heading="If you cannot come",
                    sentences=(PLANS_CHANGE,),
                    manage="See or cancel your booking",
                ),
            ),
            short=f"We look forward to seeing you at {in_short(programme)} "
            "If you cannot come, please cancel:",
        ),
    )


def _subject(programme: Programme, session: Session, ahead: str) -> str:
    if ahead == HOUR:
        return f"At {clock(session.starts_at, zone=session.tz)} online: {programme.title}"
    when = day(session.starts_at, zone=session.tz)
    return (
        f"Coming up on {when}: {programme.title}"
        if ahead == WEEK
        else f"On {when}: {programme.title}"
    )


def _joining(session: Session, ahead: str) -> tuple[Section, ...]:
    if ahead == WEEK or not session.online:
        return ()
    either = session.mode is DeliveryMode.HYBRID
    heading = "If you come online" if either else "How to join"
    return (Section(heading=heading, sentences=(JOIN,), manage="See the link to join"),)
