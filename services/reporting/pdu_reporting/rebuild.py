"""Making projections anew from the journal, while the present ones are still being read."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from pdu_reporting.projection import Projection, alike, fill, fold
from pdu_reporting.projections import PROJECTIONS
from pdu_reporting.tally.marking import COUNTED_FROM, mark_everybody
from pdu_shared.database import Conn, Database, transaction

log = structlog.get_logger()

WRITER_LOCK = 7_365_010
REBUILD_LOCK = 7_365_011
STEP = 20_000
"""Positions folded by one statement: enough to be fast, little enough to sort in memory."""
AT_ONCE = 2
"""Projections that are filled side by side."""
LONGEST = 6 * 3600.0
"""Seconds that one statement over a long journal may take."""
BESIDE = "rebuilding"
"""The schema in which projections are made anew by their owner."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A projection recomputed beside the present one: its rows, and how far it has come."""

    projection: Projection
    rows: int
    position: int
    seconds: float
    """Of the statement that filled it, and those that hear something in common with it."""


class BusyError(Exception):
    """Somebody else is making projections anew."""


def chosen_of(names: Sequence[str]) -> list[Projection]:
    """The projections of these names, all if there are none. Raises KeyError for an unknown one."""
    known = {projection.name: projection for projection in PROJECTIONS}
    return [known[name] for name in sorted(set(names) or known)]


async def rebuild(
    database: Database, names: Sequence[str], *, tell: Callable[[Filled], None] | None = None
) -> int:
    """Make these projections anew and put them in the place of the present ones.

    Gives the position that was reached, and tells each projection once it is filled. Needs the
    owner's rights. Raises KeyError for a name that no projection has, `BusyError` when another
    rebuild is at work.
    """
    chosen = chosen_of(names)
    async with alone(database):
        end = await fill_beside(database, chosen, tell=tell)
        async with transaction(database) as conn:
            return await _put_in_place(conn, chosen, end)


async def make_what_is_new(conn: Conn) -> None:
    """Make every projection whose definition is not the one its table was made by.

    Part of `migrate`, so a new projection starts with all that the journal holds.
    """
    await conn.execute("SELECT pg_advisory_xact_lock($1)", REBUILD_LOCK)
    made = {row["name"]: row["definition"] for row in await _made(conn)}
    chosen = [one for one in PROJECTIONS if made.get(one.name) != one.definition]
    if not chosen:
        return
    end = await _end(conn)
    for group in alike(chosen):
        await _fill(conn, group, end)
    await _put_in_place(conn, chosen, end)


async def one_writer_at_a_time(conn: Conn) -> None:
    """Wait until nobody else writes to the journal, and keep others waiting until the end.

    So positions are committed in their order, and a reader who saw one has missed none before it.
    """
    # A plan kept from the time when the tables were small would go on reading the whole of them.
    await conn.execute(
        """
        SELECT pg_advisory_xact_lock($1), set_config('plan_cache_mode', 'force_custom_plan', true)
        """,
        WRITER_LOCK,
    )


@asynccontextmanager
async def alone(database: Database) -> AsyncIterator[None]:
    """Nobody else makes projections anew meanwhile. Raises `BusyError` if somebody does."""
    async with transaction(database) as conn:
        # It does nothing for as long as others fill tables, which would end its session.
        await conn.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        if not await conn.fetchval("SELECT pg_try_advisory_xact_lock($1)", REBUILD_LOCK):
            raise BusyError
        yield


async def fill_beside(
    database: Database,
    projections: Sequence[Projection],
    *,
    tell: Callable[[Filled], None] | None = None,
    beside: str = BESIDE,
) -> int:
    """Recompute projections into another schema, several at once; the position reached."""
    async with database.pool.acquire(timeout=5) as conn:
        end = await _end(conn)
    waiting = iter(alike(projections))

    async def fill_on() -> None:
        for group in waiting:
            async with transaction(database) as conn:
                filled = await _fill(conn, group, end, beside)
            if tell:
                for one in filled:
                    tell(one)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(fill_on())
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return end


async def fold_after(
    conn: Conn, projections: Sequence[Projection], reached: int, *, beside: str = BESIDE
) -> int:
    """Fold what came after a position into what was recomputed; the position reached."""
    await conn.execute(f"SET LOCAL search_path = {beside}, public; SET LOCAL statement_timeout = 0")
    end = await _end(conn)
    for first in range(reached + 1, end + 1, STEP):
        await fold(conn, projections, first=first, last=min(first + STEP - 1, end))
    return max(reached, end)


async def _fill(
    conn: Conn, projections: Sequence[Projection], end: int, beside: str = BESIDE
) -> list[Filled]:
    """Recompute projections up to a position, in one statement over all that they hear."""
    began = time.perf_counter()
    await conn.execute(
        f"SET LOCAL search_path = {beside}, public;"
        "SET LOCAL statement_timeout = 0;"  # there is a limit of our own
        "SET LOCAL work_mem = '64MB';"
        "SET LOCAL synchronous_commit = off;"  # putting it in place waits for the disk
    )
    for one in projections:
        # One may have been left by a rebuild that was killed.
        await conn.execute(f"DROP TABLE IF EXISTS {beside}.{one.name}; {one.table}")
    await fill(conn, projections, last=end, within=LONGEST)
    rows = [await _finish(conn, one, f"{beside}.{one.name}") for one in projections]
    seconds = time.perf_counter() - began
    return [Filled(one, count, end, seconds) for one, count in zip(projections, rows, strict=True)]


async def _finish(conn: Conn, projection: Projection, table: str) -> int:
    """Give a table that was filled its indexes and statistics; how many rows it has."""
    await conn.execute(f"{projection.indexes}; ANALYZE {table}", timeout=LONGEST)
    rows: int = await conn.fetchval(f"SELECT count(*) FROM {table}", timeout=LONGEST)  # noqa: S608 - the name is ours
    return rows


async def _put_in_place(conn: Conn, projections: Sequence[Projection], filled: int) -> int:
    """Fold the rest while messages wait, and swap. The position reached."""
    await one_writer_at_a_time(conn)
    reached = await fold_after(conn, projections, filled)
    await conn.execute("SET LOCAL search_path = public")
    await _swap_in(conn, projections)
    if not {one.name for one in projections}.isdisjoint(COUNTED_FROM):
        await mark_everybody(conn, position=reached)
    log.info("rebuilt", projections=[one.name for one in projections], position=reached)
    return reached


async def _end(conn: Conn) -> int:
    end: int = await conn.fetchval("SELECT coalesce(max(position), 0) FROM journal")
    return end


async def _swap_in(conn: Conn, projections: Sequence[Projection]) -> None:
    # In the order of their names, as every reader locks them: nobody waits for one another.
    for one in projections:
        await conn.execute(
            f"DROP TABLE IF EXISTS public.{one.name};"
            f"ALTER TABLE rebuilding.{one.name} SET SCHEMA public"
        )
    await conn.executemany(
        """
        INSERT INTO projection (name, definition)
        VALUES ($1, $2)
            ON CONFLICT (name) DO UPDATE
           SET definition = excluded.definition, made_at = now()
        """,
        [(one.name, one.definition) for one in projections],
    )


async def _made(conn: Conn) -> list[dict[str, str]]:
    return [dict(row) for row in await conn.fetch("SELECT name, definition FROM projection")]
