"""Service processes that a nursery bears: see `nursery.py`."""

import asyncio
import json
import os
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

NURSERY = Path(__file__).with_name("nursery.py")  # not imported: it spares what we need


class Born:
    """A process, as `asyncio.subprocess.Process` would show it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @property
    def returncode(self) -> int | None:
        """How it ended, if it has."""
        return self.ended.result() if self.ended.done() else None

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """How it ended, once it has."""
        return await asyncio.shield(self.ended)

    def send_signal(self, what: signal.Signals) -> None:
        """Send it this; nothing if it has ended."""
        if not self.ended.done():
            with suppress(ProcessLookupError):
                os.kill(self.pid, what)


class Births:
    """Orders what a nursery bears. It starts with the first order."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._asked: deque[asyncio.Future[Born]] = deque()
        self._living: dict[int, Born] = {}
        self._hearing: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()

    async def bear(self, name: str, environment: Mapping[str, str], log: Path) -> Born:
        """`python -m pdu_<name>` with this environment and no other; it writes to the log."""
        async with self._starting:  # several may be the first to ask
            if not self._hearing:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable, str(NURSERY), stdin=-1, stdout=-1
                )
                self._hearing = asyncio.create_task(self._hear())
        assert self._process
        assert self._process.stdin
        asked: asyncio.Future[Born] = asyncio.get_running_loop().create_future()
        self._asked.append(asked)
        order = {"name": name, "environment": dict(environment), "log": str(log)}
        self._process.stdin.write(f"{json.dumps(order)}\n".encode())
        return await asked

    async def end(self) -> None:
        """End the nursery, and all that still live."""
        if self._process and self._process.stdin and self._hearing:
            self._process.stdin.close()
            await self._process.wait()
            await self._hearing

    async def _hear(self) -> None:
        assert self._process
        assert self._process.stdout
        while line := await self._process.stdout.readline():
            told = json.loads(line)
            if pid := told.get("born"):
                born = self._living[pid] = Born(pid)
                self._asked.popleft().set_result(born)
            else:
                self._living.pop(told["ended"]).ended.set_result(told["code"])
        for asked in self._asked:
            asked.set_exception(ChildProcessError("the nursery has ended"))


@asynccontextmanager
async def a_nursery() -> AsyncIterator[Births]:
    """One that ends with its house."""
    births = Births()
    try:
        yield births
    finally:
        await births.end()
