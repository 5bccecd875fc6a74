"""The briefing on a learning event, for councillors, officers and commissioners."""

from pdu_notifications import pages
from pdu_notifications.learning_event import title_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.bookings.briefing import EventBriefingIssued
from pdu_shared.contracts.vocabulary import MailingList
from pdu_shared.database import Conn

KIND = "event_briefing"


async def send_briefing(conn: Conn, message: EventBriefingIssued) -> None:
    """Post the briefing to somebody who decides."""
    await post(conn, compose(message, await title_of(conn, message.learning_event_id)))


LISTENERS = (send_briefing,)


def compose(message: EventBriefingIssued, title: str) -> Letter:
    """What we write to somebody who decides, and was not there."""
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.briefing_id,
        list=MailingList.AFTER_EVENTS,
        content=Content(
            subject=f"In brief: {title}",
            sections=(
                Section(
                    sentences=(
                        f"This is what came of {title}, provided by the {PROVIDER} (PDU).",
                        "You get it because you decide about services that it was about.",
                    )
                ),
                Section(
                    heading="What people learned, and what they ask for",
                    sentences=message.points,
                ),
                Section(
                    sentences=("What we find out in numbers is open to everybody.",),
                    pages=(
                        (f"The page of {title}", pages.event(message.learning_event_id)),
                        ("What has changed", pages.IMPACT),
                    ),
                ),
            ),
        ),
    )
