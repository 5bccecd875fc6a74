"""The words of lists that resources owns (sectors, work fields …), and the check against them."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date

from pdu_bookings.rules.access import LOCAL_AREAS
from pdu_shared.contracts.resources.vocabulary import (
    CategoryDefined,
    SettingChanged,
    WorkstreamDefined,
)
from pdu_shared.database import Conn
from pdu_shared.lately import Lately
from pdu_shared.problems import Fault, Refused
from pdu_shared.runtime import Runtime

LOCAL = "area.local"
"""The setting that says which areas are local, kept like a list of words."""
LOOK_AGAIN = 0.5
"""Seconds after which it looks again before it refuses a word."""


async def learn_category(conn: Conn, message: CategoryDefined) -> None:
    """Keep a word that may be used from now on, or until a day."""
    await _keep(conn, message.scheme, message.code, valid_to=message.valid_to)


async def learn_workstream(conn: Conn, message: WorkstreamDefined) -> None:
    """Keep the code of a work stream: it may be used, whatever its name is at the time."""
    await _keep(conn, "workstream", message.code)


async def learn_setting(conn: Conn, message: SettingChanged) -> None:
    """Keep which areas are local; the other settings are not for bookings."""
    if message.key != LOCAL:
        return
    await conn.execute("DELETE FROM category WHERE scheme = $1", LOCAL)
    for code in message.codes:
        await _keep(conn, LOCAL, code)


async def local_areas(conn: Conn) -> AbstractSet[str]:
    """The areas that count as local."""
    rows = await conn.fetch("SELECT code FROM category WHERE scheme = $1", LOCAL)
    return frozenset(row["code"] for row in rows) or LOCAL_AREAS


class Categories:
    """The lists as this process last read them."""

    def __init__(self, runtime: Runtime) -> None:
        self._lately = Lately(runtime.database, _categories)

    async def check(
        self, said: Sequence[tuple[str, str, str | None]], conn: "Conn | None" = None
    ) -> None:
        """Raise Refused for a code that is not in its list: (pointer, scheme, code).

        A list that has not been told yet is not checked: booking goes on when resources is late.
        Who has a connection lends it: nobody holds one while waiting for another.
        """
        faults = _faults(await self._lately.known(conn), said)
        if faults:  # perhaps the word is new
            faults = _faults(await self._lately.known(conn, good_for=LOOK_AGAIN), said)
        if faults:
            raise Refused(errors=faults)


def _faults(
    known: Mapping[str, AbstractSet[str]], said: Sequence[tuple[str, str, str | None]]
) -> list[Fault]:
    return [
        Fault(pointer, "unknown-code", f"Possible are: {', '.join(sorted(words))}.")
        for pointer, scheme, code in said
        if (words := known.get(scheme)) and code is not None and code not in words
    ]


async def _keep(conn: Conn, scheme: str, code: str, *, valid_to: date | None = None) -> None:
    await conn.execute(
        """
        INSERT INTO category (scheme, code, valid_to) VALUES ($1, $2, $3)
            ON CONFLICT (scheme, code) DO UPDATE SET valid_to = excluded.valid_to
        """,
        scheme,
        code,
        valid_to,
    )


async def _categories(conn: Conn) -> dict[str, set[str]]:
    rows = await conn.fetch("""
        SELECT scheme, array_agg(code) AS codes
          FROM category
         WHERE coalesce(valid_to, 'infinity') >= current_date
         GROUP BY scheme
        """)
    return {row["scheme"]: set(row["codes"]) for row in rows}
