"""The one place that publishes: ledger rows, byte for byte, with pipelined confirms."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import aio_pika
import asyncpg
from aio_pika.abc import AbstractConnection
from aiormq import Channel, spec
from yarl import URL

from pdu_shared.bus import connect
from pdu_shared.contracts.message import CONTENT_TYPE, JOURNAL_STREAM, REPLAY_EXCHANGE

CONFIRM_WITHIN = 5.0
PERSISTENT = 2


@dataclass(frozen=True, slots=True)
class Publisher:
    """A channel with confirms on a connection of its own."""

    service: str
    user: str | None
    connection: AbstractConnection
    channel: Channel

    async def publish(
        self, rows: Sequence[asyncpg.Record], *, replay_to: str | None = None
    ) -> list[BaseException | None]:
        """Publish ledger rows in order. For each: `None` once confirmed, or what came of it.

        TimeoutError means unknown, not failed: the message may have been delivered.
        """
        # Below aio-pika, which waits for the socket after each message: twice as many a second.
        sent = [
            asyncio.ensure_future(
                self.channel.basic_publish(
                    row["body"].encode(),
                    exchange=REPLAY_EXCHANGE if replay_to else row["exchange"],
                    routing_key=".".join(filter(None, (replay_to, row["routing_key"]))),
                    properties=self._properties(row, replayed=replay_to is not None),
                    mandatory=True,
                    wait=False,
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

    def _properties(self, row: asyncpg.Record, *, replayed: bool) -> spec.Basic.Properties:
        body: str = row["body"]
        start = body.index('"correlationid":"') + len('"correlationid":"')
        return spec.Basic.Properties(
            content_type=CONTENT_TYPE,
            delivery_mode=PERSISTENT,
            message_id=str(row["message_id"]),
            correlation_id=body[start : start + 36],
            message_type=f"pdu.{row['routing_key']}",
            app_id=self.service,
            user_id=self.user,  # the broker refuses another name than the connection's
            headers={"replay": True} if replayed else None,
        )


async def open_publisher(urls: Sequence[str], service: str, *, role: str) -> Publisher:
    """Connect, and wait until the journal takes messages. Close its `connection` in the end."""
    connection = await connect(urls, name=f"{service}-{role}")
    try:
        await _wait_for_the_journal(connection)
        opened = await connection.channel(on_return_raises=True)
        channel = await opened.get_underlay_channel()
        assert isinstance(channel, Channel), "what aio-pika opens"
    except BaseException:
        await connection.close()
        raise
    return Publisher(service, URL(urls[0]).user, connection, channel)


async def _wait_for_the_journal(connection: AbstractConnection) -> None:
    # After a broker's restart a stream bound to a topic exchange misses confirmed messages until
    # its leader is up. The answer to a passive declare, a refusal too, comes when it is.
    channel = await connection.channel()
    try:
        await channel.declare_queue(JOURNAL_STREAM, passive=True)
        await channel.close()
    except aio_pika.exceptions.ChannelClosed:
        return
