"""The words of lists that resources owns (sectors, work fields …), and the check against them."""

from collections.abc import Sequence
from time import monotonic

from pdu_shared.contracts.resources import CategoryDefined
from pdu_shared.database import Conn
from pdu_shared.problems import Fault, Refused
from pdu_shared.runtime import Runtime

GOOD_FOR = 10.0
"""Seconds for which a process remembers the lists."""


async def learn_category(conn: Conn, message: CategoryDefined) -> None:
    """Keep a word that may be used from now on."""
    await conn.execute(
        "INSERT INTO category (scheme, code) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        message.scheme,
        message.code,
    )


class Categories:
    """The lists as this process last read them."""

    def __init__(self, runtime: Runtime) -> None:
        self._database = runtime.database
        self._known: dict[str, set[str]] = {}
        self._read_at = -GOOD_FOR

    async def check(self, said: Sequence[tuple[str, str, str | None]]) -> None:
        """Raise Refused for a code that is not in its list: (pointer, scheme, code).

        A list that has not been told yet is not checked: booking goes on when resources is late.
        """
        if monotonic() - self._read_at >= GOOD_FOR:
            async with self._database.pool.acquire(timeout=5) as conn:
                self._known = await _categories(conn)
            self._read_at = monotonic()
        faults = [
            Fault(pointer, "unknown-code", f"Possible are: {', '.join(sorted(words))}.")
            for pointer, scheme, code in said
            if (words := self._known.get(scheme)) and code is not None and code not in words
        ]
        if faults:
            raise Refused(errors=faults)


async def _categories(conn: Conn) -> dict[str, set[str]]:
    rows = await conn.fetch("SELECT scheme, array_agg(code) AS codes FROM category GROUP BY scheme")
    return {row["scheme"]: set(row["codes"]) for row in rows}
