"""What a whole database holds, in a few characters: to see that nothing was changed."""

from pdu_shared.database import Database

TOLD_ON_REQUEST = (
    "FROM public.outbox AS r WHERE routing_key !~ '[.](LedgerCounted|MessagesMissing)$'"
)


async def digest(database: Database) -> dict[str, str]:
    """The checksum of every table, by its name."""
    asking = await database.pool.fetch(
        """
        SELECT format($1, table_name, table_schema, table_name) AS statement
          FROM information_schema.tables
         WHERE table_schema IN ('public', 'lived_experience') AND table_type = 'BASE TABLE'
           AND table_name <> 'rate_limit'  -- that somebody asked, not what for
           -- What is written down by the clock: the schedule of retention, codes that are sent,
           -- the count of the ledger, and what was found when it was compared.
           AND table_name NOT IN ('retention_run', 'code_letter', 'ledger_told', 'ledger_compared')
         ORDER BY table_name
        """,
        "SELECT %L AS name, md5(string_agg(r::text, ',' ORDER BY r::text)) AS sum FROM %I.%I AS r",
    )
    counted = " UNION ALL ".join(one["statement"] for one in asking)
    rows = await database.pool.fetch(counted.replace("FROM public.outbox AS r", TOLD_ON_REQUEST))
    return {row["name"]: row["sum"] for row in rows}
