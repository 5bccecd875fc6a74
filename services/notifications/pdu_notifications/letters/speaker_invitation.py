"""The invitation to speak at a session or to run it, with the link to answer."""

from pdu_notifications.learning_event import Session
from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.bookings.topic import SpeakerInvited
from pdu_shared.contracts.bookings.topic_words import SpeakerRole
from pdu_shared.database import Conn

KIND = "speaker_invitation"
ASKED_TO = {
    SpeakerRole.SPEAKER: "speak",
    SpeakerRole.FACILITATOR: "facilitate",
    SpeakerRole.CO_FACILITATOR: "help to facilitate",
    SpeakerRole.PANEL: "sit on the panel",
    SpeakerRole.CHAIR: "take the chair",
}
YOU_DECIDE = (
    "Behind the link is the brief: what the event is for, who comes, and what else helps to know.",
    "You are named in public only if you say so there, and recorded only if you agree.",
    "You can say no, or change your mind later: nobody asks why.",
)


async def invite_speaker(conn: Conn, message: SpeakerInvited) -> None:
    """Post the invitation to somebody who is asked to speak."""
    await post(conn, compose(message))


LISTENERS = (invite_speaker,)


def compose(message: SpeakerInvited) -> Letter:
    """What we write to somebody whose help we ask for. Never sent once the session is over."""
    session = Session(
        session_id=message.session_id,
        starts_at=message.starts_at,
        ends_at=message.ends_at,
        tz=message.tz,
        mode=message.mode,
        place=message.place,
    )
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.assignment_id,
        expires_at=message.ends_at,
        repeatable=True,
        content=Content(
            subject=f"Would you {ASKED_TO[message.role]} at {message.title}?",
            sections=(
                Section(
                    sentences=(
                        f"The {PROVIDER} (PDU) prepares {message.title}.",
                        f"Would you {ASKED_TO[message.role]}? We would be glad.",
                    )
                ),
                Section(facts=session.facts),
                Section(
                    heading="Your answer",
                    sentences=YOU_DECIDE,
                    manage="Read the brief, and say yes or no",
                ),
            ),
        ),
    )
