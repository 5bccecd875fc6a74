"""A connection of one's own, for a writer that takes its turns: no pool hands it out each time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from time import monotonic

import asyncpg

from pdu_shared.database import BY_KEY, UNAVAILABLE, Conn

LONGEST_PAUSE = 60.0
"""Seconds after which it is made anew: a proxy or a restart may have cut it unnoticed."""


class OwnConnection:
    """Kept from one use to the next, used by one at a time. Connects when it is first asked.

    Every statement is expected to find its rows by their keys: it is planned once, and stays good
    however tables grow. Planned on an empty table it would read it whole for ever after.
    """

    def __init__(self, url: str, *, application: str) -> None:
        self._url = url
        self._settings = {"application_name": application, "timezone": "UTC", **BY_KEY}
        self._conn: asyncpg.Connection[asyncpg.Record] | None = None
        self._used_at = 0.0

    @asynccontextmanager
    async def held(self) -> AsyncIterator[Conn]:
        """The connection. Whatever fails while it is held, the next one has a new connection."""
        conn = await self._usable()
        try:
            yield conn
        except BaseException:
            conn.terminate()
            raise
        self._used_at = monotonic()

    async def close(self) -> None:
        """Part with the server, if it is there."""
        if self._conn is not None:
            with suppress(*UNAVAILABLE):
                await self._conn.close(timeout=5)

    async def _usable(self) -> "asyncpg.Connection[asyncpg.Record]":
        if self._conn and monotonic() - self._used_at > LONGEST_PAUSE:
            self._conn.terminate()
        if self._conn is None or self._conn.is_closed():
            self._conn = await asyncpg.connect(
                self._url, timeout=5, command_timeout=30, server_settings=self._settings
            )
        return self._conn
