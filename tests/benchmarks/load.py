"""A load generator that leaves the machine to what it measures: raw HTTP/1.1 on kept connections.

A closed load sends the next request when the last one was answered; an open one sends at its own
rate, and counts from the moment a request was due.
"""

import asyncio
import re
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

MADE_BEFORE = 3000
"""Requests for each second of a closed load."""
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(slots=True)
class Heard:
    """What came back: how long each answer took, and how many of each status."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    began: float = 0.0
    ended: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / (self.ended - self.began)

    def percentile_ms(self, share: float) -> float:
        """How long that share of the answers took at most."""
        return percentile(self.seconds, share) * 1000

    def expect(self, status: int) -> "Heard":
        """The same, if every answer had this status: anything else is not worth measuring."""
        if set(self.statuses) != {status}:
            raise RuntimeError(f"answers were not all {status}: {dict(self.statuses)}")
        return self


class _Connection(asyncio.Protocol):
    """One connection: a request out, an answer in."""

    def __init__(self, answered: "Callable[[_Connection, int, bytes], None]") -> None:
        self.answered = answered
        self.sent_at = 0.0
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def send(self, request: bytes, due: float) -> None:
        self.sent_at = due
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found:
            return
        length = LENGTH.search(head)
        if length is None or len(body) < int(length[1]):
            return
        self._received = b""
        self.answered(self, int(head[9:12]), body)


async def closed(port: int, requests: Iterator[bytes], *, clients: int, seconds: float) -> Heard:
    """So many clients, each waiting for its answer before it asks again."""
    loop = asyncio.get_running_loop()
    heard = Heard()
    idle = asyncio.Semaphore(0)

    def answered(connection: _Connection, status: int, _body: bytes) -> None:
        now = time.perf_counter()
        heard.seconds.append(now - connection.sent_at)
        heard.statuses[status] += 1
        heard.ended = now
        if now < until:
            connection.send(next(requests), now)
        else:
            idle.release()

    # Made before, not meanwhile: the machine is there for those who answer.
    requests = chain(list(islice(requests, int(seconds * MADE_BEFORE))), requests)
    connections = [await _connect(loop, port, answered) for _ in range(clients)]
    heard.began = time.perf_counter()
    until = heard.began + seconds
    for connection in connections:
        connection.send(next(requests), heard.began)
    async with asyncio.timeout(seconds + 30):
        for _ in connections:
            await idle.acquire()
    _close(connections)
    return heard


async def opened(port: int, requests: Iterator[bytes], *, rate: float, seconds: float) -> Heard:
    """So many requests a second, whether or not the earlier ones are answered."""
    loop = asyncio.get_running_loop()
    heard = Heard()
    free: deque[_Connection] = deque()
    waiting: deque[float] = deque()

    def answered(connection: _Connection, status: int, _body: bytes) -> None:
        heard.seconds.append(time.perf_counter() - connection.sent_at)
        heard.statuses[status] += 1
        if waiting:
            connection.send(next(requests), waiting.popleft())
        else:
            free.append(connection)

    connections = [await _connect(loop, port, answered) for _ in range(64)]
    free.extend(connections)
    heard.began = time.perf_counter()
    for number in range(int(rate * seconds)):
        due = heard.began + number / rate
        if (pause := due - time.perf_counter()) > 0:
            await asyncio.sleep(pause)
        if free:
            free.popleft().send(next(requests), due)
        else:
            waiting.append(due)
    async with asyncio.timeout(30):
        while len(heard.seconds) < int(rate * seconds):
            await asyncio.sleep(0.01)
    heard.ended = time.perf_counter()
    _close(connections)
    return heard


def percentile(values: list[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


async def _connect(
    loop: asyncio.AbstractEventLoop, port: int, answered: Callable[[_Connection, int, bytes], None]
) -> _Connection:
    _, connection = await loop.create_connection(lambda: _Connection(answered), "127.0.0.1", port)
    return connection


def _close(connections: list[_Connection]) -> None:
    for connection in connections:
        connection.transport.close()
