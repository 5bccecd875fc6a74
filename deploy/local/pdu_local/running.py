"""What runs in this checkout: the lock that keeps two `up`s apart, and the note others read."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from pdu_local.children import end_remains, is_running, started_at
from pdu_local.failure import BUSY, Failure
from pdu_local.paths import State

EXITS_KEPT = 10


@dataclass(slots=True)
class Program:
    """How one supervised program fares."""

    pid: int | None = None
    began: int | None = None
    url: str | None = None
    log: str = ""
    restarts: int = 0
    exits: list[dict[str, Any]] = field(default_factory=list)

    def ended(self, code: int) -> None:
        """Note an exit that nobody asked for."""
        self.pid = None
        self.exits = [*self.exits, {"code": code, "at": _now()}][-EXITS_KEPT:]


@dataclass(slots=True)
class Run:
    """One `up`, from its first to its last second."""

    pid: int = field(default_factory=os.getpid)
    began: int | None = None
    state: str = "starting"
    since: str = ""
    infrastructure: str = ""
    ports: Mapping[str, int] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)

    @classmethod
    def ours(cls, infrastructure: str, ports: Mapping[str, int]) -> Self:
        """The note of the run that begins now."""
        return cls(
            began=started_at(os.getpid()), since=_now(), infrastructure=infrastructure, ports=ports
        )

    def write(self, state: State) -> None:
        """Put it where `status`, `down` and the next `up` look."""
        fresh = state.run.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self), indent=2) + "\n")
        fresh.replace(state.run)


def last_run(state: State) -> Run | None:
    """The note as it was left; none if there is none, or nobody can read it."""
    with contextlib.suppress(OSError, ValueError, TypeError, LookupError, AttributeError):
        kept = json.loads(state.run.read_text())
        programs = {name: Program(**entry) for name, entry in kept.pop("programs").items()}
        return Run(**kept, programs=programs)
    return None


def current_run(state: State) -> Run | None:
    """The run that goes on now."""
    run = last_run(state)
    return run if run and is_running(run.pid, run.began) else None


@contextlib.contextmanager
def only_one(state: State) -> Iterator[None]:
    """Keep a second `up` out while this one lasts, and end what a killed one left behind."""
    state.folder.mkdir(parents=True, exist_ok=True)
    if state.lock.is_dir():
        raise Failure(f"{state.lock} is a folder.", f"Remove it: rm -r '{state.lock}'")
    with state.lock.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _already_running(state) from None
        _end_the_last(state)
        yield
        state.run.unlink(missing_ok=True)


def _already_running(state: State) -> Failure:
    run = current_run(state)
    portal = run.ports.get("portal") if run else None
    where = f": the portal is at http://127.0.0.1:{portal}" if portal else ""
    return Failure(
        f"PDU already runs from this checkout{where}.",
        "./pdu status shows it, ./pdu down stops it.",
        code=BUSY,
    )


def _end_the_last(state: State) -> None:
    if (run := last_run(state)) is None:
        return
    programs = run.programs.values()
    end_remains({program.pid: program.began for program in programs if program.pid})
    state.run.unlink(missing_ok=True)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
