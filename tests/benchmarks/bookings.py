"""Bookings over HTTP, each with its durable commit and its promises, against pgbench."""

import time
from collections.abc import AsyncGenerator, Callable

from benchmarks.load import Heard, closed, opened
from benchmarks.measure import Benchmark, Rounds, Sample
from benchmarks.outbox import drained
from benchmarks.programme import announce, bookings
from benchmarks.stage import Stage
from benchmarks.yardsticks import (
    EVENTS,
    FIVE_STATEMENTS,
    HOT,
    ONE_STATEMENT,
    SPREAD,
    Bench,
    pgbench,
)

FIVE = "pgbench, five statements a booking"
ONE = "pgbench, one statement a booking"
OPEN_RATE = 200


def _rounds(
    script: str,
    *,
    clients: int,
    events: int,
    compared: Callable[[Heard, Bench], tuple[float, float]],
) -> Rounds:
    async def rounds(stage: Stage, seconds: float) -> AsyncGenerator[Sample, None]:
        async with stage.running("bookings") as service:
            requests = bookings(await announce(stage, events))
            await closed(service.port, requests, clients=clients, seconds=1)
            while True:
                await drained(stage)
                before = stage.cpu_seconds_of(service)
                heard = await closed(service.port, requests, clients=clients, seconds=seconds)
                load = time.process_time()
                await drained(stage)
                after = stage.cpu_seconds_of(service) | {"load": load}
                used = {
                    name: (after[name] - before[name]) / len(heard.seconds) * 1000 for name in after
                }
                plain = await pgbench(stage, script, clients=clients, seconds=seconds)
                value, yardstick = compared(heard.expect(201), plain)
                yield Sample(
                    value=value,
                    yardstick=yardstick,
                    p50_ms=heard.percentile_ms(0.5),
                    p99_ms=heard.percentile_ms(0.99),
                    cpu_ms=sum(used.values()) - used["load"],
                    cpu_ms_of=used,
                    rss_mb=service.rss_mb,
                )

    return rounds


async def _open(stage: Stage, seconds: float) -> AsyncGenerator[Sample, None]:
    async with stage.running("bookings") as service:
        requests = bookings(await announce(stage, 1))
        await closed(service.port, requests, clients=8, seconds=1)
        while True:
            await drained(stage)
            heard = await opened(service.port, requests, rate=OPEN_RATE, seconds=seconds)
            plain = await pgbench(stage, HOT + FIVE_STATEMENTS, clients=1, seconds=seconds)
            p99 = heard.expect(201).percentile_ms(0.99)
            yield Sample(
                value=p99, yardstick=plain.p99_ms, p50_ms=heard.percentile_ms(0.5), p99_ms=p99
            )


def _rates(heard: Heard, plain: Bench) -> tuple[float, float]:
    return heard.rate, plain.rate


def _p99s(heard: Heard, plain: Bench) -> tuple[float, float]:
    return heard.percentile_ms(0.99), plain.p99_ms


def _hot(clients: int, floor: float, aim: float) -> Benchmark:
    return Benchmark(
        name=f"bookings-hot-{clients}",
        unit="bookings/s",
        yardstick=FIVE,
        rounds=_rounds(HOT + FIVE_STATEMENTS, clients=clients, events=1, compared=_rates),
        floor=floor,
        aim=aim,
    )


BENCHMARKS = (
    _hot(32, floor=2.0, aim=4.0),
    _hot(8, floor=1.0, aim=1.5),
    _hot(1, floor=0.5, aim=1.0),
    Benchmark(
        name="bookings-spread-32",
        unit="bookings/s",
        yardstick=FIVE,
        rounds=_rounds(SPREAD + FIVE_STATEMENTS, clients=32, events=EVENTS, compared=_rates),
        floor=0.35,
        aim=0.6,
    ),
    Benchmark(
        name="bookings-p99",
        unit="ms",
        yardstick=ONE,
        rounds=_rounds(HOT + ONE_STATEMENT, clients=32, events=1, compared=_p99s),
        floor=1.0,
        aim=0.6,
        less_is_better=True,
    ),
    Benchmark(
        name=f"bookings-open-{OPEN_RATE}",
        unit="ms",
        yardstick="pgbench, one client, p99",
        rounds=_open,
        floor=15,
        aim=6,
        less_is_better=True,
    ),
)
