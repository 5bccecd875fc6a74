"""The letter that says a booking is cancelled, and takes it out of the reader's calendar."""

from pdu_notifications.booking import Booking, Standing, booking_of
from pdu_notifications.dates import appointments, in_short, when_and_where
from pdu_notifications.learning_event import Programme, programme_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import Content, Diary, Section
from pdu_shared.contracts.bookings.place import SAME_PERSON, BookingCancelled
from pdu_shared.contracts.vocabulary import CancelledBy
from pdu_shared.database import Conn
from pdu_shared.listening import UnknownReferenceError

KIND = "booking_cancellation"


async def confirm_cancellation(conn: Conn, message: BookingCancelled) -> None:
    """Post the confirmation that a booking is cancelled."""
    booking = await booking_of(conn, message.booking_id)
    if booking is None:
        raise UnknownReferenceError(str(message.booking_id))
    programme = await programme_of(conn, booking.learning_event_id, booking.session_ids)
    await post(conn, compose(message, booking, programme))


LISTENERS = (confirm_cancellation,)


def compose(message: BookingCancelled, booking: Booking, programme: Programme) -> Letter:
    """What we write to somebody whose place, or whose wait for one, has ended."""
    what = "place at" if booking.was_confirmed else "request for a place at"
    entries = appointments(booking.booking_id, programme) if booking.was_confirmed else ()
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.booking_id,
        while_booking=Standing.OVER,
        repeatable=True,
        content=Content(
            subject=f"Cancelled: {programme.title}",
            sections=(
                Section(sentences=(_said(message, what, programme.title),)),
                *when_and_where(programme),
            ),
            diary=Diary(method="CANCEL", appointments=entries) if entries else None,
            short=f"Your {what} {in_short(programme, over=True)}",
        ),
    )


def _said(message: BookingCancelled, what: str, title: str) -> str:
    if message.reason_code == SAME_PERSON:
        return (
            f"You had booked {title} twice, under two addresses. We have kept one of your bookings "
            "and cancelled the other: this letter is about that one."
        )
    match message.by:
        case CancelledBy.PERSON:
            return (
                f"Your {what} {title} is cancelled, as you asked. Thank you for telling us: "
                "somebody else can come now. You are welcome at any other time."
            )
        case CancelledBy.PDU:
            return f"We are sorry: we had to cancel your {what} {title}."
