"""Looks at the mail server, and sends a letter through whatever letters leave by."""

import ssl
from datetime import UTC, datetime
from email.headerregistry import Address

import aiosmtplib

from pdu_notifications.rules.mail_records import Finding, Mark
from pdu_notifications.wording import PROVIDER
from pdu_shared import mail
from pdu_shared.handover import Accepted, Bounced, Deferred, InDoubt, Rejected, Sink
from pdu_shared.identity import uuid7
from pdu_shared.settings import Settings
from pdu_shared.smtp import Smtp

SERVER = "Mail server"
LETTER = "Test letter"
SOON = 14
TEXT = """\
Hello,

Somebody who looks after our mail asked for this letter, to see whether it arrives. It did.
There is nothing to do.

{provider}
"""


async def look_at_server(sink: Sink, settings: Settings, *, now: datetime) -> list[Finding]:
    """Whether the server lets us in, and how well what we say to it is protected."""
    if not isinstance(sink, Smtp):
        return [Finding(Mark.NOTE, SERVER, "Letters do not leave by SMTP (PDU_MAIL_URL).")]
    try:
        client = await sink.probe(settings.mail_from)
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        return [Finding(Mark.WRONG, SERVER, _words(error))]
    try:
        tls = _of_tls(client.get_transport_info("ssl_object"), now)
        return [Finding(Mark.FINE, SERVER, "It lets us in."), tls]
    finally:
        client.close()


async def send_test_letter(
    sink: Sink, settings: Settings, to: Address, *, envelope_sender: str
) -> Finding:
    """Send somebody a letter that only says that it arrived."""
    sender = mail.address(settings.mail_from)
    message = mail.compose(
        mail.Letter(
            message_id=mail.message_id(f"doctor:{uuid7()}", sender.domain),
            written_at=datetime.now(UTC),
            sender=Address(PROVIDER, sender.username, sender.domain),
            to=to,
            subject="A test of our mail",
            text=TEXT.format(provider=PROVIDER),
        )
    )
    outcome = await sink.send(message, envelope_sender=envelope_sender, before_data=_nothing)
    await sink.close()
    match outcome:
        case Accepted():
            words = "It was taken over. Look whether it arrived, and not among the junk."
            return Finding(Mark.FINE, LETTER, words)
        case Deferred(code, status):
            return Finding(Mark.WRONG, LETTER, f"Not now, said the server ({status or code}).")
        case Bounced(code, status):
            return Finding(Mark.WRONG, LETTER, f"The recipient is refused ({status or code}).")
        case Rejected(code, status):
            return Finding(Mark.WRONG, LETTER, f"The letter is refused ({status or code}).")
        case InDoubt():
            return Finding(Mark.UNSURE, LETTER, "The connection broke: it may arrive or not.")


async def _nothing() -> None:
    return


def _of_tls(protected: ssl.SSLObject | None, now: datetime) -> Finding:
    if protected is None:
        words = "None: good for a server on this machine, and for nothing else."
        return Finding(Mark.NOTE, "TLS", words)
    ends = str((protected.getpeercert() or {}).get("notAfter", ""))
    days = int((ssl.cert_time_to_seconds(ends) - now.timestamp()) // 86400) if ends else 0
    words = f"{protected.version()}; the certificate is good for {days} more days."
    return Finding(Mark.NOTE if days < SOON else Mark.FINE, "TLS", words)


def _words(error: Exception) -> str:
    """What went wrong. What the server said may repeat a name or a password: only its code."""
    if (unknown := _unvouched(error)) is not None:
        return f"Nobody vouches for its certificate: {unknown}."
    if "STARTTLS" in str(error):
        return "It does not offer STARTTLS: use smtps://, or ask for another server."
    words = f"It does not let us in ({type(error).__name__})."
    match error:
        case aiosmtplib.SMTPAuthenticationError():
            words = f"It does not accept name and password ({error.code})."
        case aiosmtplib.SMTPResponseException():
            words = f"It does not let us in ({error.code})."
        case aiosmtplib.SMTPTimeoutError() | TimeoutError():
            words = "It does not answer."
        case aiosmtplib.SMTPConnectError() | OSError():
            words = "It cannot be reached: look at its name and port in PDU_SMTP_URL."
    return words


def _unvouched(error: BaseException | None) -> str | None:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return str(error.verify_message)
        error = error.__cause__ or error.__context__
    return None
