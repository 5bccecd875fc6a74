"""The queue before the desk: in the order of arrival, and who of it is served together."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from pdu_bookings.place.asking import Ask
from pdu_shared.idempotency import Answer
from pdu_shared.problems import Problem, Unavailable

TOGETHER = 64
IN_HALVES = 16
"""So many who book at one time are served in two halves in turn: while the database writes the
one, we read what the other asks. Fewer go all together, as each batch has its price."""
COMPANY_COMES_WITHIN = 0.0003
"""Seconds, for each who is expected to come together with others, that the first one waits for
the next: else one goes alone, all others wait for that, and every second batch is of one."""
LONGEST = 2000
"""About a second of work; beyond that people are asked to come back in a moment."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who queues, and where their answer goes."""

    ask: Ask
    answer: asyncio.Future[Answer | Problem]


class DeskQueue:
    """Those who wait for the desk."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Visitor] = asyncio.Queue(LONGEST)
        self._expected = 1
        """How many are to be served together next."""
        self._all_here = asyncio.Event()

    def join(self, asks: Sequence[Ask]) -> list[asyncio.Future[Answer | Problem]]:
        """Queue one behind the other. Raises Unavailable when it is too long."""
        if self._queue.qsize() + len(asks) > LONGEST:
            raise Unavailable("Many people are booking just now.", retry_after=2)
        loop = asyncio.get_running_loop()
        visitors = [Visitor(ask, loop.create_future()) for ask in asks]
        for visitor in visitors:
            self._queue.put_nowait(visitor)
        if self._queue.qsize() >= self._expected - 1:  # the first of them has left the queue
            self._all_here.set()
        return [visitor.answer for visitor in visitors]

    async def first(self) -> list[Visitor]:
        """Take out the first: as many as are served together, one at least."""
        visitors = [await self._queue.get()]
        if self._queue.qsize() + 1 < self._expected:
            self._all_here.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._expected * COMPANY_COMES_WITHIN):
                    await self._all_here.wait()
        together = max(self._expected, IN_HALVES // 2)
        while len(visitors) < together and not self._queue.empty():
            visitors.append(self._queue.get_nowait())
        return visitors

    async def let_answers_go(self) -> None:
        """Let those who were answered hear it, unless somebody waits already."""
        if self._queue.empty():
            await asyncio.sleep(0)

    def served(self, people: int) -> None:
        """Expect so many again who have just been served, and those who came meanwhile."""
        people += self._queue.qsize()
        self._expected = people if people < IN_HALVES else min((people + 1) // 2, TOGETHER)
