"""The letters where somebody decides on each who asks: we have your request, and no."""

from pdu_notifications.booking import Booking, Standing, booking_of
from pdu_notifications.dates import when_and_where
from pdu_notifications.learning_event import Programme, programme_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.bookings.place import BookingDeclined, BookingRequested
from pdu_shared.database import Conn
from pdu_shared.listening import UnknownReferenceError

KIND = "place_requested"
DECLINED = "request_declined"
KINDS = (KIND, DECLINED)


async def confirm_request(conn: Conn, message: BookingRequested) -> None:
    """Post that a request has arrived. The yes is the confirmation of the place."""
    programme = await programme_of(conn, message.learning_event_id, message.session_ids)
    await post(conn, compose(message, programme))


async def tell_of_refusal(conn: Conn, message: BookingDeclined) -> None:
    """Post that there is no place for somebody."""
    booking = await booking_of(conn, message.booking_id)
    if booking is None:
        raise UnknownReferenceError(str(message.booking_id))
    programme = await programme_of(conn, booking.learning_event_id, booking.session_ids)
    await post(conn, compose_refusal(booking, programme))


LISTENERS = (confirm_request, tell_of_refusal)


def compose(message: BookingRequested, programme: Programme) -> Letter:
    """What we write to somebody whose request is looked at."""
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.booking_id,
        while_booking=Standing.REQUESTED,
        expires_at=min(session.starts_at for session in programme.sessions),
        repeatable=True,
        content=Content(
            subject=f"We have your request for {programme.title}",
            sections=(
                Section(
                    sentences=(
                        f"Thank you for asking for a place at {programme.title}.",
                        f"At this event of the {PROVIDER} (PDU) we look at each request ourselves.",
                        "A place is kept for you until we have done so, and then we write to you.",
                    )
                ),
                *when_and_where(programme),
                Section(
                    heading="If you no longer want to come",
                    sentences=("Withdraw your request with this link; nobody asks why.",),
                    manage="See or withdraw your request",
                ),
            ),
        ),
    )


def compose_refusal(booking: Booking, programme: Programme) -> Letter:
    """What we write to somebody who does not get a place."""
    return Letter(
        kind=DECLINED,
        person_id=booking.person_id,
        related_id=booking.booking_id,
        while_booking=Standing.OVER,
        repeatable=True,
        content=Content(
            subject=f"Your request for {programme.title}",
            sections=(
                Section(
                    sentences=(
                        f"We are sorry: we cannot give you a place at {programme.title} this time.",
                        "You are welcome at our other events.",
                    )
                ),
                *when_and_where(programme),
            ),
        ),
    )
