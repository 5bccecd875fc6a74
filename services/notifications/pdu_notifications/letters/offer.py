"""The letter that offers a place which came free, and the one to those who did not answer."""

from pdu_notifications.booking import Booking, Standing, booking_of
from pdu_notifications.dates import in_short, when_and_where
from pdu_notifications.learning_event import Programme, programme_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.rules.local_time import moment_in_words
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.bookings.place import WaitlistOfferExpired, WaitlistPlaceOffered
from pdu_shared.database import Conn
from pdu_shared.listening import UnknownReferenceError

KIND = "place_offered"
LAPSED = "offer_lapsed"
KINDS = (KIND, LAPSED)


async def offer_place(conn: Conn, message: WaitlistPlaceOffered) -> None:
    """Post the offer of a place."""
    programme = await programme_of(conn, message.learning_event_id, message.session_ids)
    await post(conn, compose(message, programme))


async def tell_of_lapse(conn: Conn, message: WaitlistOfferExpired) -> None:
    """Post that the place has gone to somebody else."""
    booking = await booking_of(conn, message.booking_id)
    if booking is None:
        raise UnknownReferenceError(str(message.booking_id))
    programme = await programme_of(conn, booking.learning_event_id, booking.session_ids)
    await post(conn, compose_lapse(booking, programme))


LISTENERS = (offer_place, tell_of_lapse)


def compose(message: WaitlistPlaceOffered, programme: Programme) -> Letter:
    """What we write to somebody for whom a place came free. Never sent once the offer is over."""
    zone = programme.sessions[0].tz
    until = moment_in_words(message.offer_expires_at, zone=zone)
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.booking_id,
        while_booking=Standing.OFFERED,
        expires_at=message.offer_expires_at,
        repeatable=True,
        content=Content(
            subject=f"A place for you at {programme.title}",
            sections=(
                Section(
                    sentences=(
                        f"A place at {programme.title}, provided by the {PROVIDER} (PDU), is free.",
                        "It is your turn.",
                        f"We keep it for you until {until}.",
                    )
                ),
                Section(
                    heading="Would you like it?",
                    sentences=(
                        "Say yes or no with this link. A no is welcome, too: others are waiting.",
                    ),
                    manage="Accept or decline the place",
                ),
                *when_and_where(programme),
            ),
            short=f"A place is free for you at {in_short(programme)} "
            f"We keep it until {until}. Say yes or no:",
        ),
    )


def compose_lapse(booking: Booking, programme: Programme) -> Letter:
    """What we write to somebody who did not answer in time."""
    return Letter(
        kind=LAPSED,
        person_id=booking.person_id,
        related_id=booking.booking_id,
        while_booking=Standing.OVER,
        expires_at=min(session.starts_at for session in programme.sessions),
        repeatable=True,
        content=Content(
            subject=f"The place at {programme.title} has gone to somebody else",
            sections=(
                Section(
                    sentences=(
                        f"We kept a place at {programme.title} for you.",
                        "We did not hear from you in time, so it has gone to the next who waits.",
                        "You are no longer on the waiting list.",
                        "If you still want to come, please ask for a place again.",
                    )
                ),
                *when_and_where(programme),
            ),
        ),
    )
