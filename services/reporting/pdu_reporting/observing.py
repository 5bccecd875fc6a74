"""The numbers of the journal that operators watch."""

import asyncio

import asyncpg
import structlog
from prometheus_client import Gauge

from pdu_shared.again import for_ever
from pdu_shared.database import UNAVAILABLE, Conn
from pdu_shared.runtime import Runtime
from pdu_shared.telemetry import REGISTRY

log = structlog.get_logger()

LOOK_EVERY = 1.0

POSITION = Gauge("pdu_journal_position", "Position of the newest message.", registry=REGISTRY)
LAG = Gauge(
    "pdu_projection_lag_seconds",
    "From a message being recorded by its owner to its being counted, of the newest.",
    registry=REGISTRY,
)
MISSING = Gauge(
    "pdu_journal_missing",
    "Messages that have not come, though later ones of the same subject have.",
    registry=REGISTRY,
)


async def observe(runtime: Runtime) -> None:
    """Look once a second, for as long as the service runs."""

    async def look() -> None:
        async with runtime.database.pool.acquire(timeout=5) as conn:
            await _observe(conn)
        await asyncio.sleep(LOOK_EVERY)

    await for_ever(look, name="numbers", survives=(*UNAVAILABLE, asyncpg.PostgresError))


async def _observe(conn: Conn) -> None:
    newest = await conn.fetchrow("""
        SELECT position, extract(epoch FROM received_at - recorded_at)::float AS lag
          FROM journal
         ORDER BY position DESC
         LIMIT 1
        """)
    if newest is not None:
        POSITION.set(newest["position"])
        LAG.set(newest["lag"])
    MISSING.set(await missing(conn))


async def missing(conn: Conn) -> int:
    """How many messages are missing: the holes in the sequences of all subjects."""
    # Only subjects with holes are in the index that this condition names.
    holes: int = await conn.fetchval("""
        SELECT coalesce(sum(upper(hole) - lower(hole)), 0)::bigint
          FROM subject,
               unnest(int8multirange(int8range(1, upper(told))) - told) AS hole
         WHERE told <> int8multirange(int8range(1, upper(told)))
        """)
    return holes
