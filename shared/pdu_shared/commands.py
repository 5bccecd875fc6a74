"""Commands: what front ends without HTTP ask of a service, from the queue `<service>.commands`."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pdu_shared.runtime import Runtime

if TYPE_CHECKING:
    from aio_pika.abc import AbstractIncomingMessage

T = TypeVar("T")

TOGETHER = 64


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery as the broker vouches for it: who sent it, under which key."""

    client: str | None
    """None for somebody who did not say: the broker checks the name, but asks for none."""
    routing_key: str
    token: str | None
    body: bytes


async def serve_commands(
    runtime: Runtime, read: Callable[[Sent], T], carry_out: Callable[[T], Awaitable[None]]
) -> None:
    """Carry out what is asked, many at a time and in no order; acknowledged when answered.

    When one of them raises, all that came with it are asked again later.
    """
    # FastStream is half of what a consumer weighs, and only running services need it.
    from pdu_shared.consumer import Consumer  # noqa: PLC0415

    async def take(batch: Sequence[T]) -> None:
        outcomes = await asyncio.gather(*map(carry_out, batch), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    consumer = Consumer(
        runtime.service,
        runtime.settings.amqp_urls(),
        lambda raw: read(_sent(raw)),
        take,
        queue="commands",
        batch=TOGETHER,
    )
    runtime.reaches_broker["commands"] = consumer.reaches_broker
    await consumer.run()


def _sent(raw: "AbstractIncomingMessage") -> Sent:
    token = raw.headers.get("authorization")
    return Sent(
        raw.user_id, raw.routing_key or "", token if isinstance(token, str) else None, raw.body
    )
