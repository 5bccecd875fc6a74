"""Making projections anew from the journal, while the present ones are still being read."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import structlog

from pdu_reporting.filling import BESIDE, Filled, end_of_journal, fill_beside, fill_group
from pdu_reporting.projection import Projection, alike, fold
from pdu_reporting.projections import PROJECTIONS
from pdu_reporting.tally.marking import COUNTED_FROM, mark_everybody
from pdu_shared.database import Conn, Database, transaction

log = structlog.get_logger()

WRITER_LOCK = 7_365_010
REBUILD_LOCK = 7_365_011
STEP = 20_000
"""Positions folded by one statement: enough to be fast, little enough to sort in memory."""


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
    end = await end_of_journal(conn)
    for group in alike(chosen):
        await fill_group(conn, group, end)
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


async def fold_after(
    conn: Conn, projections: Sequence[Projection], reached: int, *, beside: str = BESIDE
) -> int:
    """Fold what came after a position into what was recomputed; the position reached."""
    await conn.execute(f"SET LOCAL search_path = {beside}, public; SET LOCAL statement_timeout = 0")
    end = await end_of_journal(conn)
    for first in range(reached + 1, end + 1, STEP):
        await fold(conn, projections, first=first, last=min(first + STEP - 1, end))
    return max(reached, end)


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
