"""What services say that they told, held against the journal; what is missing is asked for again.

`shared/pdu_shared/ledger.py` is the other half: it counts, and tells again.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from pdu_reporting.ledgers import observe_ledgers
from pdu_reporting.rules.reconciling import (
    LATE_AFTER,
    Difference,
    Tally,
    differences,
    pause_after,
)
from pdu_shared import outbox
from pdu_shared.again import rounds
from pdu_shared.contracts.reporting import MessagesMissing
from pdu_shared.database import Conn, Database, transaction
from pdu_shared.identity import derived_id, first_uuid7
from pdu_shared.runtime import Runtime

log = structlog.get_logger()

LOOK_EVERY = 10.0
HOLES_OF = timedelta(days=40)
"""How far back a span of which nothing was told is looked for: no backup is older."""
LONGEST = 300.0
"""Seconds that counting a span may take."""
_RECONCILE_LOCK = 7_365_012


@dataclass(frozen=True, slots=True)
class Due:
    """A span to look at. Without a count it is a hole: nothing was told of it."""

    publisher: str
    starts_at: datetime
    ends_at: datetime
    sequence: int
    counts: str | None
    asked: int
    different_since: datetime | None


async def reconcile(runtime: Runtime) -> None:
    """Look at what is due, for ever."""
    await rounds(partial(look, runtime.database), name="reconciling", rest=LOOK_EVERY)


async def look(database: Database, *, now: datetime | None = None) -> bool:
    """Look at one span; False when none is due."""
    now = now or datetime.now(UTC)
    async with transaction(database) as conn:
        if not await conn.fetchval("SELECT pg_try_advisory_xact_lock($1)", _RECONCILE_LOCK):
            return False
        await _note_holes(conn, now)
        due = await _due(conn, now)
        if due is None:
            await observe_ledgers(conn, now)
            return False
        found = await _compare(conn, due)
        await _keep(conn, due, found, now)
        # What differs at the first look may be on its way.
        if due.different_since and (found or due.counts is None):
            await _ask(conn, due, found, now)
    return True


async def _compare(conn: Conn, due: Due) -> list[Difference]:
    if due.counts is None:
        return []
    told = {one["key"]: Tally(one["messages"], one["digest"]) for one in json.loads(due.counts)}
    return differences(told, await _journalled(conn, due))


async def _ask(conn: Conn, due: Due, found: list[Difference], now: datetime) -> None:
    """Ask for all that differs: the answer is the messages, and a new count."""
    assert due.different_since is not None, "asked at a second look"
    await outbox.add(
        conn,
        MessagesMissing(
            ledger_id=derived_id("ledger", due.publisher, due.starts_at, due.ends_at),
            publisher=due.publisher,
            starts_at=due.starts_at,
            ends_at=due.ends_at,
            keys=tuple(one.key for one in found),
        ),
    )
    late = now - due.different_since > LATE_AFTER
    (log.error if late else log.warning)(
        "a ledger and the journal differ",
        publisher=due.publisher,
        starts_at=due.starts_at.isoformat(),
        missing=sum(one.missing for one in found),
        extra=sum(one.extra for one in found),
        **({"alert": "ledger"} if late else {}),
    )


async def _note_holes(conn: Conn, now: datetime) -> None:
    """A span between two of which nothing was told: this journal was restored from a backup."""
    await conn.execute(
        """
        INSERT INTO ledger_compared (publisher, starts_at, ends_at, sequence, missing, extra, keys,
                                     asked, looked_at, different_since, next_at)
        SELECT publisher, lower(hole), upper(hole), 0, 0, 0, '{}', 0, $2, $2, $2
          FROM (SELECT publisher, range_agg(tstzrange(starts_at, ends_at)) AS told
                  FROM ledger_count
                 WHERE ends_at > $1
                 GROUP BY publisher) AS spans,
               unnest(tstzmultirange(tstzrange(lower(told), upper(told))) - told) AS hole
            ON CONFLICT (publisher, starts_at, ends_at) DO NOTHING
        """,
        now - HOLES_OF,
        now,
    )


async def _due(conn: Conn, now: datetime) -> Due | None:
    row = await conn.fetchrow(
        """
        SELECT publisher, starts_at, ends_at, coalesce(told.sequence, 0) AS sequence,
               told.counts::text AS counts, coalesce(looked.asked, 0) AS asked,
               looked.different_since
          FROM ledger_count AS told
          FULL JOIN ledger_compared AS looked USING (publisher, starts_at, ends_at)
         WHERE looked.next_at <= $1 OR looked.sequence IS DISTINCT FROM told.sequence
               AND told.sequence IS NOT NULL
         ORDER BY starts_at
         LIMIT 1
        """,
        now,
    )
    return Due(**row) if row else None


async def _journalled(conn: Conn, due: Due) -> dict[str, Tally]:
    """What of a span is in the journal, or set aside, by kind."""
    await conn.execute("SELECT set_config('statement_timeout', $1, true)", f"{LONGEST:.0f}s")
    rows = await conn.fetch(
        """
        SELECT routing_key || CASE origin WHEN 'import' THEN '.import' ELSE '' END AS key,
               count(*) AS messages,
               (sum(('x' || encode(substr(sha256(body), 1, 6), 'hex'))::bit(48)::bigint)
                % (1::bigint << 48))::bigint AS digest
          FROM (SELECT routing_key, origin, convert_to(body, 'UTF8') AS body
                  FROM journal
                 WHERE message_id >= $1 AND message_id < $2 AND source = '/' || $3::text
                 UNION ALL
                (SELECT DISTINCT ON (message_id)
                        routing_key, convert_from(body, 'UTF8')::jsonb ->> 'origin', body
                   FROM parked
                  WHERE message_id >= $1 AND message_id < $2
                    AND split_part(routing_key, '.', 1) = $3
                    AND reason NOT IN ('id_conflict', 'wrong_producer')
                    AND NOT EXISTS (SELECT FROM journal
                                     WHERE journal.message_id = parked.message_id)
                  ORDER BY message_id)) AS had
         GROUP BY 1
        """,
        first_uuid7(due.starts_at),
        first_uuid7(due.ends_at),
        due.publisher,
        timeout=LONGEST,
    )
    return {row["key"]: Tally(row["messages"], row["digest"]) for row in rows}


async def _keep(conn: Conn, due: Due, found: list[Difference], now: datetime) -> None:
    differs = bool(found) or due.counts is None
    asked = due.asked + bool(due.different_since and differs)
    await conn.execute(
        """
        INSERT INTO ledger_compared AS kept (
               publisher, starts_at, ends_at, sequence, missing, extra, keys, asked, looked_at,
               different_since, next_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (publisher, starts_at, ends_at) DO UPDATE
           SET sequence = excluded.sequence, missing = excluded.missing, extra = excluded.extra,
               keys = excluded.keys, asked = excluded.asked, looked_at = excluded.looked_at,
               different_since = excluded.different_since, next_at = excluded.next_at
        """,
        due.publisher,
        due.starts_at,
        due.ends_at,
        due.sequence,
        sum(one.missing for one in found),
        sum(one.extra for one in found),
        [one.key for one in found],
        asked,
        now,
        (due.different_since or now) if differs else None,
        now + pause_after(asked) if differs else None,
    )
