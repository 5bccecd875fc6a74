"""Making projections anew from the journal, while the present ones are still being read."""

from collections.abc import Sequence

import structlog

from pdu_reporting.projection import Projection, fold
from pdu_reporting.projections import PROJECTIONS
from pdu_shared.database import Conn, Database, transaction

log = structlog.get_logger()

WRITER_LOCK = 7_365_010
STEP = 20_000
"""Positions folded by one statement: enough to be fast, little enough to sort in memory."""


async def rebuild(database: Database, names: Sequence[str]) -> None:
    """Make these projections anew and put them in the place of the present ones.

    Needs the owner's rights. Raises KeyError for a name that no projection has.
    """
    known = {projection.name: projection for projection in PROJECTIONS}
    chosen = [known[name] for name in sorted(set(names))]
    async with transaction(database) as conn:
        await _make_anew(conn, chosen)


async def make_what_is_new(conn: Conn) -> None:
    """Make every projection whose definition is not the one its table was made by.

    Part of `migrate`, so a new projection starts with all that the journal holds.
    """
    made = {row["name"]: row["definition"] for row in await _made(conn)}
    await _make_anew(conn, [one for one in PROJECTIONS if made.get(one.name) != one.definition])


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


async def _make_anew(conn: Conn, projections: Sequence[Projection]) -> None:
    if not projections:
        return
    await conn.execute("SET LOCAL search_path = rebuilding, public")
    for projection in projections:
        await conn.execute(projection.table)
    # Most of the journal goes in while messages are still taken, and the rest while they wait.
    reached = await _fold_after(conn, projections, 0)
    await one_writer_at_a_time(conn)
    reached = await _fold_after(conn, projections, reached)
    await conn.execute("SET LOCAL search_path = public")
    for projection in projections:
        await _swap_in(conn, projection)
    log.info("rebuilt", projections=[one.name for one in projections], position=reached)


async def _fold_after(conn: Conn, projections: Sequence[Projection], reached: int) -> int:
    """Fold what the journal holds after a position; the position reached."""
    end: int = await conn.fetchval("SELECT coalesce(max(position), 0) FROM journal")
    for first in range(reached + 1, end + 1, STEP):
        for projection in projections:
            await fold(conn, projection, first=first, last=min(first + STEP - 1, end))
    return max(reached, end)


async def _swap_in(conn: Conn, projection: Projection) -> None:
    # In the order of their names, as every reader locks them: nobody waits for one another.
    for statement in (
        "DROP TABLE IF EXISTS public.{name}",
        "ALTER TABLE rebuilding.{name} SET SCHEMA public",
        "ANALYZE public.{name}",
    ):
        await conn.execute(statement.format(name=projection.name))
    await conn.execute(
        """
        INSERT INTO projection (name, definition)
        VALUES ($1, $2)
            ON CONFLICT (name) DO UPDATE
           SET definition = excluded.definition, made_at = now()
        """,
        projection.name,
        projection.definition,
    )


async def _made(conn: Conn) -> list[dict[str, str]]:
    return [dict(row) for row in await conn.fetch("SELECT name, definition FROM projection")]
