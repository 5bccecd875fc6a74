"""The relay: publishes what the outbox promised, in its order, once the transaction committed."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

import aio_pika
import asyncpg
import structlog

from pdu_shared import telemetry
from pdu_shared.again import end_if_cancelled, for_ever
from pdu_shared.bus import UNREACHABLE
from pdu_shared.database import BY_KEY, UNAVAILABLE, Conn, Database
from pdu_shared.publishing import Publisher, open_publisher

log = structlog.get_logger()

BATCH = 500
LOOK_EVERY = 1.0
"""Seconds between looks at the outbox when nothing woke the relay."""
GATHER_FOR = 0.001
"""Seconds for each message just published until the next look: the more come, the longer we wait,
and the more go together, which is far cheaper than one by one."""
SHORTEST_GATHERING, LONGEST_GATHERING = 0.005, 0.03
REST_FOR = 2.0
"""Seconds that a refused subject rests: nothing spins, and the others go on."""
LONGEST_PAUSE = 5.0
TROUBLE = (*UNAVAILABLE, *UNREACHABLE, asyncpg.PostgresError)
_RELAY_LOCK = 7_365_002


class PublishRefusedError(Exception):
    """The broker did not take a message: its subject rests, and the channel is given up."""


@dataclass(frozen=True, slots=True)
class Relay:
    """One service's relay. Of several copies one is active, the others stand by."""

    service: str
    database: Database
    urls: Sequence[str]
    reaches_broker: asyncio.Event = field(default_factory=asyncio.Event)
    resting: dict[str, float] = field(default_factory=dict)
    """Subjects whose last publish was refused, and when to try them again."""

    async def run(self) -> None:
        """Relay until cancelled; after any trouble, with a new connection."""
        await for_ever(self._relay, name="relay", survives=TROUBLE, longest=LONGEST_PAUSE)

    async def _relay(self) -> None:
        publisher = await open_publisher(self.urls, self.service, role="relay")
        try:
            async with publisher.connection, self.database.pool.acquire(timeout=5) as conn:
                self.reaches_broker.set()
                async with _alone(conn, publisher):
                    await _plan_by_key(conn)
                    log.info("relay active")
                    while publisher.connection.connected.is_set():
                        await self._relay_and_rest(conn, publisher)
                        end_if_cancelled()
        except PublishRefusedError:
            # What was refused rests by itself; the others must not wait longer each time.
            return
        finally:
            self.reaches_broker.clear()

    async def _relay_and_rest(self, conn: Conn, publisher: Publisher) -> None:
        self.database.committed.clear()
        match await self._relay_once(conn, publisher):
            case 0:
                await _wait(self.database.committed)
            case told if told < BATCH:
                gathering = max(told * GATHER_FOR, SHORTEST_GATHERING)
                await asyncio.sleep(min(gathering, LONGEST_GATHERING))

    async def _relay_once(self, conn: Conn, publisher: Publisher) -> int:
        """Publish a batch; how many messages that were."""
        rows = await _unpublished(conn, self._resting_subjects())
        if not rows:
            return 0
        outcomes = await publisher.publish(rows)
        confirmed = [
            row["position"] for row, refused in zip(rows, outcomes, strict=True) if not refused
        ]
        await _mark(conn, confirmed)
        telemetry.RELAY_PUBLISHED.inc(len(confirmed))
        self._react(rows, outcomes)
        return len(rows)

    def _react(
        self, rows: Sequence[asyncpg.Record], outcomes: Sequence[BaseException | None]
    ) -> None:
        """Let refused subjects rest. Raises what calls for a new connection."""
        trouble: BaseException | None = None
        for row, outcome in zip(rows, outcomes, strict=True):
            if isinstance(outcome, aio_pika.exceptions.DeliveryError):
                self.resting[row["subject"]] = monotonic() + REST_FOR
                log.warning(
                    "publish refused",
                    routing_key=row["routing_key"],
                    message_id=str(row["message_id"]),
                    reason=type(outcome).__name__,
                )
            # Returned means that nobody is bound to it; the channel is sound. After a nack
            # RabbitMQ 3.10 nacks for ever on a channel opened while a queue had no leader.
            if outcome and not isinstance(outcome, aio_pika.exceptions.PublishError):
                trouble = outcome
        match trouble:
            case aio_pika.exceptions.DeliveryError():
                raise PublishRefusedError from trouble
            case BaseException():
                raise ConnectionError(type(trouble).__name__) from trouble

    def _resting_subjects(self) -> list[str]:
        now = monotonic()
        for subject in [subject for subject, until in self.resting.items() if until <= now]:
            del self.resting[subject]
        return list(self.resting)


@asynccontextmanager
async def _alone(conn: Conn, publisher: Publisher) -> AsyncIterator[None]:
    """Hold the relay's lock. It lives as long as this connection, which also marks the rows."""
    while not await conn.fetchval("SELECT pg_try_advisory_lock($1)", _RELAY_LOCK):
        await asyncio.sleep(LOOK_EVERY)
        if not publisher.connection.connected.is_set():
            raise ConnectionError
    try:
        yield
    finally:
        conn.terminate()  # and the lock goes with it


async def _plan_by_key(conn: Conn) -> None:
    # Nobody has this connection after the relay, which ends it.
    for name, value in BY_KEY.items():
        await conn.execute("SELECT set_config($1, $2, false)", name, value)


async def _wait(event: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(LOOK_EVERY):
            await event.wait()
    except TimeoutError:
        return


async def _mark(conn: Conn, positions: Sequence[int]) -> None:
    # Without waiting for the disk: marks that a crash takes with it are messages told twice, and
    # every inbox knows them. What must not be lost was committed before.
    await conn.execute(
        "SELECT outbox_published($1), set_config('synchronous_commit', 'off', true)", positions
    )


async def _unpublished(conn: Conn, resting: Sequence[str]) -> list[asyncpg.Record]:
    # Never a high-water mark: a transaction that took a smaller position may commit later.
    return await conn.fetch(
        """
        SELECT position, message_id, exchange, routing_key, subject, body
          FROM outbox
         WHERE published_at IS NULL AND subject <> ALL ($1::text[])
         ORDER BY position
         LIMIT $2
        """,
        resting,
        BATCH,
    )
