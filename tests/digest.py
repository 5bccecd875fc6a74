"""What a whole database holds, in a few characters: to see that nothing was changed."""

from pdu_shared.database import Database


async def digest(database: Database) -> dict[str, str]:
    """The checksum of every table, by its name."""
    asking = await database.pool.fetch(
        """
        SELECT format($1, table_name, table_schema, table_name) AS statement
          FROM information_schema.tables
         WHERE table_schema IN ('public', 'lived_experience') AND table_type = 'BASE TABLE'
           AND table_name <> 'rate_limit'  -- that somebody asked, not what for
           -- What is written down by the clock: the schedule of retention, codes that are sent.
           AND table_name NOT IN ('retention_run', 'code_letter')
         ORDER BY table_name
        """,
        "SELECT %L AS name, md5(string_agg(r::text, ',' ORDER BY r::text)) AS sum FROM %I.%I AS r",
    )
    rows = await database.pool.fetch(" UNION ALL ".join(one["statement"] for one in asking))
    return {row["name"]: row["sum"] for row in rows}
