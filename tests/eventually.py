"""Waiting for what happens elsewhere."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(ask: Callable[[], Awaitable[T]], *, within: float = 15.0, rest: float = 0.05) -> T:
    """The first true answer; TimeoutError when there is none in time."""
    async with asyncio.timeout(within):
        while not (answer := await ask()):
            await asyncio.sleep(rest)
    return answer
