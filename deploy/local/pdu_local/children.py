"""A program the launcher started: it dies with us, however we end."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LOG_KEPT = 10 * 1024 * 1024
PROC = Path("/proc")


@dataclass(slots=True)
class Child:
    """One process in a session of its own, its output in a log file.

    On Linux the kernel sends it its `death_signal` when the *thread* that started it ends, so it
    is started from a thread that stays: the main one.
    """

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str] | None = None
    folder: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    # Whoever kills us is not waited for: what keeps data says what it would rather have.
    death_signal: str = "KILL"
    patience: float = 10.0
    bound: bool = False  # the command sees to its own death signal
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it; it may still need a while until it answers."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        _turn_over(self.log)
        prefix = () if self.bound else dies_with_us(self.death_signal)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*prefix, *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=None if self.env is None else dict(self.env),
                cwd=self.folder,
                start_new_session=True,
            )

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self.process.pid if self.process and self.process.poll() is None else None

    @property
    def exit_code(self) -> int | None:
        """How it ended; none while it runs or was never started."""
        return self.process.poll() if self.process else None

    def ask_to_stop(self) -> None:
        """Send its stop signal, without waiting."""
        self._send(self.stop_signal)

    def stop(self) -> None:
        """Stop it cleanly, or by force once its patience has run out."""
        self.ask_to_stop()
        if not self._wait(self.patience):
            self.kill()

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self._send(signal.SIGKILL)
        self._wait(self.patience)

    def last_words(self, count: int = 5) -> str:
        """The end of its log."""
        with contextlib.suppress(OSError), self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 4096))
            lines = log.read().decode(errors="replace").strip().splitlines()
            return "\n  ".join(lines[-count:])
        return ""

    def _send(self, what: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(what)

    def _wait(self, seconds: float) -> bool:
        if self.process is None:
            return True
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True


def dies_with_us(signal_name: str) -> tuple[str, ...]:
    """The words before a command that tie its life to ours (Linux; nothing elsewhere)."""
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", signal_name) if setpriv else ()


def started_at(pid: int) -> int | None:
    """When a process began, in clock ticks since boot: with its pid that names one process."""
    try:
        after_name = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return None
    if after_name[0] == "Z":
        return None
    return int(after_name[19])


def is_running(pid: int, began: int | None) -> bool:
    """Whether that very process is still there."""
    if PROC.joinpath("self").exists():
        now = started_at(pid)
        return now is not None and (began is None or now == began)
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def end_remains(remains: Mapping[int, int | None], *, patience: float = 15.0) -> None:
    """Wait for what an earlier run left to finish stopping, then end what has not."""
    deadline = time.monotonic() + patience
    while left := [pid for pid, began in remains.items() if is_running(pid, began)]:
        if time.monotonic() > deadline:
            for pid in left:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            return
        time.sleep(0.1)


def _turn_over(log: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LOG_KEPT:
            log.replace(log.with_suffix(".1.log"))
