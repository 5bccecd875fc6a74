"""The confirmation of a place, with the sessions for the reader's calendar."""

from pdu_notifications import pages
from pdu_notifications.booking import Standing
from pdu_notifications.dates import appointments, in_short, when_and_where
from pdu_notifications.learning_event import Programme, programme_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import PLANS_CHANGE, Content, Diary, Section
from pdu_shared.contracts.bookings.place import EventBooked
from pdu_shared.database import Conn

KIND = "booking_confirmation"


async def confirm_booking(conn: Conn, message: EventBooked) -> None:
    """Post the confirmation of a place. Who booked for somebody without an address tells them."""
    if message.reachable is False:
        return
    programme = await programme_of(conn, message.learning_event_id, message.session_ids)
    await post(conn, compose(message, programme))


LISTENERS = (confirm_booking,)


def compose(message: EventBooked, programme: Programme) -> Letter:
    """What we write to somebody who has a place, or chose other sessions than before."""
    chosen = (
        "You chose other sessions: below is where you come to now.",
        "Please take the ones before out of your calendar.",
    )
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.booking_id,
        offset=message.rechosen_at.isoformat() if message.rechosen_at else "0",
        while_booking=Standing.CONFIRMED,
        expires_at=max(session.ends_at for session in programme.sessions),
        repeatable=True,
        content=Content(
            subject=f"Your place at {programme.title}",
            sections=(
                Section(
                    sentences=(
                        f"You have a place at {programme.title}.",
                        f"It is provided by {programme.provider}.",
                        *(chosen if message.rechosen_at else ()),
                        *programme.purpose_and_people,
                    )
                ),
                *when_and_where(programme),
                Section(sentences=("The file with this letter puts the dates in your calendar.",)),
                Section(
                    heading="If you cannot come",
                    sentences=(PLANS_CHANGE,),
                    manage="See or cancel your booking",
                ),
                Section(
                    heading="For others, and for later",
                    sentences=("Most people hear of our events from somebody who came.",),
                    pages=(
                        (
                            "The page of this event, to pass on to a colleague",
                            pages.for_colleagues(message.learning_event_id),
                        ),
                        ("Get our bulletin, if you like", pages.subscribe("booking")),
                    ),
                ),
            ),
            diary=Diary(method="PUBLISH", appointments=appointments(message.booking_id, programme)),
            short=f"You have a place at {in_short(programme)} See or cancel it:",
        ),
    )
