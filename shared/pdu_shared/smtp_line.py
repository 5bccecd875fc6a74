"""A connection to a mail server over which many letters go, one after another.

Each letter costs one turn where the server takes commands in groups (PIPELINING, RFC 2920): its
text goes out together with the sender and the recipient of the next.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponseException

from pdu_shared.handover import Accepted, Bounced, Deferred, InDoubt, Outcome, Rejected
from pdu_shared.smtp import ENHANCED, GOING_AWAY, PERMANENT, Patience, Smtp

GO_ON = 354
FINE = range(200, 300)
LONGEST_ANSWER = 64 * 1024


@dataclass(slots=True)
class Parcel:
    """A composed letter, and how far it has come."""

    recipient: str
    content: bytes
    begun: bool = False
    """Whether its first byte has gone out: without an outcome it may have been sent or not."""
    outcome: Outcome | None = None
    sender: str | None = None
    """What it comes back to; none for the line's own."""


class Line:
    """An open connection. What was answered stands in each parcel, also when it breaks."""

    def __init__(self, client: aiosmtplib.SMTP, sender: str, patience: Patience) -> None:
        self.usable = True
        self._transport = cast("asyncio.Transport", client.transport)
        self._answers = _Answers()
        self._transport.set_protocol(self._answers)
        self._sender = sender
        self._in_groups = client.supports_extension("pipelining")
        self._announced: Parcel | None = None
        self._patience = patience

    @classmethod
    async def open(
        cls, smtp: Smtp, sender: str, *, patience: Patience | None = None
    ) -> "Line | Deferred":
        """A line to this mail server, greeted and signed in; or why there is none just now."""
        patience = patience or Patience()
        try:
            client = await smtp.probe(sender)
            if client.is_ehlo_or_helo_needed:
                await client.ehlo(timeout=patience.command)
            return cls(client, sender, patience)
        except SMTPResponseException as refusal:
            return Deferred(refusal.code)
        except (SMTPException, OSError):
            return Deferred()

    async def hand_over(self, parcels: Sequence[Parcel]) -> None:
        """Hand over what has no outcome yet, each to its one recipient.

        Every parcel has an outcome afterwards. Whoever is cancelled meanwhile finds in `begun`
        which of the others may have been sent.
        """
        waiting = deque(parcel for parcel in parcels if parcel.outcome is None)
        try:
            while waiting and self.usable:
                parcel = waiting.popleft()
                async with asyncio.timeout(self._patience.data):
                    await self._hand_over(parcel, waiting[0] if waiting else None)
        except (OSError, TimeoutError, ValueError):
            self.close()
        except BaseException:
            self.close()
            raise
        for parcel in parcels:
            if parcel.outcome is None:
                parcel.outcome = InDoubt() if parcel.begun else Deferred()

    async def leave(self) -> None:
        """Take leave of the server."""
        if self.usable:
            with suppress(OSError, TimeoutError, ValueError):
                self._write(b"QUIT\r\n")
                async with asyncio.timeout(self._patience.quit):
                    await self._answers.next()
        self.close()

    def close(self) -> None:
        """End it at once."""
        self.usable = False
        self._transport.close()

    async def _hand_over(self, parcel: Parcel, following: Parcel | None) -> None:
        refusal = await self._introduce(parcel)
        if refusal is not None:
            parcel.outcome = refusal
            if refusal.code == GOING_AWAY:
                self.close()
                return
            self._write(b"RSET\r\n")
            await self._answer()
            return
        parcel.begun = True
        text = parcel.content.replace(b"\r\n.", b"\r\n..")
        if self._in_groups and following is not None:
            self._announced = following
            self._write(b"%b.\r\n%b" % (text, b"".join(self._commands(following))))
        else:
            self._write(text + b".\r\n")
        code, words = await self._answer()
        if code in FINE:
            parcel.outcome = Accepted()
        else:
            kind = Rejected if code >= PERMANENT else Deferred
            parcel.outcome = kind(code, _status(words))
        if code == GOING_AWAY:
            self.close()

    async def _introduce(self, parcel: Parcel) -> Deferred | Bounced | Rejected | None:
        """Name sender and recipient; nothing when the server now waits for the letter."""
        commands = self._commands(parcel)
        if self._in_groups:
            if self._announced is not parcel:
                self._write(b"".join(commands))
            self._announced = None
            answers = [await self._answer() for _ in commands]
        else:
            answers = []
            for command in commands:
                self._write(command)
                answers.append(await self._answer())
                if answers[-1][0] not in FINE:
                    break
        if refusal := _refusal(answers):
            if len(answers) == len(commands) and answers[-1][0] == GO_ON:
                self._write(b".\r\n")  # a letter to nobody: the server says so itself
                await self._answer()
            return refusal
        return None

    def _commands(self, parcel: Parcel) -> tuple[bytes, bytes, bytes]:
        sender = (parcel.sender or self._sender).encode("ascii")
        recipient = parcel.recipient.encode("ascii")
        return b"MAIL FROM:<%b>\r\n" % sender, b"RCPT TO:<%b>\r\n" % recipient, b"DATA\r\n"

    def _write(self, data: bytes) -> None:
        if self._answers.lost:
            raise ConnectionResetError
        self._transport.write(data)

    async def _answer(self) -> tuple[int, bytes]:
        return await self._answers.next()


def _refusal(answers: Sequence[tuple[int, bytes]]) -> Deferred | Bounced | Rejected | None:
    code, words = answers[0]
    if code not in FINE:
        return Deferred(code, _status(words))  # about us, whatever the code
    code, words = answers[1]
    if code not in FINE:
        if code >= PERMANENT:
            return Bounced(code, _status(words))
        return Deferred(code, _status(words), of_recipient=code != GOING_AWAY)
    code, words = answers[2]
    if code != GO_ON:
        last = Rejected if code >= PERMANENT else Deferred
        return last(code, _status(words))
    return None


def _status(words: bytes) -> str | None:
    # The rest of the server's words may hold the address.
    found = ENHANCED.match(words.decode("ascii", "replace"))
    return found[0] if found else None


class _Answers(asyncio.Protocol):
    """What the server says, one answer at a time."""

    def __init__(self) -> None:
        self.lost = False
        self._said = bytearray()
        self._answers: deque[tuple[int, bytes]] = deque()
        self._awaited: asyncio.Future[None] | None = None

    def data_received(self, data: bytes) -> None:
        self._said += data
        while (end := self._said.find(b"\n")) >= 0:
            line = bytes(self._said[:end]).rstrip(b"\r")
            del self._said[: end + 1]
            if line[3:4] != b"-":
                self._answers.append((int(line[:3]) if line[:3].isdigit() else 0, line[4:]))
        if len(self._said) > LONGEST_ANSWER:
            self.lost = True
        self._wake()

    def eof_received(self) -> bool:
        self.lost = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self.lost = True
        self._wake()

    async def next(self) -> tuple[int, bytes]:
        while not self._answers:
            if self.lost:
                raise ConnectionResetError
            self._awaited = asyncio.get_running_loop().create_future()
            try:
                await self._awaited
            finally:
                self._awaited = None
        return self._answers.popleft()

    def _wake(self) -> None:
        if self._awaited is not None and not self._awaited.done():
            self._awaited.set_result(None)
