"""Counting people again about whom something was told."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import asyncpg

from pdu_reporting import journal
from pdu_reporting.tally.cuts import COUNTINGS
from pdu_reporting.tally.marking import COUNTED_FROM
from pdu_shared.again import end_if_cancelled, for_ever
from pdu_shared.database import UNAVAILABLE, Conn, Database
from pdu_shared.runtime import Runtime

AT_ONCE = 500
"""People counted again in one transaction, and for how many an answer waits."""
REST = 1.0
"""Seconds in which what is told is gathered before it is counted."""
LOOK_AGAIN = 60.0


async def keep(runtime: Runtime) -> None:
    """Count again whoever something is told about, for as long as the service runs."""
    told = asyncio.Event()
    journal.tell_when_written(told)

    async def work() -> None:
        while await count_again(runtime.database):
            end_if_cancelled()
        told.clear()
        await asyncio.sleep(REST)
        with suppress(TimeoutError):  # another process may have written what is told
            async with asyncio.timeout(LOOK_AGAIN):
                await told.wait()

    try:
        await for_ever(work, name="tally", survives=(*UNAVAILABLE, asyncpg.PostgresError))
    finally:
        journal.forget(told)


async def catch_up(database: Database) -> None:
    """Count those about whom something has just been told, if they are few."""
    async with database.pool.acquire(timeout=5) as conn:
        waiting = await _waiting(conn)
    if 0 < waiting <= AT_ONCE:
        await count_again(database)


async def nobody_waits(conn: Conn) -> bool:
    """Whether the cells are those of everything that was told."""
    return not await conn.fetchval("SELECT EXISTS (SELECT FROM tally_pending)")


async def count_again(database: Database) -> bool:
    """Count some of those who wait; whether there were any."""
    async with (
        database.pool.acquire(timeout=5) as conn,
        conn.transaction(isolation="repeatable_read"),
    ):
        # Before the first question, which fixes what is seen: one counts at a time, and sees what
        # the one before has counted. A rebuild waits until it is done.
        await conn.execute(f"LOCK TABLE {', '.join(COUNTED_FROM)} IN ACCESS SHARE MODE")
        await conn.execute("LOCK TABLE tally_part IN SHARE ROW EXCLUSIVE MODE")
        await prepare(conn)
        people = await _some_who_wait(conn)
        if people:
            await _count(conn, people)
    return bool(people)


async def _count(conn: Conn, people: Sequence[UUID]) -> None:
    await conn.execute("DELETE FROM tally_pending WHERE person_id = ANY ($1::uuid[])", people)
    await _take_out(conn, people)
    for counting in COUNTINGS:
        await conn.execute(counting.sql, json.dumps(counting.by), "{}", None, None, people)


async def prepare(conn: Conn) -> None:
    """Have statements planned that count people."""
    # Nobody can guess how much a few people did: a nested loop that is chosen because it looks like
    # little takes minutes where it is not.
    await conn.execute(
        """
        SELECT set_config('plan_cache_mode', 'force_custom_plan', true),
               set_config('enable_nestloop', 'off', true),
               set_config('work_mem', '32MB', true),
               set_config('jit', 'off', true)
        """
    )


async def _waiting(conn: Conn) -> int:
    waiting: int = await conn.fetchval(
        "SELECT count(*) FROM (SELECT FROM tally_pending LIMIT $1 + 1) AS first_ones", AT_ONCE
    )
    return waiting


async def _some_who_wait(conn: Conn) -> list[UUID]:
    """Some of them, with all the ids under which each is known."""
    rows = await conn.fetch(
        """
        WITH RECURSIVE same (person_id) AS (
            SELECT person_id
              FROM (SELECT person_id FROM tally_pending LIMIT $1) AS first_ones
             UNION
            SELECT other_id
              FROM same
             CROSS JOIN LATERAL (SELECT kept_id FROM person_alias
                                  WHERE merged_id = person_id AND merged
                                  UNION ALL
                                 SELECT merged_id FROM person_alias
                                  WHERE kept_id = person_id AND merged) AS linked (other_id)
        )
        SELECT person_id FROM same
        """,
        AT_ONCE,
    )
    return [row["person_id"] for row in rows]


async def _take_out(conn: Conn, people: Sequence[UUID]) -> None:
    """Take people out of the cells in which they are counted."""
    await conn.execute(
        """
        WITH gone AS (
            DELETE FROM tally_part WHERE person_id = ANY ($1::uuid[]) RETURNING cells
        )
        UPDATE tally_cell
           SET people = tally_cell.people - those.people
          FROM (SELECT cell_id, count(*) AS people
                  FROM gone, unnest(cells) AS cell_id
                 GROUP BY cell_id) AS those
         WHERE tally_cell.cell_id = those.cell_id
        """,
        people,
    )
