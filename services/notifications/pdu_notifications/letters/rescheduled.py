"""The letter that says a session has another time, another place, or is online now.

Or that it takes place after all, as it was planned before it was postponed.
"""

from pdu_notifications.booking import Booking, Standing, bookings_in
from pdu_notifications.dates import appointments, in_short, when_and_where
from pdu_notifications.learning_event import Programme, programme_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.rules.local_time import when
from pdu_notifications.wording import Content, Diary, Section
from pdu_shared.contracts.bookings.programme import SessionMovedOnline, SessionRescheduled
from pdu_shared.database import Conn

KIND = "rescheduled"


async def tell_of_move(conn: Conn, message: SessionRescheduled | SessionMovedOnline) -> None:
    """Post a letter to each who holds a place or waits, once for each move."""
    programme = await programme_of(conn, message.learning_event_id, [message.session_id])
    for booking in await bookings_in(conn, message.session_id):
        await post(conn, compose(message, booking, programme))


LISTENERS = (tell_of_move,)


def compose(
    message: SessionRescheduled | SessionMovedOnline, booking: Booking, programme: Programme
) -> Letter:
    """What we write to somebody who planned to come to how it was before."""
    [session] = programme.sessions
    entries = appointments(booking.booking_id, programme)
    return Letter(
        kind=KIND,
        person_id=booking.person_id,
        related_id=booking.booking_id,
        offset=f"{message.session_id}-{message.ical_sequence}",
        while_booking=booking.state,
        expires_at=session.ends_at,
        repeatable=True,
        content=Content(
            subject=f"{'It takes place' if _stands(message) else 'Changed'}: {programme.title}",
            sections=(
                Section(sentences=_said(message, programme.title, booking.state)),
                *when_and_where(programme),
                Section(
                    heading="If you cannot come",
                    sentences=("Cancel with this link; nobody asks why.",),
                    manage="See or cancel your booking",
                ),
            ),
            diary=Diary(method="PUBLISH", appointments=entries)
            if booking.state is Standing.CONFIRMED
            else None,
            short=f"{'It takes place' if _stands(message) else 'This has changed'}: "
            f"{in_short(programme)} See or cancel your booking:",
        ),
    )


def _said(
    message: SessionRescheduled | SessionMovedOnline, title: str, state: Standing
) -> tuple[str, ...]:
    match state:
        case Standing.CONFIRMED:
            yours = "Your place is kept."
        case Standing.WAITLISTED:
            yours = "You keep your position on the waiting list."
        case _:
            yours = "What you asked for stands."
    if isinstance(message, SessionMovedOnline):
        return (f"{title} is online now. It was to be at {message.previous_place}.", yours)
    if _stands(message):
        return (f"{title} takes place after all, as it was first planned.", yours)
    before = when(message.previous_starts_at, message.previous_ends_at, zone=message.tz)
    return (f"{title} has changed. It was to be: {before}, {message.previous_place}.", yours)


def _stands(message: SessionRescheduled | SessionMovedOnline) -> bool:
    """Whether it is told again as it was."""
    return isinstance(message, SessionRescheduled) and (
        (message.starts_at, message.ends_at, message.place)
        == (message.previous_starts_at, message.previous_ends_at, message.previous_place)
    )
