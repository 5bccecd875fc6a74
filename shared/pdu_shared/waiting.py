"""Messages whose listener failed: tried again after a while, and parked when that does not help.

Later messages of the same subject wait behind the first, so that their order holds.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import structlog

from pdu_shared.again import rounds
from pdu_shared.bus import Thread, continuing
from pdu_shared.database import Conn, Database, transaction
from pdu_shared.listening import Listener, UnknownReferenceError, name_of
from pdu_shared.parking import park
from pdu_shared.reading import Flaw, Received, read
from pdu_shared.sealing import Sealer

log = structlog.get_logger()

AGAIN_AFTER = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 1800, 3600, 21600))
"""Pauses between the eight tries."""
UNKNOWN_REFERENCE_FOR = timedelta(minutes=10)
LOOK_EVERY = 1.0


async def wait_for_another_try(
    conn: Conn, listener: Listener, received: Received, *, failure: Exception | None
) -> None:
    """Keep a message for later: after its `failure`, or (none) behind one of its subject."""
    pause = AGAIN_AFTER[0] if failure else timedelta()
    await conn.execute(
        """
        WITH noted AS (UPDATE inbox SET state = 'waiting' WHERE message_id = $2 AND listener = $1)
        INSERT INTO waiting (listener, message_id, stream, attempt, next_at, reason, body)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        name_of(listener),
        received.envelope.id,
        received.stream,
        1 if failure else 0,
        datetime.now(UTC) + pause,
        _reason(failure),
        received.body.decode(),
    )
    log.warning(
        "waits for another try",
        listener=name_of(listener),
        message_id=str(received.envelope.id),
        reason=_reason(failure),
    )


async def readmit(conn: Conn, parked_id: UUID) -> bool:
    """Give a parked message's listener another eight tries; False if it never got to one."""
    readmitted = await conn.fetchval(
        """
        WITH noted AS (UPDATE inbox SET state = 'waiting'
                         FROM parked
                        WHERE parked_id = $1 AND inbox.listener = parked.listener
                          AND inbox.message_id = parked.message_id
                    RETURNING inbox.listener, inbox.message_id, stream)
        INSERT INTO waiting (listener, message_id, stream, attempt, next_at, reason, body)
        SELECT noted.listener, noted.message_id, stream, 0, now(), 'readmitted',
               convert_from(body, 'UTF8')
          FROM noted, parked
         WHERE parked_id = $1
     RETURNING true
        """,
        parked_id,
    )
    return bool(readmitted)


async def try_again_forever(
    database: Database, listeners: Mapping[str, Listener], sealer: Sealer | None
) -> None:
    """Try what is due, oldest first, until cancelled."""

    async def one() -> bool:
        return await try_again(database, listeners, sealer, now=datetime.now(UTC))

    await rounds(one, name="retries", rest=LOOK_EVERY)


async def try_again(
    database: Database, listeners: Mapping[str, Listener], sealer: Sealer | None, *, now: datetime
) -> bool:
    """Try one message that is due; False when none is.

    What came out of order and waited meanwhile may be older than what is done: then it is stale.
    """
    async with transaction(database) as conn:
        row = await _due(conn, now)
        if row is None:
            return False
        if row["overtaken"]:
            await _close(conn, row, "stale")
            return True
        failure = await _attempt(conn, row, listeners, sealer)
        if failure is None:
            await _close(conn, row, "done")
        elif _given_up(row, failure, now):
            kind: str = json.loads(row["body"])["type"]
            flaw = Flaw(
                _reason(failure),
                f"{row['attempt'] + 1} tries",
                row["body"].encode(),
                row["message_id"],
                kind.removeprefix("pdu."),
            )
            await park(conn, flaw, listener=row["listener"])
            await _close(conn, row, "parked")
        else:
            await _postpone(conn, row, failure, now)
    return True


async def _attempt(
    conn: Conn, row: asyncpg.Record, listeners: Mapping[str, Listener], sealer: Sealer | None
) -> Exception | None:
    listener = listeners.get(row["listener"])
    received = read(row["body"].encode(), sent_by=None, sealer=sealer)
    if listener is None or isinstance(received, Flaw) or received.message is None:
        return LookupError("This version does not know the listener or the message.")
    try:
        async with conn.transaction():
            with continuing(Thread.after(received.envelope)):
                await listener(conn, received.message)
    except Exception as failure:
        if conn.is_closed():
            raise
        return failure
    return None


def _given_up(row: asyncpg.Record, failure: Exception, now: datetime) -> bool:
    if isinstance(failure, UnknownReferenceError):
        return bool(now >= row["first_seen"] + UNKNOWN_REFERENCE_FOR)
    return bool(row["attempt"] >= len(AGAIN_AFTER))


def _reason(failure: Exception | None) -> str:
    match failure:
        case None:
            return "behind"
        case UnknownReferenceError():
            return "unknown_ref"
        case _:
            return f"handler_error:{type(failure).__name__}"


async def _due(conn: Conn, now: datetime) -> asyncpg.Record | None:
    return await conn.fetchrow(
        """
        SELECT position, listener, message_id, stream, attempt, first_seen, body,
               EXISTS (SELECT FROM inbox AS own JOIN inbox AS newer USING (stream, listener)
                        WHERE own.message_id = waiting.message_id
                          AND own.listener = waiting.listener
                          AND newer.sequence > own.sequence
                          AND newer.state = 'done') AS overtaken
          FROM waiting
         WHERE next_at <= $1
           AND NOT EXISTS (SELECT FROM waiting AS elder
                            WHERE elder.stream = waiting.stream
                              AND elder.listener = waiting.listener
                              AND elder.position < waiting.position)
         ORDER BY position
         LIMIT 1
           FOR UPDATE SKIP LOCKED
        """,
        now,
    )


async def _close(conn: Conn, row: asyncpg.Record, state: str) -> None:
    await conn.execute("DELETE FROM waiting WHERE position = $1", row["position"])
    await conn.execute(
        "UPDATE inbox SET state = $3 WHERE message_id = $1 AND listener = $2",
        row["message_id"],
        row["listener"],
        state,
    )


async def _postpone(conn: Conn, row: asyncpg.Record, failure: Exception, now: datetime) -> None:
    await conn.execute(
        "UPDATE waiting SET attempt = attempt + 1, next_at = $2, reason = $3 WHERE position = $1",
        row["position"],
        now + AGAIN_AFTER[min(row["attempt"], len(AGAIN_AFTER) - 1)],
        _reason(failure),
    )
