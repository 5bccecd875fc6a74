"""`./pdu bench [NAME…] [--json] [--seconds N] [--rounds N]`: ratios, taken in one run."""

import argparse
import gc
import logging
import sys
import tempfile
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path

import structlog
import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks import (
    bookings,
    bulletin,
    delivery,
    export,
    figures,
    footprint,
    growth,
    imports,
    journal,
    letters,
    library,
    listening,
    outbox,
    portal,
    reminders,
    report,
    slow_phone,
    tokens,
    whats_on,
)
from benchmarks.machine import Conditions, conditions
from benchmarks.measure import Benchmark, Measure, Sample
from benchmarks.stage import Stage, set_up
from benchmarks.yardsticks import make_yard, program
from pdu_local.failure import USAGE, Failure

ROOMS = (
    bookings,
    growth,
    whats_on,
    outbox,
    reminders,
    delivery,
    listening,
    letters,
    bulletin,
    journal,
    figures,
    imports,
    export,
    report,
    library,
    portal,
    slow_phone,
    footprint,
    tokens,
)
BENCHMARKS = {one.name: one for room in ROOMS for one in room.BENCHMARKS}
TITLES = ("", "value", "yardstick", "ratio", "floor", "aim", "p50 ms", "p99 ms", "CPU ms", "MB")

told = Console(stderr=True, highlight=False)


def main(arguments: Sequence[str]) -> int:
    """Run the benchmarks named, or all of them."""
    asked = _parser().parse_args(arguments)
    # Standard output is for the figures.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        chosen = _chosen(asked.names)
        program()  # says at once when it is missing
        with tempfile.TemporaryDirectory(prefix="pdu-bench-") as home:
            found = conditions(Path(home))
            told.print(f"{_in_words(found)}; private servers are starting")
            uvloop.run(_run(Path(home), chosen, found, asked))
    except Failure as failure:
        sys.stderr.write(f"{failure}\n")
        return failure.code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./pdu bench", description="Measure this machine's ratios against yardsticks."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="such as bookings-hot-32")
    parser.add_argument("--json", action="store_true", help="one line of JSON for each measure")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each part of a round (3)")
    parser.add_argument("--rounds", type=int, default=3, help="whose medians count (3)")
    return parser


def _chosen(names: Sequence[str]) -> list[Benchmark]:
    """The benchmarks named; a name stands for all that begin with it and a dash."""
    chosen = {}
    for name in names or BENCHMARKS:
        found = [one for one in BENCHMARKS if one == name or one.startswith(f"{name}-")]
        if not found:
            raise Failure(
                f"There is no benchmark {name!r}.", f"Say {', '.join(BENCHMARKS)}.", code=USAGE
            )
        chosen |= {one: BENCHMARKS[one] for one in found}
    return list(chosen.values())


async def _run(
    home: Path, chosen: Sequence[Benchmark], found: Conditions, asked: argparse.Namespace
) -> None:
    measures = []
    async with set_up(home) as stage:
        await make_yard(stage)
        for benchmark in chosen:
            samples = await _samples(benchmark, stage, asked.seconds, asked.rounds)
            measures.append(Measure(benchmark, samples, found))
            if asked.json:
                sys.stdout.write(measures[-1].as_json() + "\n")
                sys.stdout.flush()
    if not asked.json:
        Console().print(_table(measures))


async def _samples(benchmark: Benchmark, stage: Stage, seconds: float, rounds: int) -> list[Sample]:
    samples = []
    gc.freeze()
    async with aclosing(benchmark.rounds(stage, seconds)) as taken:
        async for sample in taken:
            samples.append(sample)
            told.print(f"{benchmark.name} {len(samples)}/{rounds}: {_one(sample, benchmark)}")
            if len(samples) >= rounds:
                break
    return samples


def _one(sample: Sample, benchmark: Benchmark) -> str:
    against = f" against {sample.yardstick:.4g}" if sample.yardstick else ""
    return f"{sample.value:.4g} {benchmark.unit}{against}"


def _in_words(found: Conditions) -> str:
    noisy = " (noisy: believe the ratios only)" if found.noisy else ""
    return f"load {found.load:.2f}, fdatasync {found.fdatasync_ms:.2f} ms{noisy}"


def _table(measures: Sequence[Measure]) -> Table:
    table = Table(*TITLES)
    for measure in measures:
        one = measure.benchmark
        table.add_row(
            one.name,
            f"{_figure(measure.median('value'))} {one.unit}",
            _figure(measure.median("yardstick")),
            _figure(measure.ratio),
            _limit(one, one.floor),
            _limit(one, one.aim),
            *(_figure(measure.median(field)) for field in ("p50_ms", "p99_ms", "cpu_ms", "rss_mb")),
        )
    return table


def _limit(one: Benchmark, limit: float) -> str:
    sign = "≤" if one.less_is_better else "≥"
    unit = f" {one.unit.partition(' ')[0].rstrip(',')}" if one.absolute else ""
    return f"{sign} {limit:g}{unit}"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
