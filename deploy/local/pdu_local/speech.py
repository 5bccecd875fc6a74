"""Progress as plain lines with the seconds that passed: standard library only."""

import os
import sys
import threading
import time

STARTED = "PDU_STARTED"


class Speech:
    """Tells the person at the terminal what goes on; threads may share one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._start = float(os.environ.get(STARTED) or time.time())
        self._passing = False
        self._last_passing = 0.0

    def say(self, sentence: str) -> None:
        """A line that stays."""
        with self._lock:
            self._clear()
            sys.stdout.write(f"{self.seconds:5.1f} s  {sentence}\n")
            sys.stdout.flush()

    def pass_by(self, sentence: str) -> None:
        """A line that the next one replaces; where nobody watches, one every few seconds."""
        with self._lock:
            now = time.monotonic()
            if sys.stdout.isatty():
                self._clear()
                sys.stdout.write(f"{self.seconds:5.1f} s  {sentence}")
                self._passing = True
            elif now - self._last_passing > 5:  # noqa: PLR2004
                sys.stdout.write(f"{self.seconds:5.1f} s  {sentence}\n")
                self._last_passing = now
            sys.stdout.flush()

    @property
    def seconds(self) -> float:
        """How long it took so far, the bootstrap included."""
        return max(0.0, time.time() - self._start)

    def _clear(self) -> None:
        if self._passing:
            sys.stdout.write("\r\033[K")
            self._passing = False
