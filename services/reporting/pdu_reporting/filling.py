"""Filling projections from the journal in a schema of their own, while the present ones are read.

A table is filled without its primary key, which is made of all rows at once: a fold gives each key
once, and a key that grew row by row was a third of the work.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pdu_reporting.projection import Projection, alike, fill
from pdu_shared.database import Conn, Database, transaction

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


async def fill_beside(
    database: Database,
    projections: Sequence[Projection],
    *,
    tell: Callable[[Filled], None] | None = None,
    beside: str = BESIDE,
) -> int:
    """Recompute projections into another schema, several at once; the position reached."""
    async with database.pool.acquire(timeout=5) as conn:
        end = await end_of_journal(conn)
    waiting = iter(alike(projections))

    async def fill_on() -> None:
        for group in waiting:
            async with transaction(database) as conn:
                filled = await fill_group(conn, group, end, beside)
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


async def fill_group(
    conn: Conn, projections: Sequence[Projection], end: int, beside: str = BESIDE
) -> list[Filled]:
    """Recompute projections up to a position, in one statement over all that they hear."""
    began = time.perf_counter()
    await conn.execute(
        f"SET LOCAL search_path = {beside}, public;"
        "SET LOCAL statement_timeout = 0;"  # there is a limit of our own
        "SET LOCAL work_mem = '64MB';"
        "SET LOCAL maintenance_work_mem = '64MB';"
        "SET LOCAL synchronous_commit = off;"  # putting it in place waits for the disk
    )
    # One may have been left by a rebuild that was killed.
    await conn.execute(
        ";".join(f"DROP TABLE IF EXISTS {beside}.{one.name}; {one.table}" for one in projections)
    )
    keys = await _taken_off(conn, [f"{beside}.{one.name}" for one in projections])
    await fill(conn, projections, last=end, within=LONGEST)
    await conn.execute(keys, timeout=LONGEST)
    rows = [await _finish(conn, one, f"{beside}.{one.name}") for one in projections]
    seconds = time.perf_counter() - began
    return [Filled(one, count, end, seconds) for one, count in zip(projections, rows, strict=True)]


async def end_of_journal(conn: Conn) -> int:
    """The last position."""
    end: int = await conn.fetchval("SELECT coalesce(max(position), 0) FROM journal")
    return end


async def _taken_off(conn: Conn, tables: Sequence[str]) -> str:
    """Take the primary keys off these tables; what makes them again."""
    keys = await conn.fetch(
        """
        SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS away,
               format('ALTER TABLE %s ADD %s', conrelid::regclass,
                      pg_get_constraintdef(oid)) AS again
          FROM pg_constraint
         WHERE contype = 'p' AND conrelid = ANY ($1::text[]::regclass[])
        """,
        tables,
    )
    await conn.execute("; ".join(key["away"] for key in keys))
    return "; ".join(key["again"] for key in keys)


async def _finish(conn: Conn, projection: Projection, table: str) -> int:
    """Give a table that was filled its indexes and statistics; how many rows it has."""
    await conn.execute(f"{projection.indexes}; ANALYZE {table}", timeout=LONGEST)
    rows: int = await conn.fetchval(f"SELECT count(*) FROM {table}", timeout=LONGEST)  # noqa: S608 - the name is ours
    return rows
