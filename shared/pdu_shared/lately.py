"""What hardly ever changes is read every few seconds, and not for every request."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Generic, TypeVar

from pdu_shared.database import Conn, Database

GOOD_FOR = 10.0
"""Seconds for which a process goes on with what it read."""

T = TypeVar("T")


class Lately(Generic[T]):
    """What this process read lately from its own database.

    However many come while it is old, one reads and the others wait for that.
    """

    def __init__(self, database: Database, read: Callable[[Conn], Awaitable[T]]) -> None:
        self._database = database
        self._read = read
        self._known: T | None = None
        self._as_of = self._changed_at = float("-inf")
        self._one_reads = asyncio.Lock()

    def forget(self) -> None:
        """Read it again when somebody asks: it was just changed."""
        self._changed_at = monotonic()

    async def known(self, conn: "Conn | None" = None, *, good_for: float = GOOD_FOR) -> T:
        """What was read at most so many seconds ago.

        Who has a connection lends it, and waits for nobody who has none.
        """
        if (known := self._fresh(good_for)) is not None:
            return known
        if conn:
            return await self._read_by(conn)
        async with self._one_reads:
            if (known := self._fresh(good_for)) is not None:
                return known
            async with self._database.pool.acquire(timeout=5) as own:
                return await self._read_by(own)

    def _fresh(self, good_for: float) -> T | None:
        oldest = max(self._changed_at, monotonic() - good_for)
        return self._known if self._as_of > oldest else None

    async def _read_by(self, conn: Conn) -> T:
        began = monotonic()
        known = await self._read(conn)
        self._known, self._as_of = known, began
        return known
