"""`./pdu journal`: every public message, as a reporting consumer outside sees it."""

import asyncio
import json
import secrets
from collections.abc import Callable

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from pdu_local.failure import USAGE, Failure
from pdu_local.place import management_url, running_place
from pdu_local.programs import Place
from pdu_shared.contracts.message import JOURNAL_STREAM
from pdu_shared.platform import admit_reader

QUIET = 1.0
"""Seconds without a message after which the end has been reached."""
AT_A_TIME = 200
READER = "journal"


def journal(start: str, *, follow: bool, as_json: bool) -> None:
    """Print messages from an offset on, to the end or for ever."""
    offset = _offset(start)
    try:
        asyncio.run(_read(running_place(), offset, follow=follow, show=_shown(as_json=as_json)))
    except KeyboardInterrupt:
        return


async def _read(
    place: Place, offset: str | int, *, follow: bool, show: Callable[[int, bytes], str]
) -> None:
    password = secrets.token_urlsafe(24)
    await admit_reader(management_url(place), READER, password)
    address = f"amqp://reader_{READER}:{password}@127.0.0.1:{place.ports['amqp']}/pdu"
    async with await aio_pika.connect(address, timeout=5) as connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=AT_A_TIME)
        arrived: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
        stream = await channel.get_queue(JOURNAL_STREAM, ensure=False)
        await stream.consume(arrived.put, arguments={"x-stream-offset": offset})
        while message := await _next(arrived, None if follow else QUIET):
            place_in_stream = (message.headers or {}).get("x-stream-offset", 0)
            print(show(int(str(place_in_stream)), message.body), flush=True)
            await message.ack()


async def _next(
    arrived: asyncio.Queue[AbstractIncomingMessage], patience: float | None
) -> AbstractIncomingMessage | None:
    try:
        async with asyncio.timeout(patience):
            return await arrived.get()
    except TimeoutError:
        return None


def _offset(start: str) -> str | int:
    if start in ("first", "last", "next"):
        return start
    if start.isdigit():
        return int(start)
    raise Failure(f"{start} is no place in the journal.", "Say first or a number.", code=USAGE)


def _shown(*, as_json: bool) -> Callable[[int, bytes], str]:
    if as_json:
        return lambda offset, body: f'{{"offset": {offset}, "message": {body.decode()}}}'
    return _line


def _line(offset: int, body: bytes) -> str:
    message = json.loads(body)
    kind = message["type"].removeprefix("pdu.")
    return f"{offset:>8}  {message['recordedtime'][:23]}  {kind:<34} {message['subject']}"
