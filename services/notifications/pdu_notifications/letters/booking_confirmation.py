"""The confirmation of a place, with the sessions for the reader's calendar."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from pdu_notifications.appointments import appointments
from pdu_notifications.due import Due
from pdu_notifications.learning_event import Programme, programme_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import PLANS_CHANGE, PROVIDER, Content, Diary, Section
from pdu_shared.contracts.bookings import EventBooked
from pdu_shared.contracts.vocabulary import PlaceState
from pdu_shared.database import Conn
from pdu_shared.listening import Listener

KIND = "booking_confirmation"


async def confirm_booking(conn: Conn, message: EventBooked) -> None:
    """Post the confirmation of a place."""
    programme = await programme_of(conn, message.learning_event_id, message.session_ids)
    await post(conn, compose(message, programme))


LISTENERS: Sequence[Listener] = (confirm_booking,)
WHEN_DUE: Mapping[str, Callable[[Conn, Due], Awaitable[None]]] = {}


def compose(message: EventBooked, programme: Programme) -> Letter:
    """What we write to somebody who has a place."""
    several = len(programme.sessions) > 1
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.booking_id,
        while_booking=PlaceState.CONFIRMED,
        expires_at=max(session.ends_at for session in programme.sessions),
        repeatable=True,
        content=Content(
            subject=f"Your place at {programme.title}",
            sections=(
                Section(
                    sentences=(
                        f"You have a place at {programme.title}, provided by the {PROVIDER} (PDU).",
                        programme.purpose,
                    )
                ),
                *(
                    Section(
                        heading=f"Session {number}" if several else "When and where",
                        facts=session.facts,
                    )
                    for number, session in enumerate(programme.sessions, start=1)
                ),
                Section(sentences=("The file with this letter puts the dates in your calendar.",)),
                Section(
                    heading="If you cannot come",
                    sentences=(PLANS_CHANGE,),
                    manage="See or cancel your booking",
                ),
            ),
            diary=Diary(method="PUBLISH", appointments=appointments(message.booking_id, programme)),
        ),
    )
