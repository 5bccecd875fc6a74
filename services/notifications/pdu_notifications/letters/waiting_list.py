"""The letter to somebody who waits for a place."""

from pdu_notifications.booking import Standing
from pdu_notifications.dates import in_short, when_and_where
from pdu_notifications.learning_event import Programme, programme_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.bookings.place import BookingWaitlisted
from pdu_shared.database import Conn

KIND = "waiting_list"


async def tell_who_waits(conn: Conn, message: BookingWaitlisted) -> None:
    """Post the letter about the waiting list."""
    if message.reachable is False:
        return
    programme = await programme_of(conn, message.learning_event_id, message.session_ids)
    await post(conn, compose(message, programme))


LISTENERS = (tell_who_waits,)


def compose(message: BookingWaitlisted, programme: Programme) -> Letter:
    """What we write to somebody who found it full."""
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.booking_id,
        while_booking=Standing.WAITLISTED,
        expires_at=min(session.starts_at for session in programme.sessions),
        repeatable=True,
        content=Content(
            subject=f"You are on the waiting list for {programme.title}",
            sections=(
                Section(
                    sentences=(
                        f"{programme.title}, provided by the {PROVIDER} (PDU), is full just now.",
                        f"You are number {message.position} on the waiting list.",
                        "When a place is free and it is your turn, we write at once.",
                        "Then it is kept for you until you have answered.",
                        "Until then you do not have to do anything.",
                    )
                ),
                *when_and_where(programme),
                Section(
                    heading="If you no longer want to wait",
                    sentences=("Leave the list with this link; nobody asks why.",),
                    manage="See or cancel your booking",
                ),
            ),
            short=f"You are number {message.position} on the waiting list for {in_short(programme)}"
            " We tell you at once when it is your turn. See or leave the list:",
        ),
    )
