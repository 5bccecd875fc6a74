"""What a service weighs when it idles, and how long it takes from its start until it is ready."""

import asyncio
import sys
import time
from collections.abc import AsyncGenerator

from benchmarks.measure import Benchmark, Rounds, Sample
from benchmarks.stage import Stage

SERVICES = ("bookings", "notifications", "reporting", "resources")
PACKAGES = (
    "aio_pika, asyncpg, fastapi, faststream.rabbit, joserfc, prometheus_client, structlog, uvicorn"
)
IDLE_FOR = 1.0


def _of(name: str) -> Rounds:
    async def rounds(stage: Stage, _seconds: float) -> AsyncGenerator[Sample, None]:
        while True:
            await stage.purge()
            began = time.perf_counter()
            importing = await asyncio.create_subprocess_exec(
                sys.executable, "-c", f"import {PACKAGES}"
            )
            if await importing.wait():
                raise RuntimeError(f"{PACKAGES} could not be imported")
            plain = time.perf_counter() - began
            async with stage.running(name) as service:
                used = stage.cpu_seconds(service)
                await asyncio.sleep(IDLE_FOR)
                used = stage.cpu_seconds(service) - used
                yield Sample(
                    value=service.ready_after,
                    yardstick=plain,
                    cpu_ms=used / IDLE_FOR * 1000,
                    rss_mb=service.rss_mb,
                )

    return rounds


BENCHMARKS = tuple(
    Benchmark(
        name=f"footprint-{name}",
        unit="s to ready",
        yardstick="importing the same packages",
        rounds=_of(name),
        floor=3,
        aim=1,
        less_is_better=True,
        absolute=True,
    )
    for name in SERVICES
)
