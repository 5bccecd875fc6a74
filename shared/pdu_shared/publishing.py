"""The one place that publishes: ledger rows, byte for byte, with pipelined confirms."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import asyncpg
from aio_pika.abc import AbstractConnection
from aiormq import Channel, spec
from aiormq.abc import ChannelFrame
from aiormq.exceptions import ChannelAccessRefused, ChannelInvalidStateError
from yarl import URL

from pdu_shared import frames
from pdu_shared.bus import connect
from pdu_shared.contracts.message import CONTENT_TYPE, HISTORY, JOURNAL_STREAM, REPLAY_EXCHANGE

CONFIRM_WITHIN = 5.0
PERSISTENT = 2


class _Burst:
    """The confirms of messages that go out together: one future for all, where aiormq has one each.

    aiormq ends its own futures when the channel closes, which takes several callbacks for each.
    """

    def __init__(self, channel: Channel, messages: int) -> None:
        self.outstanding = messages
        self.answered: asyncio.Future[None] = channel.create_future()

    def one_came(self) -> None:
        """The broker has said what came of another one."""
        self.outstanding -= 1
        if not self.outstanding and not self.answered.done():
            self.answered.set_result(None)

    def over(self) -> BaseException:
        """What is to be said of those of which nothing was heard."""
        unheard = TimeoutError("not confirmed in time")
        if not self.answered.done():
            self.answered.cancel()
        return unheard if self.answered.cancelled() else self.answered.exception() or unheard


@dataclass(slots=True, eq=False)
class _Confirm:
    """What came of one message: as much of a future as aiormq's reader asks for."""

    burst: _Burst
    came: bool = False
    error: BaseException | None = None

    def done(self) -> bool:
        return self.came

    def cancelled(self) -> bool:
        return False

    def set_result(self, _frame: object) -> None:
        self._settle(None)

    def set_exception(self, error: BaseException) -> None:
        self._settle(error)

    def _settle(self, error: BaseException | None) -> None:
        self.came, self.error = True, error
        self.burst.one_came()


@dataclass(frozen=True, slots=True)
class Publisher:
    """A channel with confirms on a connection of its own."""

    service: str
    user: str | None
    connection: AbstractConnection
    channel: Channel
    kinds: dict[tuple[str, str, str | None], frames.Kind] = field(default_factory=dict)

    async def publish(
        self, rows: Sequence[asyncpg.Record], *, replay_to: str | None = None
    ) -> list[BaseException | None]:
        """Publish ledger rows in order. For each: `None` once confirmed, or what came of it.

        TimeoutError means unknown, not failed: the message may have been delivered.
        """
        if self.channel.is_closed:
            return [ChannelInvalidStateError("closed") for _ in rows]
        # One write for all, below aio-pika and aiormq: they take a task and a write for each.
        frames: list[bytes] = []
        for row in rows:
            frames += self._frames(row, replay_to)
        ids = [str(row["message_id"]) for row in rows]
        burst = _Burst(self.channel, len(ids))
        sent = [self._expect(message_id, burst) for message_id in ids]
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(CONFIRM_WITHIN):
                    await self.channel.write_queue.put(
                        ChannelFrame(b"".join(frames), should_close=False)
                    )
                    await asyncio.wait([burst.answered])
        finally:
            unheard = burst.over()
            for message_id in ids:
                self.channel.message_id_delivery_tag.pop(message_id, None)
        return [confirm.error if confirm.came else unheard for confirm in sent]

    def _expect(self, message_id: str, burst: _Burst) -> _Confirm:
        """The confirm of the next message on the channel, where aiormq's reader looks for it."""
        channel = self.channel
        channel.delivery_tag += 1
        confirm = _Confirm(burst)
        channel.confirmations[channel.delivery_tag] = confirm  # type: ignore[assignment]
        channel.message_id_delivery_tag[message_id] = channel.delivery_tag
        return confirm

    def _frames(self, row: asyncpg.Record, replay_to: str | None) -> Iterator[bytes]:
        key = (row["exchange"], row["routing_key"], replay_to)
        kind = self.kinds.get(key)
        if kind is None:
            kind = self.kinds[key] = self._kind(*key)
        body: str = row["body"]
        start = body.index('"correlationid":"') + len('"correlationid":"')
        return kind.frames(
            body.encode(),
            correlation_id=body[start : start + 36],
            message_id=str(row["message_id"]),
        )

    def _kind(self, exchange: str, routing_key: str, replay_to: str | None) -> frames.Kind:
        publish = spec.Basic.Publish(
            exchange=REPLAY_EXCHANGE if replay_to else exchange,
            routing_key=".".join(filter(None, (replay_to, routing_key))),
            mandatory=True,
        )
        properties = spec.Basic.Properties(
            content_type=CONTENT_TYPE,
            delivery_mode=PERSISTENT,
            message_type=f"pdu.{routing_key.removesuffix(HISTORY)}",
            app_id=self.service,
            user_id=self.user,  # the broker refuses another name than the connection's
            headers={"replay": True} if replay_to else None,
        )
        return frames.kind(
            publish, properties, channel=self.channel.number, room=self.channel.max_content_size
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
    # its leader is up: until then a passive declare is not answered, or by NOT_FOUND ("home node is
    # down"), which is trouble like any other. That we may not ask it is an answer.
    channel = await connection.channel()
    with suppress(ChannelAccessRefused):
        await channel.declare_queue(JOURNAL_STREAM, passive=True)
        await channel.close()
