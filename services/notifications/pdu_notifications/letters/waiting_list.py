"""The letter to somebody who waits for a place."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from pdu_notifications.due import Due
from pdu_notifications.learning_event import Programme, programme_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.bookings import BookingWaitlisted
from pdu_shared.contracts.vocabulary import PlaceState
from pdu_shared.database import Conn
from pdu_shared.listening import Listener

KIND = "waiting_list"


async def tell_who_waits(conn: Conn, message: BookingWaitlisted) -> None:
    """Post the letter about the waiting list."""
    programme = await programme_of(conn, message.learning_event_id, message.session_ids)
    await post(conn, compose(message, programme))


LISTENERS: Sequence[Listener] = (tell_who_waits,)
WHEN_DUE: Mapping[str, Callable[[Conn, Due], Awaitable[None]]] = {}


def compose(message: BookingWaitlisted, programme: Programme) -> Letter:
    """What we write to somebody who found it full."""
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.booking_id,
        while_booking=PlaceState.WAITLISTED,
        expires_at=min(session.starts_at for session in programme.sessions),
        repeatable=True,
        content=Content(
            subject=f"You are on the waiting list for {programme.title}",
            sections=(
                Section(
                    sentences=(
                        f"{programme.title}, provided by the {PROVIDER} (PDU), is full just now.",
                        f"You are number {message.position} on the waiting list.",
                        "When a place is free and it is your turn, it is yours: we write at once.",
                        "You do not have to do anything.",
                    )
                ),
                *(
                    Section(heading="When and where", facts=session.facts)
                    for session in programme.sessions
                ),
                Section(
                    heading="If you no longer want to wait",
                    sentences=("Leave the list with this link; nobody asks why.",),
                    manage="See or cancel your booking",
                ),
            ),
        ),
    )
