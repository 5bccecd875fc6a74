"""Telling one service again what this one told: rows of the ledger, to one queue only."""

from collections.abc import Sequence

import asyncpg
import structlog

from pdu_shared.bus import inbox_queue
from pdu_shared.contracts.message import HISTORY
from pdu_shared.database import Conn, Database
from pdu_shared.publishing import open_publisher

log = structlog.get_logger()

BATCH = 500


async def replay(
    database: Database, urls: Sequence[str], *, service: str, to: str, names: Sequence[str] = ()
) -> int:
    """Replay messages to a service's inbox; how many. Safe to repeat: its inbox knows them.

    `names` picks messages by class name, none means all. Sealed bodies were emptied once told;
    their owner seals them again from its own tables. Raises what refused the first message.
    """
    keys = [f"{service}.{name}{ending}" for name in names for ending in ("", HISTORY)]
    publisher = await open_publisher(urls, service, role="replay")
    told, position = 0, 0
    async with publisher.connection, database.pool.acquire() as conn:
        while rows := await _told_after(conn, position, keys):
            for refused in await publisher.publish(rows, replay_to=inbox_queue(to)):
                if refused:
                    raise refused
            told, position = told + len(rows), rows[-1]["position"]
    log.info("replayed", to=to, messages=told)
    return told


async def _told_after(conn: Conn, position: int, keys: Sequence[str]) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT position, message_id, exchange, routing_key, subject, body
          FROM outbox
         WHERE position > $1 AND body <> ''
           AND (cardinality($2::text[]) = 0 OR routing_key = ANY ($2))
         ORDER BY position
         LIMIT $3
        """,
        position,
        keys,
        BATCH,
    )
