"""The letter to those who wait when places go to whoever comes first."""

from pdu_notifications.booking import Standing
from pdu_notifications.dates import in_short, when_and_where
from pdu_notifications.learning_event import Programme, programme_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.bookings.place import WaitlistOpened
from pdu_shared.database import Conn

KIND = "first_come"


async def tell_first_come(conn: Conn, message: WaitlistOpened) -> None:
    """Post that a place is free for whoever takes it first."""
    programme = await programme_of(conn, message.learning_event_id, message.session_ids)
    await post(conn, compose(message, programme))


LISTENERS = (tell_first_come,)


def compose(message: WaitlistOpened, programme: Programme) -> Letter:
    """What we write to everybody who waits, each time that a place comes free so late."""
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.booking_id,
        offset=message.opened_at.isoformat(),
        while_booking=Standing.WAITLISTED,
        expires_at=min(session.starts_at for session in programme.sessions),
        repeatable=True,
        content=Content(
            subject=f"A place is free at {programme.title}, very soon",
            sections=(
                Section(
                    sentences=(
                        f"At {programme.title}, provided by the {PROVIDER} (PDU), a place is free.",
                        "There is no time to ask one person after the other.",
                        "So we write to all who wait, and whoever takes it first has it.",
                    ),
                    manage="Take the place if it is still free",
                ),
                *when_and_where(programme),
            ),
            short=f"A place is free at {in_short(programme)} Whoever takes it first has it:",
        ),
    )
