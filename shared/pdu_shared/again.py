"""Work that goes on for ever, also while the broker or the database is away."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

import structlog

log = structlog.get_logger()

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 10.0


async def for_ever(
    work: Callable[[], Awaitable[object]],
    *,
    name: str,
    survives: tuple[type[Exception], ...],
    longest: float = LONGEST_PAUSE,
) -> None:
    """Do the work again and again until cancelled; after trouble with growing pauses.

    Trouble that is not named in `survives` ends it, and `/livez` tells.
    """
    pause = FIRST_PAUSE
    while True:
        started = monotonic()
        try:
            await work()
            pause = FIRST_PAUSE
        except survives as trouble:
            if _is_cancelled():
                # A connection that failed while it was closed would hide that we are to stop.
                raise asyncio.CancelledError from trouble
            if monotonic() - started > longest:
                pause = FIRST_PAUSE
            log.warning("waits", work=name, reason=type(trouble).__name__, seconds=pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, longest)


async def rounds(
    one: Callable[[], Awaitable[bool]],
    *,
    name: str,
    rest: float,
    survives: tuple[type[Exception], ...] = (Exception,),
) -> None:
    """Work off what there is, one thing at a time, rest for some seconds, and begin again.

    `one` does one thing and says whether there was one.
    """

    async def work_off() -> None:
        while True:
            while await one():
                pass
            await asyncio.sleep(rest)

    await for_ever(work_off, name=name, survives=survives, longest=30.0)


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
