"""The letter that says a booking is cancelled, and takes it out of the reader's calendar."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from pdu_notifications.appointments import appointments
from pdu_notifications.booking import Booking, booking_of
from pdu_notifications.due import Due
from pdu_notifications.learning_event import Programme, programme_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import PROVIDER, Content, Diary, Section
from pdu_shared.contracts.bookings import BookingCancelled
from pdu_shared.contracts.vocabulary import CancelledBy, PlaceState
from pdu_shared.database import Conn
from pdu_shared.listening import Listener, UnknownReferenceError

KIND = "booking_cancellation"


async def confirm_cancellation(conn: Conn, message: BookingCancelled) -> None:
    """Post the confirmation that a booking is cancelled."""
    booking = await booking_of(conn, message.booking_id)
    if booking is None:
        raise UnknownReferenceError(str(message.booking_id))
    programme = await programme_of(conn, booking.learning_event_id, booking.session_ids)
    await post(conn, compose(message, booking, programme))


LISTENERS: Sequence[Listener] = (confirm_cancellation,)
WHEN_DUE: Mapping[str, Callable[[Conn, Due], Awaitable[None]]] = {}


def compose(message: BookingCancelled, booking: Booking, programme: Programme) -> Letter:
    """What we write to somebody whose place, or whose wait for one, has ended."""
    what = "place at" if booking.was_confirmed else "place on the waiting list for"
    entries = appointments(booking.booking_id, programme) if booking.was_confirmed else ()
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.booking_id,
        while_booking=PlaceState.CANCELLED,
        repeatable=True,
        content=Content(
            subject=f"Cancelled: {programme.title}",
            sections=(
                Section(sentences=(_said(message.by, what, programme.title),)),
                *(Section(facts=session.facts) for session in programme.sessions),
                Section(sentences=(f"Yours, the {PROVIDER} (PDU)",)),
            ),
            diary=Diary(method="CANCEL", appointments=entries) if entries else None,
        ),
    )


def _said(by: CancelledBy, what: str, title: str) -> str:
    match by:
        case CancelledBy.PERSON:
            return (
                f"Your {what} {title} is cancelled, as you asked. Thank you for telling us: "
                "somebody else can come now. You are welcome at any other time."
            )
        case CancelledBy.PDU:
            return f"We are sorry: we had to cancel your {what} {title}."
