"""The letter that says an event is postponed: what was booked stays, the new date follows.

It takes the old dates out of calendars.
"""

from pdu_notifications.booking import Booking, Standing, bookings_of
from pdu_notifications.dates import appointments
from pdu_notifications.learning_event import Programme, programme_of, sessions_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.rules.local_time import when
from pdu_notifications.wording import Content, Diary, Section
from pdu_shared.bus import current_thread
from pdu_shared.contracts.bookings.programme import EventPostponed
from pdu_shared.database import Conn

KIND = "postponed"


async def tell_of_postponement(conn: Conn, message: EventPostponed) -> None:
    """Post a letter to each who holds a place or waits, once for each time it is postponed."""
    session_ids = await sessions_of(conn, message.learning_event_id)
    programme = await programme_of(conn, message.learning_event_id, session_ids)
    # It may be postponed again: the message tells one time from the other.
    offset = str(current_thread().causation_id)
    for booking in await bookings_of(conn, message.learning_event_id):
        await post(conn, compose(booking, programme, offset))


LISTENERS = (tell_of_postponement,)


def compose(booking: Booking, programme: Programme, offset: str = "0") -> Letter:
    """What we write to somebody who planned to come."""
    kept = {
        Standing.CONFIRMED: "Your place is kept.",
        Standing.WAITLISTED: "You keep your position on the waiting list.",
    }
    return Letter(
        kind=KIND,
        person_id=booking.person_id,
        related_id=booking.booking_id,
        offset=offset,
        while_booking=booking.state,
        repeatable=True,
        content=Content(
            subject=f"Postponed: {programme.title}",
            sections=(
                Section(
                    sentences=(
                        f"{programme.title} will not be when it was to be. We are sorry.",
                        f"It is provided by {programme.provider}.",
                        kept.get(booking.state, "What you asked for stands."),
                        "As soon as there is a new date we write to you.",
                    )
                ),
                Section(
                    heading="Not any more",
                    facts=tuple(
                        ("When", when(one.starts_at, one.ends_at, zone=one.tz))
                        for one in programme.sessions
                    ),
                ),
                Section(
                    heading="If you do not want to wait",
                    sentences=("Cancel with this link; nobody asks why.",),
                    manage="See or cancel your booking",
                ),
            ),
            diary=Diary(method="CANCEL", appointments=appointments(booking.booking_id, programme))
            if booking.state is Standing.CONFIRMED
            else None,
            short=f"{programme.title} is postponed. We are sorry. {kept.get(booking.state, '')} "
            "We tell you when there is a new date. See or cancel your booking:",
        ),
    )
