"""What lies in the store and belongs to nothing is cleared away a day later."""

import asyncio
from datetime import datetime, timedelta

import structlog

from pdu_resources.storage.store import Files
from pdu_shared.again import for_ever
from pdu_shared.database import Database
from pdu_shared.runtime import Runtime, utc_now

EVERY = 3600.0
AFTER = timedelta(days=1)
AT_ONCE = 100

log = structlog.get_logger()


async def clear_leftovers(here: Runtime) -> None:
    """Go on for ever, once an hour."""

    async def clear() -> None:
        cleared = await clear_due(here.database, here.part(Files), await utc_now())
        if cleared:
            log.info("leftovers cleared", files=cleared)
        await asyncio.sleep(EVERY)

    await for_ever(clear, name="clearing", survives=(Exception,))


async def clear_due(database: Database, files: Files, now: datetime) -> int:
    """Remove what has been left over for a day; how many.

    First from the store, then from the list: what is on the list twice is removed twice.
    """
    due = await database.pool.fetch(
        "SELECT stored_as FROM library_leftover WHERE since < $1 ORDER BY since LIMIT $2",
        now - AFTER,
        AT_ONCE,
    )
    for row in due:
        await files.remove(row["stored_as"])
        await database.pool.execute(
            "DELETE FROM library_leftover WHERE stored_as = $1", row["stored_as"]
        )
    return len(due)
