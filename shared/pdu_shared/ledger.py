"""The ledger counted: each service tells every hour what it told, and tells again what is missing.

Reporting holds the counts against its journal (`pdu_reporting/reconciling.py`). So a message that
was confirmed and yet never came is found within the hour, and comes.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import asyncpg
import structlog

from pdu_shared import outbox
from pdu_shared.again import rounds
from pdu_shared.contracts import MESSAGES
from pdu_shared.contracts.ledger import Counted
from pdu_shared.contracts.message import MESSAGES_EXCHANGE
from pdu_shared.contracts.reporting import MessagesMissing
from pdu_shared.database import Conn, transaction
from pdu_shared.identity import derived_id, first_uuid7
from pdu_shared.replay import replay
from pdu_shared.runtime import Runtime

log = structlog.get_logger()

LOOK_EVERY = 15.0
SETTLED_AFTER = timedelta(minutes=10)
"""No transaction takes so long: what was promised before is in the ledger by then."""
LONGEST_SPAN = timedelta(days=1)
"""What is counted at once, when much has not been counted yet."""
LONGEST = 300.0
"""Seconds that counting a span may take."""
_LEDGER_LOCK = 7_365_020


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to another, which is not part of it."""

    starts_at: datetime
    ends_at: datetime


async def want(conn: Conn, message: MessagesMissing) -> None:
    """Write down what reporting lacks. The same again is no second errand."""
    await conn.execute(
        """
        INSERT INTO ledger_wanted (publisher, starts_at, ends_at, keys)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT (publisher, starts_at, ends_at) DO UPDATE SET keys = excluded.keys
        """,
        message.publisher,
        message.starts_at,
        message.ends_at,
        list(message.keys),
    )


LISTENERS = (want,)


async def keep_count(runtime: Runtime) -> None:
    """Tell what is due, and again what is missing, for ever."""
    await rounds(partial(_one, runtime), name="ledger", rest=LOOK_EVERY)


async def _one(runtime: Runtime) -> bool:
    return await tell_again(runtime) or await tell_next(runtime)


async def tell_next(
    runtime: Runtime, *, now: datetime | None = None, until: datetime | None = None
) -> bool:
    """Count the next span that is over and tell of it; False when none is due.

    Spans end with an hour. With `until` they need not: an operator wants to know now.
    """
    settled = (now or datetime.now(UTC)) - SETTLED_AFTER
    until = until or settled.replace(minute=0, second=0, microsecond=0)
    async with transaction(runtime.database) as conn:
        # Of several copies of the service one counts.
        await conn.execute("SELECT pg_advisory_xact_lock($1)", _LEDGER_LOCK)
        starts_at = await _not_told_yet(conn)
        if starts_at is None or starts_at >= until:
            return False
        span = Span(starts_at, min(until, starts_at + LONGEST_SPAN))
        await _tell(conn, runtime.service, span)
        await _told_until(conn, span.ends_at)
    return True


async def tell_again(runtime: Runtime) -> bool:
    """Tell reporting what it lacks, and count that span anew; False when it lacks nothing."""
    async with transaction(runtime.database) as conn:
        await _forget_what_others_tell(conn, runtime.service)
        wanted = await _wanted(conn)
    if wanted is None:
        return False
    span = Span(wanted["starts_at"], wanted["ends_at"])
    told = await replay(
        runtime.database,
        runtime.settings.amqp_urls(),
        service=runtime.service,
        to="reporting",
        names={key.split(".")[1] for key in wanted["keys"]},
        within=(first_uuid7(span.starts_at), first_uuid7(span.ends_at)),
    )
    async with transaction(runtime.database) as conn:
        await _tell(conn, runtime.service, span)
        await _done(conn, wanted)
    log.warning("told again what was missing", messages=told, starts_at=span.starts_at.isoformat())
    return True


async def _tell(conn: Conn, service: str, span: Span) -> None:
    fact = {
        "ledger_id": derived_id("ledger", service, span.starts_at, span.ends_at),
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "counts": tuple(await counted(conn, span)),
    }
    await outbox.add(conn, MESSAGES[f"{service}.LedgerCounted"].model_validate(fact))


async def counted(conn: Conn, span: Span) -> list[Counted]:
    """What the ledger holds of a span, by kind. Sealed bodies are emptied, and not counted."""
    await conn.execute("SELECT set_config('statement_timeout', $1, true)", f"{LONGEST:.0f}s")
    rows = await conn.fetch(
        """
        SELECT routing_key AS key, count(*) AS messages,
               (sum(('x' || encode(substr(sha256(convert_to(body, 'UTF8')), 1, 6), 'hex'))
                    ::bit(48)::bigint) % (1::bigint << 48))::bigint AS digest
          FROM outbox
         WHERE message_id >= $1 AND message_id < $2 AND exchange = $3
         GROUP BY routing_key
         ORDER BY routing_key
        """,
        first_uuid7(span.starts_at),
        first_uuid7(span.ends_at),
        MESSAGES_EXCHANGE,
        timeout=LONGEST,
    )
    return [Counted(**row) for row in rows]


async def _not_told_yet(conn: Conn) -> datetime | None:
    """Where the next span begins: with the hour of the first message, if nothing was told yet."""
    begins: datetime | None = await conn.fetchval("""
        SELECT coalesce((SELECT ends_at FROM ledger_told),
                        date_trunc('hour', to_timestamp(
                            (SELECT ('x' || substr(replace(message_id::text, '-', ''), 1, 12))
                                    ::bit(48)::bigint / 1000.0
                               FROM (SELECT message_id FROM outbox ORDER BY message_id LIMIT 1)
                                    AS first (message_id)))))
        """)
    return begins


async def _told_until(conn: Conn, ends_at: datetime) -> None:
    await conn.execute(
        """
        INSERT INTO ledger_told (ledger, ends_at)
        VALUES ('own', $1)
            ON CONFLICT (ledger) DO UPDATE SET ends_at = excluded.ends_at
        """,
        ends_at,
    )


async def _forget_what_others_tell(conn: Conn, service: str) -> None:
    await conn.execute("DELETE FROM ledger_wanted WHERE publisher <> $1", service)


async def _wanted(conn: Conn) -> asyncpg.Record | None:
    return await conn.fetchrow(
        "SELECT publisher, starts_at, ends_at, keys FROM ledger_wanted ORDER BY starts_at LIMIT 1"
    )


async def _done(conn: Conn, wanted: asyncpg.Record) -> None:
    # Unless something else is wanted of the span meanwhile.
    await conn.execute(
        """
        DELETE FROM ledger_wanted
         WHERE publisher = $1 AND starts_at = $2 AND ends_at = $3 AND keys = $4
        """,
        *wanted.values(),
    )
