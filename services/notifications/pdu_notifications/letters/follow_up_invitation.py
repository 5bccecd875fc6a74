"""The invitation to a follow-up, for those who were at the first event, before others are asked."""

from pdu_notifications.dates import when_and_where
from pdu_notifications.learning_event import Programme, programme_of, sessions_of, title_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.rules.local_time import day
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.bookings.programme import FollowUpInvited
from pdu_shared.contracts.vocabulary import MailingList
from pdu_shared.database import Conn

KIND = "follow_up_invitation"


async def invite_to_follow_up(conn: Conn, message: FollowUpInvited) -> None:
    """Post the invitation to a follow-up."""
    session_ids = await sessions_of(conn, message.learning_event_id)
    programme = await programme_of(conn, message.learning_event_id, session_ids)
    await post(conn, compose(message, await title_of(conn, message.original_id), programme))


LISTENERS = (invite_to_follow_up,)


def compose(message: FollowUpInvited, original: str, programme: Programme) -> Letter:
    """What we write to somebody who may book first."""
    until = day(message.until, zone=programme.sessions[0].tz)
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.follow_up_invitation_id,
        expires_at=message.until,
        repeatable=True,
        list=MailingList.AFTER_EVENTS,
        content=Content(
            subject=f"You are invited first: {programme.title}",
            sections=(
                Section(
                    sentences=(
                        f"You came to {original}, provided by the {PROVIDER} (PDU).",
                        f"{programme.title} takes it up. {programme.purpose}",
                        f"Until {until} only those who came can book; then it opens to everybody.",
                    )
                ),
                *when_and_where(programme),
                Section(
                    sentences=("Nobody has to come. If you would like to, book with this link.",),
                    manage="See the event and book a place",
                ),
            ),
        ),
    )
