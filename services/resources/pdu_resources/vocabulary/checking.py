"""Words that somebody sends, held against the lists."""

from collections.abc import Sequence

from pdu_shared.database import Conn
from pdu_shared.problems import Fault

SHOWN = 40
"""How many of the possible words a problem lists."""


async def not_in_list(
    conn: Conn, scheme: str, codes: Sequence[str | None], pointers: Sequence[str]
) -> list[Fault]:
    """Faults at the pointers of those codes that are not in the list.

    The lists are `sector`, `work_field`, `role_level`, `area`, `workstream`, `project_year`.
    None is fine.
    """
    possible = await _codes(conn, scheme)
    detail = f"Possible are: {', '.join(possible[:SHOWN])}."
    return [
        Fault(pointer, "unknown-code", detail)
        for code, pointer in zip(codes, pointers, strict=True)
        if code is not None and code not in possible
    ]


def places(pointer: str, codes: Sequence[object]) -> list[str]:
    """`/areas/0`, `/areas/1`: where each of several codes stands."""
    return [f"{pointer}/{place}" for place, _ in enumerate(codes)]


async def _codes(conn: Conn, scheme: str) -> list[str]:
    rows = await conn.fetch(
        """
        SELECT DISTINCT code FROM (
                  SELECT code::text FROM sector       WHERE $1 = 'sector'
        UNION ALL SELECT code::text FROM work_field   WHERE $1 = 'work_field'
        UNION ALL SELECT code::text FROM role_level   WHERE $1 = 'role_level'
        UNION ALL SELECT code::text FROM area         WHERE $1 = 'area'
        UNION ALL SELECT code::text FROM workstream   WHERE $1 = 'workstream'
        UNION ALL SELECT code::text FROM project_year WHERE $1 = 'project_year') AS listed
         ORDER BY code
        """,
        scheme,
    )
    return [row["code"] for row in rows]
