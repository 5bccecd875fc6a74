"""The journal: every message as it was published, and all that follows from it, in one commit."""

import asyncio
from collections.abc import Sequence

import asyncpg
import structlog

from pdu_reporting.projection import fold
from pdu_reporting.projections import PROJECTIONS
from pdu_reporting.rebuild import one_writer_at_a_time
from pdu_reporting.tally.marking import mark
from pdu_shared import ledger, protection
from pdu_shared.contracts import MESSAGES
from pdu_shared.contracts.reporting import MessagesMissing
from pdu_shared.database import UNAVAILABLE, Conn, Database, transaction
from pdu_shared.parking import park
from pdu_shared.reading import Flaw, Received

log = structlog.get_logger()

NOT_THE_MESSAGE = (
    *UNAVAILABLE,
    asyncpg.SyntaxOrAccessError,  # a table that another version of this service has made
    asyncpg.TransactionRollbackError,  # a deadlock
    asyncpg.LockNotAvailableError,
)
"""Failures for which a message is not to blame: it is taken again later."""

PUBLIC = frozenset(key for key, message in MESSAGES.items() if message.public)

_readers: set[asyncio.Event] = set()


async def take(database: Database, batch: Sequence[Received | Flaw]) -> None:
    """Write a batch into the journal, fold it into every projection, and commit.

    What cannot be taken is parked. Raises only when it should be asked again later.
    """
    received = [one for one in batch if isinstance(one, Received)]
    flaws = [one for one in batch if isinstance(one, Flaw)]
    try:
        await _take_together(database, received, flaws)
    except NOT_THE_MESSAGE:
        raise
    except Exception as failure:  # noqa: BLE001 - one of the messages, and singly we learn which
        log.info("batch goes singly", messages=len(batch), reason=type(failure).__name__)
        await _take_singly(database, received, flaws)
    for reader in _readers:
        reader.set()


def tell_when_written(reader: asyncio.Event) -> None:
    """Set this event after each batch, until `forget`."""
    _readers.add(reader)


def forget(reader: asyncio.Event) -> None:
    """Set this event no longer."""
    _readers.discard(reader)


async def _take_together(
    database: Database, received: Sequence[Received], flaws: Sequence[Flaw]
) -> None:
    async with transaction(database) as conn:
        for flaw in flaws:
            await park(conn, flaw)
        if received:
            await one_writer_at_a_time(conn)
            await _write_and_fold(conn, received)


async def _take_singly(
    database: Database, received: Sequence[Received], flaws: Sequence[Flaw]
) -> None:
    async with transaction(database) as conn:
        for flaw in flaws:
            await park(conn, flaw)
        await one_writer_at_a_time(conn)
        for one in received:
            try:
                async with conn.transaction():
                    await _write_and_fold(conn, [one])
            except NOT_THE_MESSAGE:
                raise
            except Exception as failure:  # noqa: BLE001 - parked with its reason
                reason = f"handler_error:{type(failure).__name__}"
                await park(conn, _flaw(one, reason, "could not be written or counted"))


async def _write_and_fold(conn: Conn, received: Sequence[Received]) -> None:
    positions = await _insert(conn, received)
    if len(positions) < len(received):
        await _park_impostors(conn, received)
    if not positions:
        return
    await mark(conn, [one.message for one in received], position=positions[-1])
    keys = {one.envelope.routing_key for one in received}
    hearing = [
        one
        for one in PROJECTIONS
        if one.routing_keys is None or not keys.isdisjoint(one.routing_keys)
    ]
    await fold(conn, hearing, first=positions[0], last=positions[-1])
    for one in received:
        if isinstance(one.message, protection.Asked):
            await protection.note(conn, one.message)
        elif isinstance(one.message, MessagesMissing):
            await ledger.want(conn, one.message)


async def _park_impostors(conn: Conn, received: Sequence[Received]) -> None:
    """A message that came before is no news; another one under its id is a reason for alarm."""
    for place in await _impostors(conn, received):
        one = received[place - 1]
        message_id = str(one.envelope.id)
        log.error("another body under a known id", message_id=message_id, alert="security")
        await park(conn, _flaw(one, "id_conflict", "differs from the first"))


def _flaw(received: Received, reason: str, detail: str) -> Flaw:
    envelope = received.envelope
    return Flaw(reason, detail, received.body, envelope.id, envelope.routing_key)


async def _insert(conn: Conn, received: Sequence[Received]) -> list[int]:
    """Write down what is new; its positions, in order."""
    envelopes = [one.envelope for one in received]
    rows = await conn.fetch(
        """
        INSERT INTO journal (message_id, routing_key, source, subject, sequence, occurred_at,
                             recorded_at, origin, public, correlation_id, body)
        SELECT message_id, routing_key, source, subject, sequence, occurred_at,
               recorded_at, origin, public, correlation_id, body
          FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[],
                      $6::timestamptz[], $7::timestamptz[], $8::text[], $9::boolean[], $10::uuid[],
                      $11::text[])
               WITH ORDINALITY
               AS told (message_id, routing_key, source, subject, sequence, occurred_at,
                        recorded_at, origin, public, correlation_id, body, place)
         ORDER BY place
            ON CONFLICT (message_id) DO NOTHING
        RETURNING position
        """,
        [envelope.id for envelope in envelopes],
        [envelope.routing_key for envelope in envelopes],
        [envelope.source for envelope in envelopes],
        [envelope.subject for envelope in envelopes],
        [int(envelope.sequence) for envelope in envelopes],
        [envelope.time for envelope in envelopes],
        [envelope.recordedtime for envelope in envelopes],
        [envelope.origin for envelope in envelopes],
        [envelope.routing_key in PUBLIC for envelope in envelopes],
        [envelope.correlationid for envelope in envelopes],
        [one.body.decode() for one in received],
    )
    return [row["position"] for row in rows]


async def _impostors(conn: Conn, received: Sequence[Received]) -> list[int]:
    """Places, from 1, of messages whose id the journal knows with another body."""
    rows = await conn.fetch(
        """
        SELECT place
          FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS told (message_id, body, place)
          JOIN journal USING (message_id)
         WHERE journal.body <> told.body
         ORDER BY place
        """,
        [one.envelope.id for one in received],
        [one.body.decode() for one in received],
    )
    return [row["place"] for row in rows]
