"""What a whole database holds, in a few characters: to see that nothing was changed."""

from pdu_shared.database import Database


async def digest(database: Database) -> dict[str, str]:
    """The checksum of every table, by its name."""
    asking = await database.pool.fetch(
        """
        SELECT format($1, table_name, table_name) AS statement
          FROM information_schema.tables
         WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
         ORDER BY table_name
        """,
        "SELECT %L AS name, md5(string_agg(r::text, ',' ORDER BY r::text)) AS sum FROM %I AS r",
    )
    rows = await database.pool.fetch(" UNION ALL ".join(one["statement"] for one in asking))
    return {row["name"]: row["sum"] for row in rows}
