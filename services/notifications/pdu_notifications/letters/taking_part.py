"""The letter about somebody's own part in an event: what they said yes to, and what came of it.

It says nothing that somebody who reads over their shoulder should not see.
"""

from pdu_notifications.learning_event import title_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.rules.local_time import moment_in_words
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.bookings.lived_experience import ExpertNotice, ExpertNoticeIssued
from pdu_shared.database import Conn

KIND = "taking_part"
PRIVATE = frozenset({KIND})
IT_IS_UP_TO_YOU = (
    "You can do more, or less, or nothing after all, whenever you want; nobody asks why.",
    "Whoever supports you will talk everything through with you.",
)


async def write_about_taking_part(conn: Conn, message: ExpertNoticeIssued) -> None:
    """Post what somebody who takes part is to be told."""
    await post(conn, compose(message, await title_of(conn, message.learning_event_id)))


LISTENERS = (write_about_taking_part,)


def compose(message: ExpertNoticeIssued, title: str) -> Letter:
    """What we write to somebody who takes part."""
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.notice_id,
        repeatable=True,
        content=Content(
            subject=f"About {title}",
            sections=(
                Section(sentences=_said(message, title)),
                Section(heading="It is up to you", sentences=IT_IS_UP_TO_YOU),
            ),
            short=" ".join(_said(message, title)[-2:]),
        ),
    )


def _said(message: ExpertNoticeIssued, title: str) -> tuple[str, ...]:
    match message.template:
        case ExpertNotice.OPTED_IN:
            return (
                f"Thank you for taking part in {title}, an event of the {PROVIDER} (PDU).",
                "Before the day you will hear what it is about and who will be there.",
            )
        case ExpertNotice.PRE_MEETING:
            return (
                f"We would like to meet you before {title}, so that nothing comes as a surprise.",
                *_when_and_where(message),
            )
        case ExpertNotice.FEEDBACK_GIVEN:
            return (
                f"Thank you again for your part in {title}.",
                "We have written down what came of it.",
                "Sign in to read it, or ask whoever supports you to read it with you.",
            )
        case ExpertNotice.WHAT_WAS_DONE:
            return (
                f"Thank you again for your part in {title}.",
                "Somebody has answered what was said there.",
                "Whoever supports you can tell you more.",
            )


def _when_and_where(message: ExpertNoticeIssued) -> tuple[str, ...]:
    if message.pre_meeting_at is None or message.pre_meeting_place is None:
        return ()
    return (f"We meet at {moment_in_words(message.pre_meeting_at)}: {message.pre_meeting_place}.",)
