"""The letter to somebody whom a colleague proposed for a learning event."""

from pdu_notifications.dates import when_and_where
from pdu_notifications.learning_event import Programme, programme_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.bookings.nomination import NominationLinkIssued
from pdu_shared.database import Conn

KIND = "nomination"


async def ask_nominated(conn: Conn, message: NominationLinkIssued) -> None:
    """Post the letter that asks whether they want to come."""
    programme = await programme_of(conn, message.learning_event_id, message.session_ids)
    await post(conn, compose(message, programme))


LISTENERS = (ask_nominated,)


def compose(message: NominationLinkIssued, programme: Programme) -> Letter:
    """What we write to somebody who may want to come. Never sent once it has begun."""
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.nomination_id,
        expires_at=min(session.starts_at for session in programme.sessions),
        repeatable=True,
        content=Content(
            subject=f"Would you like to come to {programme.title}?",
            sections=(
                Section(
                    sentences=(
                        f"Somebody you work with thought of you for {programme.title}.",
                        f"It is provided by the {PROVIDER} (PDU).",
                        programme.purpose,
                    )
                ),
                *when_and_where(programme),
                Section(
                    heading="It is up to you",
                    sentences=(
                        "No place is kept for you: if you would like to come, book it here.",
                        "If you would rather not, you can say so, or do nothing at all.",
                        "Whoever proposed you sees numbers only, never who said yes or no.",
                    ),
                    manage="See the event and answer",
                ),
            ),
        ),
    )
