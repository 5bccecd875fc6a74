"""The portal: a page against the call it rests on, and what is on for many at once."""

import asyncio
import itertools
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager

from benchmarks.load import closed
from benchmarks.measure import Benchmark, Sample
from benchmarks.programme import announce
from benchmarks.stage import Running, Stage, until_ready
from pdu_local.children import Child
from pdu_local.ports import free_ports

CLIENTS = 8
EVENTS = 40
ALLOWED_MS = 5.0
"""What a page may take besides its share of the call."""
CALL = b"GET /learning-events?limit=20 HTTP/1.1\r\nHost: bench\r\n\r\n"


def _page(query: str = "") -> bytes:
    return f"GET /events{query} HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\n\r\n".encode()


def _each_new() -> Iterator[bytes]:
    """Requests of which none is like another, so that no page was made before."""
    return (_page(f"?n={number}") for number in itertools.count())


async def _by_itself(stage: Stage, seconds: float) -> AsyncGenerator[Sample, None]:
    async with opened(stage) as (bookings, portal):
        while True:
            called = await closed(bookings.port, itertools.repeat(CALL), clients=1, seconds=seconds)
            used = stage.cpu_seconds_of(portal)[portal.name]
            heard = await closed(portal.port, _each_new(), clients=1, seconds=seconds)
            used = stage.cpu_seconds_of(portal)[portal.name] - used
            p50 = heard.expect(200).percentile_ms(0.5)
            yield Sample(
                value=max(0.0, p50 - ALLOWED_MS),
                yardstick=called.expect(200).percentile_ms(0.5),
                p50_ms=p50,
                p99_ms=heard.percentile_ms(0.99),
                cpu_ms=used / len(heard.seconds) * 1000,
                rss_mb=portal.rss_mb,
            )


async def _for_many(stage: Stage, seconds: float) -> AsyncGenerator[Sample, None]:
    async with opened(stage) as (_, portal):
        while True:
            used = stage.cpu_seconds_of(portal)[portal.name]
            heard = await closed(
                portal.port, itertools.repeat(_page()), clients=CLIENTS, seconds=seconds
            )
            used = stage.cpu_seconds_of(portal)[portal.name] - used
            pages = len(heard.expect(200).seconds)
            yield Sample(
                value=pages / used,
                p50_ms=heard.percentile_ms(0.5),
                p99_ms=heard.percentile_ms(0.99),
                cpu_ms=used / pages * 1000,
                rss_mb=portal.rss_mb,
            )


@asynccontextmanager
async def opened(stage: Stage) -> AsyncIterator[tuple[Running, Running]]:
    """Bookings with events, and a portal before it; the other services are away."""
    async with stage.running("bookings") as bookings:
        await announce(stage, EVENTS)
        port = free_ports(1)[0]
        away = f"http://127.0.0.1:{free_ports(1)[0]}"
        told = {f"PDU_{name}_URL": away for name in ("NOTIFICATIONS", "REPORTING", "RESOURCES")}
        child = Child(
            name="portal",
            command=[sys.executable, "-P", "-m", "pdu_portal"],
            log=stage.home / "portal.log",
            env=stage.environment("bookings", port)
            | told
            | {"PDU_BOOKINGS_URL": f"http://127.0.0.1:{bookings.port}"},
        )
        child.start()
        try:
            await until_ready(child, port)
            portal = Running("portal", port, child, 0.0)
            await closed(port, _each_new(), clients=CLIENTS, seconds=0.5)
            yield bookings, portal
        finally:
            await asyncio.to_thread(child.stop)


BENCHMARKS = (
    Benchmark(
        name="portal-page",
        unit="ms",
        yardstick="p50 of the slowest call it makes; ours is what is over 5 ms",
        rounds=_by_itself,
        floor=2.5,
        aim=1.5,
        less_is_better=True,
    ),
    Benchmark(
        name="portal-whats-on",
        unit="pages/CPU s",
        yardstick="none",
        rounds=_for_many,
        floor=500,
        aim=1500,
        absolute=True,
    ),
)
