"""The answer to somebody who suggested a topic, or offered to speak."""

from uuid import UUID

from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.bookings.topic import SpeakerAnswered, TopicAnswered
from pdu_shared.database import Conn

TOPIC, SPEAKER = "topic_answer", "speaker_answer"
KINDS = (TOPIC, SPEAKER)


async def answer_suggestion(conn: Conn, message: TopicAnswered) -> None:
    """Post the answer to a suggestion."""
    await post(conn, about_topic(message))


async def answer_offer(conn: Conn, message: SpeakerAnswered) -> None:
    """Post the answer to an offer."""
    await post(conn, about_offer(message))


LISTENERS = (answer_suggestion, answer_offer)


def about_topic(message: TopicAnswered) -> Letter:
    """What we write to somebody who told us what they would like to learn about."""
    about = f": {message.wording}" if message.wording else ""
    thanks = (
        f"You suggested a topic to the {PROVIDER} (PDU). Thank you.",
        "What we offer begins with what people ask for.",
    )
    content = _content(f"The topic that you suggested{about}", thanks, message.answer)
    return _letter(TOPIC, message.person_id, message.topic_id, content)


def about_offer(message: SpeakerAnswered) -> Letter:
    """What we write to somebody who offered to speak or to facilitate."""
    thanks = (
        f"You offered to share what you know with the {PROVIDER} (PDU). Thank you.",
        "Our events live from people who do.",
    )
    content = _content("Your offer to speak or facilitate", thanks, message.answer)
    return _letter(SPEAKER, message.person_id, message.offer_id, content)


def _letter(kind: str, person_id: UUID, related_id: UUID, content: Content) -> Letter:
    return Letter(
        kind=kind, person_id=person_id, related_id=related_id, repeatable=True, content=content
    )


def _content(subject: str, thanks: tuple[str, ...], answer: str) -> Content:
    said = tuple(line for line in answer.splitlines() if line)
    return Content(
        subject=subject,
        sections=(
            Section(sentences=thanks),
            Section(heading="Our answer", sentences=said),
            Section(sentences=("In four weeks we delete your name and address from this.",)),
        ),
    )
