"""The digest for a manager: what their staff came to and plan to do, with the staff's consent."""

from pdu_notifications.letter import Letter, post
from pdu_notifications.rules.local_time import day_in_words
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.bookings.briefing import DigestLine, ManagerDigestIssued
from pdu_shared.contracts.vocabulary import MailingList
from pdu_shared.database import Conn

KIND = "manager_digest"


async def send_digest(conn: Conn, message: ManagerDigestIssued) -> None:
    """Post the digest, if there is anything in it."""
    if message.lines:
        await post(conn, compose(message))


LISTENERS = (send_digest,)


def compose(message: ManagerDigestIssued) -> Letter:
    """What we write to a manager. Whoever did not agree to it is not in it, and not counted."""
    begins, ends = day_in_words(message.period_from), day_in_words(message.period_to)
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.digest_id,
        list=MailingList.AFTER_EVENTS,
        content=Content(
            subject=f"What your staff learned with the PDU, {begins} to {ends}",
            sections=(
                Section(
                    sentences=(
                        f"Some of your staff came to events of the {PROVIDER} (PDU).",
                        "They agreed that you hear of it, so that you can talk about it.",
                    )
                ),
                *(_section(line) for line in message.lines),
                Section(
                    heading="What is not in here",
                    sentences=(
                        "Whoever did not agree is not in this letter. Please do not ask them why.",
                        "Please keep it to yourself, and delete it when you have used it.",
                    ),
                ),
            ),
        ),
    )


def _section(line: DigestLine) -> Section:
    plans = (("Wants to", line.plans),) if line.plans else ()
    return Section(
        heading=line.name,
        facts=(("Came to", line.event_title), ("On", day_in_words(line.held_on)), *plans),
    )
