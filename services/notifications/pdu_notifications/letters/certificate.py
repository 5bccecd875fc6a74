"""The letter with somebody's certificate of attendance."""

from pdu_notifications.learning_event import title_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.bookings.attendance import CertificateLinkIssued
from pdu_shared.database import Conn

KIND = "certificate"


async def send_certificate(conn: Conn, message: CertificateLinkIssued) -> None:
    """Post the link of a certificate that its holder did not have to ask for."""
    await post(conn, compose(message, await title_of(conn, message.learning_event_id)))


LISTENERS = (send_certificate,)


def compose(message: CertificateLinkIssued, title: str) -> Letter:
    """What we write to somebody who completed a learning event."""
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.certificate_id,
        repeatable=True,
        content=Content(
            subject=f"Your certificate for {title}",
            sections=(
                Section(
                    sentences=(
                        f"Thank you for coming to {title}, provided by the {PROVIDER} (PDU).",
                        "Here is your certificate of attendance, to print or to send on.",
                    ),
                    manage=f"Your certificate for {title}",
                ),
                Section(
                    heading="Your name on it",
                    sentences=(
                        "Whoever has the link sees your initials, and not your name.",
                        "Your name is on it by the link in the letter that confirmed your place.",
                        "There you can also show your name to others.",
                    ),
                ),
            ),
        ),
    )
