"""The way out: over open lines to a mail server, or one by one into whatever else takes letters."""

import asyncio
import email
from collections.abc import Sequence
from email.message import EmailMessage
from typing import cast

from pdu_shared.handover import Deferred, Sink
from pdu_shared.mail import WIRE
from pdu_shared.smtp import Smtp
from pdu_shared.smtp_line import Line, Parcel

LINES = 2


class Outlet:
    """Where a press hands its copies over."""

    def __init__(self, sink: Sink, sender: str) -> None:
        self._sink = sink
        self._sender = sender
        self._lines: list[Line] = []

    async def ready(self) -> bool:
        """Whether copies are taken just now: before anything is in doubt, lines are open."""
        if not isinstance(self._sink, Smtp):
            return True
        self._lines = [line for line in self._lines if line.usable]
        while len(self._lines) < LINES:
            line = await Line.open(self._sink, self._sender)
            if isinstance(line, Deferred):
                break
            self._lines.append(line)
        return bool(self._lines)

    async def hand_over(self, parcels: Sequence[Parcel]) -> None:
        """Hand all of them over; how that went stands in each."""
        if self._lines:
            async with asyncio.TaskGroup() as work:
                for number, line in enumerate(self._lines):
                    work.create_task(line.hand_over(parcels[number :: len(self._lines)]))
            return
        for parcel in parcels:

            async def begin(parcel: Parcel = parcel) -> None:
                parcel.begun = True

            parcel.outcome = await self._sink.send(
                message_of(parcel),
                envelope_sender=parcel.sender or self._sender,
                before_data=begin,
            )

    async def has_gone(self, parcel: Parcel) -> bool | None:
        """Whether it was taken over at an earlier time; None when nobody can say."""
        return await self._sink.has_gone(message_of(parcel)) if self._sink.tells else None

    async def leave(self) -> None:
        """Take leave of the mail server."""
        lines, self._lines = self._lines, []
        await asyncio.gather(*(line.leave() for line in lines))
        await self._sink.close()


def message_of(parcel: Parcel) -> EmailMessage:
    """A letter that was put together of bytes, as others want it."""
    # The policy decides what is made; the types know only the oldest kind.
    return cast("EmailMessage", email.message_from_bytes(parcel.content, policy=WIRE))
