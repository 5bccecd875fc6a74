"""`./pdu logs`: what the programs said, together or one of them, now or as it comes."""

import time
from collections.abc import Iterator
from pathlib import Path

from pdu_local.failure import USAGE, Failure
from pdu_local.paths import STATE, State

LINES = 30
PAUSE = 0.25


def logs(service: str | None, *, follow: bool, state: State = STATE) -> None:
    """Print the end of the logs, and with `follow` what is added to them."""
    files = _files(service, state)
    places = {}
    for file in files:
        for line in _end(file, LINES if service else LINES // 5):
            _print(file, line, named=service is None)
        places[file] = file.stat().st_size
    while follow:
        for file, line in _news(places):
            _print(file, line, named=service is None)
        time.sleep(PAUSE)


def _files(service: str | None, state: State) -> list[Path]:
    found = sorted(path for path in state.logs.glob("*.log") if not path.stem.endswith(".1"))
    if not found:
        raise Failure("There are no logs yet.", "./pdu up starts the platform.")
    if service is None:
        return found
    named = [path for path in found if path.stem == service]
    if not named:
        known = ", ".join(path.stem for path in found)
        raise Failure(f"There is no log of {service}.", f"Say one of {known}.", code=USAGE)
    return named


def _end(file: Path, count: int) -> list[str]:
    with file.open("rb") as log:
        log.seek(max(0, file.stat().st_size - 64 * 1024))
        return log.read().decode(errors="replace").splitlines()[-count:]


def _news(places: dict[Path, int]) -> Iterator[tuple[Path, str]]:
    for file, place in places.items():
        size = file.stat().st_size if file.exists() else 0
        # A log that was turned over begins again.
        start = place if size >= place else 0
        if size == start:
            continue
        with file.open("rb") as log:
            log.seek(start)
            whole, newline, _ = log.read().rpartition(b"\n")
        places[file] = start + len(whole) + len(newline)
        if newline:
            yield from ((file, line) for line in whole.decode(errors="replace").splitlines())


def _print(file: Path, line: str, *, named: bool) -> None:
    print(f"{file.stem:>20} | {line}" if named else line, flush=True)
