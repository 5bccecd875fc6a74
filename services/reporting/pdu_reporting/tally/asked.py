"""Answers from the cells, to what is kept counted."""

from collections.abc import Sequence

import asyncpg

from pdu_reporting.asking import Asked
from pdu_reporting.facts.reached import REACH
from pdu_reporting.figure import Figure
from pdu_reporting.tally.cuts import number_of
from pdu_shared.database import Conn

TALLIED = """
    tallied AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'project_year' THEN cut[1]  END,
                     CASE WHEN $1 ? 'programme_period'    THEN cut[2]  END,
                     CASE WHEN $1 ? 'kind'                THEN cut[3]  END,
                     CASE WHEN $1 ? 'series'              THEN cut[4]  END,
                     CASE WHEN $1 ? 'workstream'          THEN cut[5]  END,
                     NULL,
                     CASE WHEN $1 ? 'month'               THEN cut[7]  END,
                     NULL
               ] AS what,
               ARRAY[CASE WHEN $1 ? 'sector'              THEN cut[9]  END,
                     CASE WHEN $1 ? 'work_field'          THEN cut[10] END,
                     CASE WHEN $1 ? 'role_level'          THEN cut[11] END,
                     CASE WHEN $1 ? 'area'                THEN cut[12] END
               ] AS who,
                   ($2::jsonb -> 'work_field' IS NULL OR $2 -> 'work_field' ? cut[10])
               AND ($2 -> 'role_level'    IS NULL OR $2 -> 'role_level'   ? cut[11])
               AND ($2 -> 'area'          IS NULL OR $2 -> 'area'         ? cut[12])
                   AS chosen_in_any_sector,
                   ($2 -> 'sector'        IS NULL OR $2 -> 'sector'       ? cut[9])
               AND ($2 -> 'work_field'    IS NULL OR $2 -> 'work_field'   ? cut[10])
               AND ($2 -> 'role_level'    IS NULL OR $2 -> 'role_level'   ? cut[11])
               AND ($2 -> 'area'          IS NULL OR $2 -> 'area'         ? cut[12])
                   AS chosen,
               cut[9] AS sector, times, is_new, people
          FROM tally_cell
         WHERE kept = $3 AND people > 0
           AND ($2 -> 'project_year'     IS NULL OR $2 -> 'project_year'     ? cut[1])
           AND ($2 -> 'programme_period' IS NULL OR $2 -> 'programme_period' ? cut[2])
           AND ($2 -> 'kind'             IS NULL OR $2 -> 'kind'             ? cut[3])
           AND ($2 -> 'series'           IS NULL OR $2 -> 'series'           ? cut[4])
           AND ($2 -> 'workstream'       IS NULL OR $2 -> 'workstream'       ? cut[5])
    )
    """

TALLIED_REACH = """
    tallied AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'sector' THEN cut[1] END,
                     CASE WHEN $1 ? 'work_field'    THEN cut[2] END,
                     CASE WHEN $1 ? 'role_level'    THEN cut[3] END,
                     CASE WHEN $1 ? 'area'          THEN cut[4] END] AS cut,
               cut[5] AS way, people
          FROM tally_cell
         WHERE kept = $3 AND people > 0
           AND ($2::jsonb -> 'sector' IS NULL OR $2 -> 'sector'     ? cut[1])
           AND ($2 -> 'work_field'    IS NULL OR $2 -> 'work_field' ? cut[2])
           AND ($2 -> 'role_level'    IS NULL OR $2 -> 'role_level' ? cut[3])
           AND ($2 -> 'area'          IS NULL OR $2 -> 'area'       ? cut[4])
    )
    """

BESIDE = {"against_sector": "sector", "band": None}
"""What can be asked beside the dimensions, and which of these it needs."""


def kept_for(figure: Figure, asked: Asked) -> int | None:
    """The number of the kept cut from which a question can be answered, if there is one."""
    if figure.tallied is None or asked.first or asked.last:
        return None
    words = {BESIDE.get(name, name) for name in (*asked.by, *asked.words)} - {None}
    number = number_of(figure.fact, {name for name in words if name})
    if number is None or figure.tallied_sums:
        return number
    # Whoever is in two of the rows would count twice in their sum.
    alone = all(len(asked.codes(name)) <= 1 for name in asked.words if name not in asked.by)
    return number if alone else None


async def tallied(
    conn: Conn, figure: Figure, asked: Asked, number: int
) -> Sequence[asyncpg.Record]:
    """What the figure's own statement would give."""
    source = TALLIED_REACH if figure.fact is REACH else TALLIED
    by, words, *_ = asked.arguments
    return await conn.fetch(f"WITH {source} {figure.tallied}", by, words, number)
