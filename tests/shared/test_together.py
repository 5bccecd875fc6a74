"""Who asks the same at one moment is answered by one look."""

import asyncio

import pytest

from pdu_shared.together import Together


class Shelf:
    """What is looked at: how often, and what is there while somebody looks."""

    def __init__(self):
        self.there, self.looks = "old", 0
        self.may_go_on = asyncio.Event()

    async def look(self, _which):
        self.looks += 1
        seen = self.there
        await self.may_go_on.wait()
        if seen == "broken":
            raise LookupError
        return seen


async def some_time():
    for _ in range(5):
        await asyncio.sleep(0)


async def test_all_who_ask_at_one_moment_are_answered_by_one_look():
    shelf = Shelf()
    together = Together(shelf.look)
    shelf.may_go_on.set()
    assert await asyncio.gather(*(together.answer("a") for _ in range(9))) == ["old"] * 9
    assert shelf.looks == 1
    assert await together.answer("a") == "old"
    assert shelf.looks == 2, "nothing is remembered"


async def test_who_comes_while_somebody_looks_is_not_told_what_was_before():
    shelf = Shelf()
    together = Together(shelf.look)
    early = asyncio.create_task(together.answer("a"))
    await some_time()
    shelf.there = "new"
    late = [asyncio.create_task(together.answer("a")) for _ in range(3)]
    other = asyncio.create_task(together.answer("b"))
    await some_time()
    assert shelf.looks == 2, "another question does not wait for this one"
    shelf.may_go_on.set()
    assert await early == "old"
    assert await asyncio.gather(*late) == ["new"] * 3
    assert await other == "new"
    assert shelf.looks == 3


async def test_a_look_that_fails_is_told_to_all_and_the_next_looks_again():
    shelf = Shelf()
    shelf.there = "broken"
    shelf.may_go_on.set()
    together = Together(shelf.look)
    told = await asyncio.gather(*(together.answer("a") for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in told] == [LookupError] * 3
    shelf.there = "mended"
    assert await together.answer("a") == "mended"


async def test_whoever_goes_away_does_not_take_the_answer_from_the_others():
    shelf = Shelf()
    together = Together(shelf.look)
    going, staying = (asyncio.create_task(together.answer("a")) for _ in range(2))
    await some_time()
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    shelf.may_go_on.set()
    assert await staying == "old"
