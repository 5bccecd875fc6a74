"""Watches what `up` started: what dies starts again, a little later each time."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pdu_local.children import Child, started_at
from pdu_local.paths import State
from pdu_local.running import Program, Run

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
STEADY = 60.0  # after so many seconds a program's earlier falls are forgiven
TICK = 0.2


@dataclass(slots=True)
class Watched:
    """One program and when it may start again."""

    child: Child
    start: Callable[[], None]
    program: Program
    pause: float = FIRST_PAUSE
    started: float = 0.0
    due: float | None = None


class Supervisor:
    """Keeps programs running, and the note about them true."""

    def __init__(self, state: State, run: Run, say: Callable[[str], None]) -> None:
        self.state = state
        self.run = run
        self.say = say
        self.watched: list[Watched] = []

    def start(
        self, child: Child, *, url: str | None = None, again: Callable[[], None] | None = None
    ) -> None:
        """Start a program and watch it from now on; `again` starts it after a fall."""
        self.watch(child, url=url, again=again)
        self._start(self.watched[-1], child.start)

    def watch(
        self, child: Child, *, url: str | None = None, again: Callable[[], None] | None = None
    ) -> None:
        """Watch a program that was started by other means."""
        program = Program(url=url, log=str(child.log))
        self.run.programs[child.name] = program
        watched = Watched(child, again or child.start, program, started=time.monotonic())
        self.watched.append(watched)
        self._note(watched)

    def tick(self) -> None:
        """Look at each program once; start again what is due."""
        for watched in self.watched:
            if watched.due is not None:
                if time.monotonic() >= watched.due:
                    watched.program.restarts += 1
                    self._start(watched, watched.start)
            elif (code := watched.child.exit_code) is not None:
                self._fell(watched, code)

    def watch_for_ever(self) -> None:
        """Keep all of them running until we are interrupted."""
        while True:
            self.tick()
            time.sleep(TICK)

    def stop(self, *stages: Sequence[str]) -> None:
        """Stop them, stage by stage and all of a stage at once; last those in no stage."""
        named = {name for stage in stages for name in stage}
        rest = [watched.child.name for watched in self.watched if watched.child.name not in named]
        for stage in (*stages, rest):
            children = [w.child for w in self.watched if w.child.name in stage]
            for child in children:
                child.ask_to_stop()
            for child in children:
                child.stop()

    def _fell(self, watched: Watched, code: int) -> None:
        now = time.monotonic()
        if now - watched.started > STEADY:
            watched.pause = FIRST_PAUSE
        watched.program.ended(code)
        watched.due = now + watched.pause
        self.say(
            f"{watched.child.name} ended ({_in_words(code)}) and starts again in"
            f" {watched.pause:.0f} s; its log: {watched.child.log}"
        )
        watched.pause = min(watched.pause * 2, LONGEST_PAUSE)
        self.run.write(self.state)

    def _start(self, watched: Watched, start: Callable[[], None]) -> None:
        watched.due = None
        watched.started = time.monotonic()
        start()
        self._note(watched)

    def _note(self, watched: Watched) -> None:
        watched.program.pid = watched.child.pid
        if watched.program.pid is not None:
            watched.program.began = started_at(watched.program.pid)
        self.run.write(self.state)


def _in_words(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"
