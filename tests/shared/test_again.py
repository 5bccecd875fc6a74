"""Work that goes on in spite of trouble, and says so without repeating itself."""

import asyncio
import contextlib

import pytest
import structlog

from pdu_shared import again
from pdu_shared.again import end_all, for_ever, rounds


def told_of(said):
    """The pauses of our work; other work in this process may speak meanwhile."""
    return [line["seconds"] for line in said if line.get("work") == "tests"]


async def waits_of(trouble, *, seconds):
    """What is logged in some seconds of work that always fails."""

    async def work():
        raise trouble

    with structlog.testing.capture_logs() as said, contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await for_ever(work, name="tests", survives=(OSError,))
    return told_of(said)


async def test_a_long_outage_is_told_less_and_less_often():
    told = await waits_of(OSError(), seconds=2.5)
    assert told[0] == 0.1
    assert told == sorted(told)
    assert len(told) <= 3, "of more than twenty tries"


async def test_work_that_succeeds_in_between_tells_of_its_next_trouble_at_once():
    tries = iter([OSError(), None, OSError(), None])

    async def work():
        if trouble := next(tries, None):
            raise trouble

    with structlog.testing.capture_logs() as said, contextlib.suppress(TimeoutError):
        async with asyncio.timeout(1):
            await for_ever(work, name="tests", survives=(OSError,))
    assert told_of(said) == [0.1, 0.1]


async def test_trouble_that_it_does_not_know_ends_it():
    with pytest.raises(ValueError, match="unknown"):
        await waits_of(ValueError("unknown"), seconds=1)


@pytest.mark.parametrize("more", [True, False])
async def test_work_ends_also_when_a_library_lost_the_word_that_it_is_to(more):
    began = asyncio.Event()

    async def one():
        began.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(5)
        return more

    for forever in (
        rounds(one, name="tests", rest=5),
        for_ever(one, name="tests", survives=(OSError,)),
    ):
        began.clear()
        task = asyncio.create_task(forever)
        await began.wait()
        task.cancel()
        async with asyncio.timeout(3):
            await asyncio.wait([task])
        assert task.cancelled()


async def test_a_task_that_loses_the_word_is_told_again(monkeypatch):
    monkeypatch.setattr(again, "TOLD_AGAIN_AFTER", 0.05)
    began, told = asyncio.Event(), 0

    async def deaf():
        nonlocal told
        while told < 3:
            began.set()
            try:
                await asyncio.sleep(5)
            except asyncio.CancelledError:
                told += 1

    task = asyncio.create_task(deaf())
    await began.wait()
    async with asyncio.timeout(3):
        await end_all([task])
    assert told == 3
