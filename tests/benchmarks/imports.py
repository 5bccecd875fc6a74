"""Records of the past: from CSV files into the journal, by the command that people use."""

import csv
import random
import shutil
import time
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

from benchmarks.measure import Benchmark, Sample
from benchmarks.stage import Running, Stage
from house import service
from pdu_local.importing import IMPORTER
from pdu_local.records import records_in
from pdu_local.sending import Target, send, until_journalled
from pdu_shared.platform import SERVICES
from pdu_shared.tokens import mint
from told_history import attendance, event

SESSIONS, PEOPLE, ATTENDANCES = 100, 4000, 100_000


async def _import(stage: Stage, _seconds: float) -> AsyncGenerator[Sample, None]:
    async with AsyncExitStack() as closing:
        services = {
            name: await closing.enter_async_context(stage.running(name)) for name in SERVICES
        }
        urls = {name: f"http://127.0.0.1:{one.port}" for name, one in services.items()}
        token = mint(stage.house.secrets.issuer, IMPORTER, audiences=[f"pdu-{n}" for n in SERVICES])
        while True:
            folder = _records(stage.home / "records")
            before = _used(stage, services)
            began = time.perf_counter()
            batches = [
                await send(Target(urls, token), one, _unseen)
                for one in records_in(folder, [service("bookings")])
            ]
            await until_journalled(Target(urls, token), batches, _unseen)
            seconds = time.perf_counter() - began
            used = {
                name: (now - before[name]) / ATTENDANCES * 1000
                for name, now in _used(stage, services).items()
            }
            yield Sample(
                value=seconds,
                cpu_ms=sum(used.values()),
                cpu_ms_of=used,
                rss_mb=services["bookings"].rss_mb,
            )


def _used(stage: Stage, services: Mapping[str, Running]) -> dict[str, float]:
    """Processor seconds so far, by who used them; `load` is the command."""
    return {
        name: used
        for service in services.values()
        for name, used in stage.cpu_seconds_of(service).items()
    }


def _records(folder: Path) -> Path:
    """A history that no round before had: everybody comes to a quarter of the sessions."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    draw = random.Random(1)  # noqa: S311 - the same history each time
    events = [event(capacity="2000") for _ in range(SESSIONS)]
    people = [f"person-{uuid4().hex}@example.org" for _ in range(PEOPLE)]
    _write(folder / "events.csv", events)
    _write(
        folder / "attendances.csv",
        (
            attendance(at, person_email=person, organisation=f"Organisation {draw.randrange(300)}")
            for at in events
            for person in draw.sample(people, ATTENDANCES // SESSIONS)
        ),
    )
    return folder


def _write(path: Path, rows: Iterable[dict[str, str]]) -> None:
    first, *others = rows
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, first)
        writer.writeheader()
        writer.writerows([first, *others])


def _unseen(*_progress: object) -> None:
    """Nobody watches."""


BENCHMARKS = (
    Benchmark(
        name="import",
        unit=f"s, {ATTENDANCES:,} attendances until they are journalled",
        yardstick="",
        rounds=_import,
        floor=60,
        aim=40,
        less_is_better=True,
        absolute=True,
    ),
)
