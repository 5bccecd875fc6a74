"""Hands a composed letter to a mail server, and says exactly how that went."""

import asyncio
import re
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from ipaddress import ip_address
from typing import Literal, TypeAlias
from urllib.parse import SplitResult, unquote, urlsplit

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponseException

from pdu_shared.handover import (
    Accepted,
    Bounced,
    Deferred,
    InDoubt,
    Mark,
    Outcome,
    Rejected,
    only_recipient,
)
from pdu_shared.mail import WIRE
from pdu_shared.settings import BadSettings

PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
PERMANENT = 500
GOING_AWAY = 421
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")

Before: TypeAlias = Literal["connect", "reset", "go on"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How many seconds we wait for a mail server, and how long a connection is kept for more."""

    connect: float = 10
    command: float = 30
    data: float = 60
    quit: float = 2
    keep: float = 10
    letters: int = 100
    """So many go over one connection; servers do not like to be held for ever."""


@dataclass(slots=True)
class _Kept:
    """A connection that waits for the next letter."""

    client: aiosmtplib.SMTP
    taken: int
    clean: bool
    closing: asyncio.TimerHandle


class Smtp:
    """A mail server by its URL; BadSettings when the URL is none that we dare to use.

    `smtp://` must offer STARTTLS, `smtps://` is TLS from the start, and `smtp+plain://` is for a
    post box on this machine. Certificates are checked. Connections are kept for the letters that
    follow at once.
    """

    tells = False

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
        self._kept: list[_Kept] = []
        self._leaving: set[asyncio.Task[None]] = set()

    async def send(
        self, message: EmailMessage, *, envelope_sender: str, before_data: Mark
    ) -> Outcome:
        """Send the message to its one recipient."""
        recipient = only_recipient(message)
        content = message.as_bytes(policy=WIRE)
        found = await self._where_we_may_send(envelope_sender)
        if isinstance(found, Deferred):
            return found
        client, taken = found
        try:
            outcome: Outcome | None = await _name_recipient(client, recipient, self._patience)
            if outcome is None:
                await before_data()
                outcome = await _hand_over(client, content, self._patience)
        except BaseException:
            client.close()
            raise
        # Nobody waits for the goodbye: the sooner the outcome is noted, the less is in doubt.
        self._keep_or_leave(client, taken + 1, outcome)
        return outcome

    async def has_gone(self, message: EmailMessage) -> None:
        """Mail servers cannot be asked."""

    async def close(self) -> None:
        """Take leave of the server on every connection that waits for another letter."""
        while self._kept:
            kept = self._kept.pop()
            kept.closing.cancel()
            self._leave(kept.client)
        await asyncio.gather(*self._leaving)

    async def probe(self, sender: str) -> aiosmtplib.SMTP:
        """A connection that is ready for a letter, for somebody who wants to look at it.

        Raises what aiosmtplib raises.
        """
        client = self._client(sender)
        await client.connect(timeout=self._patience.connect)
        if client.is_ehlo_or_helo_needed:  # it greets late, and nobody knows what is offered
            await client.ehlo(timeout=self._patience.command)
        return client

    async def _where_we_may_send(self, sender: str) -> tuple[aiosmtplib.SMTP, int] | Deferred:
        """A connection on which the server has accepted this sender, and its letters so far."""
        while self._kept:
            kept = self._kept.pop()
            kept.closing.cancel()
            # Whatever it says on a connection that has grown old, it may say otherwise on a new
            # one; nothing was handed over yet.
            before: Before = "go on" if kept.clean else "reset"
            if await _name_sender(kept.client, sender, before, self._patience) is None:
                return kept.client, kept.taken
        client = self._client(sender)
        if refusal := await _name_sender(client, sender, "connect", self._patience):
            return refusal
        return client, 0

    def _keep_or_leave(self, client: aiosmtplib.SMTP, taken: int, outcome: Outcome) -> None:
        if not _goes_on(outcome) or taken >= self._patience.letters:
            self._leave(client)
            return
        closing = asyncio.get_running_loop().call_later(
            self._patience.keep, self._grown_old, client
        )
        self._kept.append(_Kept(client, taken, isinstance(outcome, Accepted), closing))

    def _grown_old(self, client: aiosmtplib.SMTP) -> None:
        self._kept = [kept for kept in self._kept if kept.client is not client]
        self._leave(client)

    def _leave(self, client: aiosmtplib.SMTP) -> None:
        leaving = asyncio.create_task(_leave(client, self._patience))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

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


def _goes_on(outcome: Outcome) -> bool:
    """Whether the server goes on listening after this answer."""
    if isinstance(outcome, Accepted):
        return True
    return not isinstance(outcome, InDoubt) and outcome.code not in {0, GOING_AWAY}


async def _name_sender(
    client: aiosmtplib.SMTP,
    sender: str,
    before: Before,
    patience: Patience,
) -> Deferred | None:
    try:
        match before:
            case "connect":
                await client.connect(timeout=patience.connect)
            case "reset":
                await client.rset(timeout=patience.command)
        await client.mail(sender, timeout=patience.command)
    except SMTPResponseException as refusal:
        # Whatever the code, this is about us and not about the recipient.
        client.close()
        return Deferred(refusal.code, _status(refusal))
    except (SMTPException, OSError):
        client.close()
        return Deferred()
    except BaseException:
        client.close()
        raise
    return None


async def _name_recipient(
    client: aiosmtplib.SMTP, recipient: str, patience: Patience
) -> Deferred | Bounced | None:
    try:
        await client.rcpt(recipient, timeout=patience.command)
    except SMTPResponseException as refusal:
        if refusal.code >= PERMANENT:
            return Bounced(refusal.code, _status(refusal))
        about_them = refusal.code != GOING_AWAY
        return Deferred(refusal.code, _status(refusal), of_recipient=about_them)
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
