"""What many ask at one moment is looked up once for all of them."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Together(Generic[K, T]):
    """Looks up answers, one at a time for each question; nobody hears an older one.

    Whoever asks while an answer is being looked up is not given that one, which may have been
    read before they came, but waits with all the others for the next. So an answer is never from
    before its question, and nothing has to be forgotten when something changes.
    """

    def __init__(self, look_up: Callable[[K], Awaitable[T]]) -> None:
        self._look_up = look_up
        self._under_way: dict[K, asyncio.Task[T]] = {}
        self._next: dict[K, asyncio.Task[T]] = {}

    async def answer(self, question: K) -> T:
        """The answer as it is now. What the look-up raises is raised for all who wait for it."""
        task = self._next.get(question)
        if task is None:
            before = self._under_way.get(question)
            task = self._next[question] = asyncio.create_task(self._after(before, question))
            task.add_done_callback(_seen)
        # Somebody who goes away must not take the answer from the others.
        return await asyncio.shield(task)

    async def _after(self, before: "asyncio.Task[T] | None", question: K) -> T:
        if before is not None:
            await asyncio.wait([before])
        mine = self._under_way[question] = self._next.pop(question)
        try:
            return await self._look_up(question)
        finally:
            if self._under_way[question] is mine:
                del self._under_way[question]


def _seen(task: "asyncio.Task[T]") -> None:
    # When all who waited have gone, nobody else asks what became of it.
    if not task.cancelled():
        task.exception()
