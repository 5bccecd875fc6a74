"""Counting everybody anew beside the cells that are kept, to see whether they are the same."""

import json
from collections.abc import AsyncIterator
from uuid import UUID

from pdu_reporting.checking import Compared, contents
from pdu_reporting.counting import reached
from pdu_reporting.facts.persons import SAME_PERSON
from pdu_reporting.filling import LONGEST
from pdu_reporting.rebuild import alone
from pdu_reporting.tally.cuts import COUNTINGS
from pdu_reporting.tally.keeping import prepare
from pdu_reporting.tally.marking import COUNTED_FROM
from pdu_shared.database import Conn, Database

AT_ONCE = 2000
"""People counted by one statement."""

# Who waits is counted soon, and in no cell until then of which anything could be said.
_SETTLED = f"""
    WITH RECURSIVE {SAME_PERSON},
    known AS (
        SELECT person_id FROM public.attendance
         UNION
        SELECT person_id FROM public.member
         UNION
        SELECT person_id FROM same_person
         UNION
        SELECT person_id FROM public.tally_part
    ),
    one AS (
        SELECT person_id, coalesce(kept_id, person_id) AS kept_id
          FROM known
          LEFT JOIN same_person USING (person_id)
    ),
    waiting AS (
        SELECT coalesce(kept_id, person_id) AS kept_id
          FROM public.tally_pending
          LEFT JOIN same_person USING (person_id)
    )
    SELECT person_id, kept_id
      FROM one
     WHERE kept_id NOT IN (SELECT kept_id FROM waiting)
    """  # noqa: S608 - all of it is our own
_OF_PEOPLE = """
    (SELECT person_id, kept, cut, times, is_new
       FROM {part}
      CROSS JOIN unnest(cells) AS cell_id
       LEFT JOIN {cell} USING (cell_id)
      WHERE person_id IN (SELECT person_id FROM settled))
    """
_KEPT = """
    (SELECT kept, cut, times, is_new, people
       FROM public.tally_cell
      WHERE people <> 0)
    """
_FROM_PARTS = """
    (SELECT kept, cut, times, is_new, count(*) AS people
       FROM public.tally_part
      CROSS JOIN unnest(cells) AS cell_id
       LEFT JOIN public.tally_cell USING (cell_id)
      GROUP BY cell_id, kept, cut, times, is_new)
    """


async def recount(database: Database, *, beside: str) -> list[Compared]:
    """Count everybody anew, from the projections as they are kept; nothing is changed.

    Who is in which cell, and how many each cell holds, all seen at one moment. Raises as `rebuild`
    does: projections are not swapped meanwhile.
    """
    async with alone(database), database.pool.acquire(timeout=5) as conn:
        counting = conn.transaction(isolation="repeatable_read")
        await counting.start()
        try:
            return await _recounted(conn, beside)
        finally:
            await counting.rollback()


async def _recounted(conn: Conn, beside: str) -> list[Compared]:
    # Before the first question, which fixes what is seen.
    await conn.execute(f"LOCK TABLE {', '.join(COUNTED_FROM)} IN ACCESS SHARE MODE")
    await prepare(conn)
    await conn.execute("SET LOCAL statement_timeout = 0")
    position, _ = await reached(conn)
    # What people are counted into is named without a schema: here it is found beside.
    await conn.execute(
        f"""
        CREATE TABLE {beside}.settled AS {_SETTLED};
        CREATE TABLE {beside}.tally_cell (LIKE public.tally_cell INCLUDING ALL);
        CREATE TABLE {beside}.tally_part (LIKE public.tally_part INCLUDING ALL);
        ANALYZE {beside}.settled;
        SET LOCAL search_path = {beside}, public
        """,
        timeout=LONGEST,
    )
    async for people in _some_after_others(conn):
        for one in COUNTINGS:
            asked = json.dumps(one.by), "{}", None, None, people
            await conn.execute(one.sql, *asked, timeout=LONGEST)
    here, there = (
        _OF_PEOPLE.format(part=f"{schema}.tally_part", cell=f"{schema}.tally_cell")
        for schema in ("public", beside)
    )
    return [
        Compared(
            "tally_cell", await contents(conn, _KEPT), await contents(conn, _FROM_PARTS), position
        ),
        Compared("tally_part", await contents(conn, here), await contents(conn, there), position),
    ]


async def _some_after_others(conn: Conn) -> AsyncIterator[list[UUID]]:
    """Ids of people, those of each person together."""
    people, last = list[UUID](), None
    async for row in conn.cursor(
        "SELECT person_id, kept_id FROM settled ORDER BY kept_id", prefetch=AT_ONCE
    ):
        if len(people) >= AT_ONCE and row["kept_id"] != last:
            yield people
            people = []
        people.append(row["person_id"])
        last = row["kept_id"]
    if people:
        yield people
