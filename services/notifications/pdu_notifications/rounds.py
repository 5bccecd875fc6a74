"""The round of a worker: do what there is to do, rest, begin again."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger()

LONGEST_REST = 30.0


async def rounds(work: Callable[[], Awaitable[bool]], *, name: str, rest: float) -> None:
    """Go on until cancelled. `work` does one thing and says whether there was one.

    After trouble, such as a database that is away, the rests grow: nothing spins.
    """
    pause = rest
    while True:
        try:
            while await work():
                pause = rest
            pause = rest
        except Exception as trouble:  # noqa: BLE001 - a worker that ends would need a restart
            pause = min(max(pause * 2, 1.0), LONGEST_REST)
            log.warning("round broken off", worker=name, reason=type(trouble).__name__, rest=pause)
        await asyncio.sleep(pause)
