"""Work that goes on for ever, also while the broker or the database is away."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from time import monotonic

import structlog

log = structlog.get_logger()

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 10.0
TOLD_AGAIN_AFTER = 3.0
LONGER = 1.05
"""How much longer each pause is: what is back after ten seconds is noticed within half of one."""


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
    pause, said = FIRST_PAUSE, 0.0
    while True:
        started = monotonic()
        try:
            await work()
            end_if_cancelled()
            pause, said = FIRST_PAUSE, 0.0
        except survives as trouble:
            if _is_cancelled():
                # A connection that failed while it was closed would hide that we are to stop.
                raise asyncio.CancelledError from trouble
            if monotonic() - started > longest:
                pause, said = FIRST_PAUSE, 0.0
            if pause >= 2 * said:  # one line for many short pauses
                said = pause
                reason = type(trouble).__name__
                log.warning("waits", work=name, reason=reason, seconds=round(pause, 1))
        await asyncio.sleep(pause)
        pause = min(pause * LONGER, longest)


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
                end_if_cancelled()
            end_if_cancelled()
            await asyncio.sleep(rest)

    await for_ever(work_off, name=name, survives=survives, longest=30.0)


async def say_if_it_ends(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do the work, and write a line when it ends: it should not."""
    try:
        await work()
    except Exception:
        log.exception("task died", task=name)
        raise
    log.error("task ended", task=name)


async def end_all(tasks: Collection["asyncio.Task[None]"]) -> None:
    """End these tasks, and tell them again and again: libraries lose the word now and then."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=TOLD_AGAIN_AFTER)
    await asyncio.gather(*tasks, return_exceptions=True)


def end_if_cancelled() -> None:
    """End the present task if it is to stop: for loops that never wait for long."""
    # A library may lose the word that we are to stop: a wait that ended in the same moment does.
    if _is_cancelled():
        raise asyncio.CancelledError


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
