"""The machine under the benchmark: its load, its disk, and what processes cost."""

import os
import statistics
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
MIB = 1024 * 1024
NOISY_LOAD = 3.0
NOISY_SYNC_MS = 0.5


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the machine was like before anything was measured."""

    load: float
    fdatasync_ms: float

    @property
    def noisy(self) -> bool:
        """Whether figures taken now say little."""
        return self.load > NOISY_LOAD or self.fdatasync_ms > NOISY_SYNC_MS


def conditions(folder: Path) -> Conditions:
    """The load average of the last minute, and the median cost of an fdatasync in this folder."""
    return Conditions(os.getloadavg()[0], _fdatasync_ms(folder))


def _fdatasync_ms(folder: Path, times: int = 50) -> float:
    taken = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(times):
            file.write(bytes(8192))
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


def cpu_seconds(pids: Iterable[int]) -> float:
    """The processor time so far of these processes and all that they started."""
    return sum(_cpu_of(pid) for pid in pids)


def rss_mb(pid: int) -> float:
    """The resident memory of one process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / MIB


def _cpu_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0.0
    # Its own time, and that of children which have ended and been waited for.
    own = sum(int(field) for field in fields[11:15]) / TICK
    return own + sum(_cpu_of(int(child)) for child in children)
