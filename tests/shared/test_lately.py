"""What hardly ever changes is read by one for all, and never from before a change made here."""

import asyncio

import pytest

from pdu_shared.lately import Lately


class Shelf:
    """What is read: how often, and what is there while somebody reads."""

    def __init__(self):
        self.there, self.looks = "old", 0
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    async def look(self, conn):
        seen = self.there
        self.looks += 1
        await self.may_go_on.wait()
        if seen == "broken":
            raise LookupError
        return f"{seen}, {await conn.fetchval('SELECT 1')}"


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def lately(shelf, bookings_database):
    return Lately(bookings_database, shelf.look)


async def under_way(shelf, looks=1):
    async with asyncio.timeout(5):
        while shelf.looks < looks:
            await asyncio.sleep(0.001)


async def test_many_who_ask_wait_for_one_reading_which_is_good_for_some_time(lately, shelf):
    assert await asyncio.gather(*(lately.known() for _ in range(40))) == ["old, 1"] * 40
    assert (await lately.known(), shelf.looks) == ("old, 1", 1)


async def test_what_is_too_old_for_somebody_is_read_again(lately, shelf):
    await lately.known()
    shelf.there = "new"
    assert await lately.known(good_for=0) == "new, 1"
    assert await lately.known() == "new, 1"


async def test_a_change_made_here_is_seen_at_once_even_if_somebody_was_reading(lately, shelf):
    shelf.may_go_on.clear()
    slow = asyncio.create_task(lately.known())
    await under_way(shelf)
    shelf.there = "new"
    lately.forget()
    shelf.may_go_on.set()
    assert await slow == "old, 1"
    assert await lately.known() == "new, 1"


async def test_who_lends_a_connection_does_not_wait_for_who_has_none(
    lately, shelf, bookings_database
):
    shelf.may_go_on.clear()
    slow = asyncio.create_task(lately.known())
    await under_way(shelf)
    async with bookings_database.pool.acquire() as conn:
        lent = asyncio.create_task(lately.known(conn))
        await under_way(shelf, looks=2)
        shelf.may_go_on.set()
        assert await lent == "old, 1"
    await slow


async def test_a_reading_that_fails_is_tried_by_the_next(lately, shelf):
    shelf.there = "broken"
    with pytest.raises(LookupError):
        await lately.known()
    shelf.there = "new"
    assert await lately.known() == "new, 1"
