"""Hands a composed letter to a mail server, and says exactly how that went."""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponseException

from pdu_shared.mail import WIRE
from pdu_shared.settings import BadSettings

PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
PERMANENT = 500
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server has taken the letter over."""


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not now: nothing was handed over, and a later attempt may do better. 0 is no answer."""

    code: int = 0
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Bounced:
    """The server refuses this recipient for good; `status` is such as 5.1.1 (RFC 3463)."""

    code: int
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """The server refuses this letter for good; the recipient may be in order."""

    code: int
    status: str | None = None


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The connection broke while the letter was handed over: it may have been sent or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How many seconds we wait for a mail server."""

    connect: float = 10
    command: float = 30
    data: float = 60
    quit: float = 2


Outcome = Accepted | Deferred | Bounced | Rejected | InDoubt


class Smtp:
    """A mail server by its URL; BadSettings when the URL is none that we dare to use.

    `smtp://` must offer STARTTLS, `smtps://` is TLS from the start, and `smtp+plain://` is for a
    post box on this machine. Certificates are checked.
    """

    def __init__(
        self,
        url: str,
        password: str | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        patience: Patience = Patience(),
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise BadSettings("PDU_SMTP_URL begins with smtp://, smtps:// or smtp+plain://.")
        if parts.scheme == "smtp+plain" and not _is_here(parts.hostname):
            raise BadSettings("PDU_SMTP_URL: smtp+plain:// is for a server on this machine only.")
        self._parts = parts
        self._port = _port(parts)
        self._username = unquote(parts.username) if parts.username else None
        self._password = password or (unquote(parts.password) if parts.password else None)
        self._tls = tls
        self._patience = patience
        self._leaving: set[asyncio.Task[None]] = set()

    async def send(
        self,
        message: EmailMessage,
        *,
        envelope_sender: str,
        before_data: Callable[[], Awaitable[None]],
    ) -> Outcome:
        """Send the message to its one recipient.

        `before_data` runs when sender and recipient are accepted, just before the first byte of
        the letter goes out: whoever notes `in_doubt` there, and finds no outcome after a crash,
        knows that the letter may have been sent. What it raises stops the letter.
        """
        recipient = _only_recipient(message)
        content = message.as_bytes(policy=WIRE)
        client = self._client(envelope_sender)
        try:
            outcome: Outcome | None = await _introduce(
                client, envelope_sender, recipient, self._patience
            )
            if outcome is None:
                await before_data()
                outcome = await _hand_over(client, content, self._patience)
        except BaseException:
            client.close()
            raise
        # Nobody waits for the goodbye: the sooner the outcome is noted, the less is in doubt.
        leaving = asyncio.create_task(_leave(client, self._patience))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)
        return outcome

    def _client(self, envelope_sender: str) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._parts.hostname,
            port=self._port,
            username=self._username,
            password=self._password,
            local_hostname=envelope_sender.rpartition("@")[2],
            timeout=self._patience.command,
            use_tls=self._parts.scheme == "smtps",
            start_tls=self._parts.scheme == "smtp",
            tls_context=self._tls,
        )


async def _introduce(
    client: aiosmtplib.SMTP, sender: str, recipient: str, patience: Patience
) -> Deferred | Bounced | None:
    try:
        await client.connect(timeout=patience.connect)
        await client.mail(sender, timeout=patience.command)
    except SMTPResponseException as refusal:
        # Whatever the code, this is about us and not about the recipient.
        return Deferred(refusal.code, _status(refusal))
    except (SMTPException, OSError):
        return Deferred()
    try:
        await client.rcpt(recipient, timeout=patience.command)
    except SMTPResponseException as refusal:
        kind = Bounced if refusal.code >= PERMANENT else Deferred
        return kind(refusal.code, _status(refusal))
    except (SMTPException, OSError):
        return Deferred()
    return None


async def _hand_over(client: aiosmtplib.SMTP, content: bytes, patience: Patience) -> Outcome:
    try:
        await client.data(content, timeout=patience.data)
    except SMTPResponseException as refusal:
        kind = Rejected if refusal.code >= PERMANENT else Deferred
        return kind(refusal.code, _status(refusal))
    except (SMTPException, OSError):
        return InDoubt()
    return Accepted()


async def _leave(client: aiosmtplib.SMTP, patience: Patience) -> None:
    try:
        if client.is_connected:
            with suppress(SMTPException, OSError):
                await client.quit(timeout=patience.quit)
    finally:
        client.close()


def _only_recipient(message: EmailMessage) -> str:
    recipients = [one for name in ("To", "Cc", "Bcc") for field in message.get_all(name, [])
                  for one in field.addresses]  # fmt: skip
    if len(recipients) != 1:
        raise ValueError("A letter has one recipient.")
    return str(recipients[0].addr_spec)


def _status(refusal: SMTPResponseException) -> str | None:
    # The rest of the server's words may hold the address.
    found = ENHANCED.match(refusal.message)
    return found[0] if found else None


def _port(parts: SplitResult) -> int:
    try:
        return parts.port or PORTS[parts.scheme]
    except ValueError:
        raise BadSettings("PDU_SMTP_URL has no usable port.") from None


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
