"""Telling one service again what this one told: rows of the ledger, to one queue only."""

from collections.abc import Collection, Sequence
from uuid import UUID

import asyncpg
import structlog

from pdu_shared.bus import inbox_queue
from pdu_shared.contracts.message import HISTORY
from pdu_shared.database import Conn, Database
from pdu_shared.publishing import Publisher, open_publisher

log = structlog.get_logger()

BATCH = 500
ALWAYS = (UUID(int=0), UUID(int=2**128 - 1))


async def replay(  # noqa: PLR0913 - what, from whom, and to whom
    database: Database,
    urls: Sequence[str],
    *,
    service: str,
    to: str,
    names: Collection[str] = (),
    within: tuple[UUID, UUID] = ALWAYS,
) -> int:
    """Replay messages to a service's inbox; how many. Safe to repeat: its inbox knows them.

    `names` picks messages by class name, none means all; `within` by id, the second not included.
    Sealed bodies were emptied once told; their owner seals them again from its own tables. Raises
    what refused the first message.
    """
    publisher = await open_publisher(urls, service, role="replay")
    told, position = 0, 0
    async with publisher.connection, database.pool.acquire() as conn:
        while rows := await told_after(conn, position, service=service, names=names, within=within):
            await tell_again(publisher, rows, to=to)
            told, position = told + len(rows), rows[-1]["position"]
    log.info("replayed", to=to, messages=told)
    return told


async def tell_again(publisher: Publisher, rows: Sequence[asyncpg.Record], *, to: str) -> None:
    """Publish rows of the ledger to one service; raises what refused the first of them."""
    for refused in await publisher.publish(rows, replay_to=inbox_queue(to)):
        if refused:
            raise refused


async def told_after(
    conn: Conn,
    position: int,
    *,
    service: str,
    names: Collection[str],
    within: tuple[UUID, UUID] = ALWAYS,
) -> list[asyncpg.Record]:
    """The next rows of the ledger that can be told again, at most 500."""
    return await conn.fetch(
        """
        SELECT position, message_id, exchange, routing_key, subject, body
          FROM outbox
         WHERE position > $1 AND body <> ''
           AND (cardinality($2::text[]) = 0 OR routing_key = ANY ($2))
           AND message_id >= $4 AND message_id < $5
         ORDER BY position
         LIMIT $3
        """,
        position,
        [f"{service}.{name}{ending}" for name in names for ending in ("", HISTORY)],
        BATCH,
        *within,
    )
