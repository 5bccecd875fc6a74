"""The services' migrate steps: all at once, and not at all where nothing changed."""

import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from pdu_local import programs
from pdu_local.failure import Failure
from pdu_local.paths import ROOT, State

SOURCES = ("*.py", "*.sql", "*.json", "*.toml")


def due(state: State, names: Iterable[str], data: Iterable[Path]) -> dict[str, str]:
    """The services to migrate, each with a fingerprint of what its schema and seeds depend on.

    That is its code, the kernel's, and when the `data` files were made: a new database or a new
    broker is always set up.
    """
    shared = [_digest(ROOT / "shared"), *(str(path.stat().st_mtime_ns) for path in data)]
    done = _applied(state)
    prints = {name: _hash([*shared, _digest(ROOT / "services" / name)]) for name in names}
    return {name: mark for name, mark in prints.items() if done.get(name) != mark}


def apply(due: Mapping[str, str], place: programs.Place) -> None:
    """Run these migrate steps side by side; one that fails is a `Failure`."""
    steps = [programs.migration(name, place) for name in due]
    try:
        for step in steps:
            step.start()
        while any(step.exit_code is None for step in steps):
            time.sleep(0.05)
    finally:
        for step in steps:
            step.stop()
    for step in steps:
        if step.exit_code:
            raise Failure(f"{step.name} failed; its log: {step.log}", step.last_words(8))
    kept = json.dumps({**_applied(place.state), **due}, indent=2)
    _note(place.state).write_text(kept + "\n")


def _applied(state: State) -> dict[str, str]:
    try:
        kept = json.loads(_note(state).read_text())
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _note(state: State) -> Path:
    return state.folder / "migrated.json"


def _digest(folder: Path) -> str:
    files = sorted(path for pattern in SOURCES for path in folder.rglob(pattern))
    return _hash(f"{path}\0{path.read_text(errors='replace')}" for path in files)


def _hash(parts: Iterable[str]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part.encode() + b"\0")
    return whole.hexdigest()
