"""The one place that publishes: ledger rows, byte for byte, with pipelined confirms."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import aio_pika
import asyncpg
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange
from yarl import URL

from pdu_shared.bus import connect
from pdu_shared.contracts.message import (
    CONTENT_TYPE,
    JOURNAL_STREAM,
    MESSAGES_EXCHANGE,
    REPLAY_EXCHANGE,
    SEALED_EXCHANGE,
)

CONFIRM_WITHIN = 5.0


@dataclass(frozen=True, slots=True)
class Publisher:
    """A channel with confirms on a connection of its own."""

    service: str
    user: str | None
    connection: AbstractConnection
    exchanges: dict[str, AbstractExchange]

    async def publish(
        self, rows: Sequence[asyncpg.Record], *, replay_to: str | None = None
    ) -> list[BaseException | None]:
        """Publish ledger rows in order. For each: `None` once confirmed, or what came of it.

        TimeoutError means unknown, not failed: the message may have been delivered.
        """
        exchange = self.exchanges.get(REPLAY_EXCHANGE) if replay_to else None
        sent = [
            asyncio.ensure_future(
                (exchange or self.exchanges[row["exchange"]]).publish(
                    self._message(row, replayed=exchange is not None),
                    f"{replay_to}.{row['routing_key']}" if replay_to else row["routing_key"],
                    mandatory=True,
                )
            )
            for row in rows
        ]
        try:
            await asyncio.wait(sent, timeout=CONFIRM_WITHIN)
        finally:
            unanswered = {publish for publish in sent if publish.cancel()}
            await asyncio.gather(*sent, return_exceptions=True)
        return [
            TimeoutError("not confirmed in time") if publish in unanswered else publish.exception()
            for publish in sent
        ]

    def _message(self, row: asyncpg.Record, *, replayed: bool) -> aio_pika.Message:
        body: str = row["body"]
        start = body.index('"correlationid":"') + len('"correlationid":"')
        return aio_pika.Message(
            body.encode(),
            content_type=CONTENT_TYPE,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=str(row["message_id"]),
            correlation_id=body[start : start + 36],
            type=f"pdu.{row['routing_key']}",
            app_id=self.service,
            user_id=self.user,  # the broker refuses another name than the connection's
            headers={"replay": True} if replayed else None,
        )


async def open_publisher(urls: Sequence[str], service: str, *, role: str) -> Publisher:
    """Connect, and wait until the journal takes messages. Close its `connection` in the end."""
    connection = await connect(urls, name=f"{service}-{role}")
    try:
        await _wait_for_the_journal(connection)
        channel: AbstractChannel = await connection.channel(on_return_raises=True)
        exchanges = {
            name: await channel.get_exchange(name, ensure=False)
            for name in (MESSAGES_EXCHANGE, SEALED_EXCHANGE, REPLAY_EXCHANGE)
        }
    except BaseException:
        await connection.close()
        raise
    return Publisher(service, URL(urls[0]).user, connection, exchanges)


async def _wait_for_the_journal(connection: AbstractConnection) -> None:
    # After a broker's restart a stream bound to a topic exchange misses confirmed messages until
    # its leader is up. The answer to a passive declare, a refusal too, comes when it is.
    channel = await connection.channel()
    try:
        await channel.declare_queue(JOURNAL_STREAM, passive=True)
        await channel.close()
    except aio_pika.exceptions.ChannelClosed:
        return
