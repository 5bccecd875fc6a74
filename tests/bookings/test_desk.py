"""Who is served together at the desk: a rush in one go, and nobody waits long for others."""

import asyncio

import pytest

from pdu_bookings.place import queue
from pdu_bookings.place.desk import Desk
from pdu_shared.idempotency import Answer

A_MOMENT = 3
"""Turns of the loop in which a desk that waits for nobody has begun to serve."""


@pytest.fixture
async def desk(bookings_http, monkeypatch):
    """A desk that says how many it served together."""
    it = Desk(bookings_http._transport.app.state.runtime)  # noqa: SLF001 - it has no other door
    it.served = []

    async def serve(visitors):
        it.served.append(len(visitors))
        for one in visitors:
            one.answer.set_result(Answer(201, "{}"))

    monkeypatch.setattr(it, "_serve", serve)
    working = asyncio.create_task(it.serve())
    yield it
    working.cancel()


async def one_by_one(desk, people):
    asking = []
    for _ in range(people):
        asking.append(asyncio.create_task(desk.ask(object())))
        for _ in range(A_MOMENT):
            await asyncio.sleep(0)
    async with asyncio.timeout(10):
        return await asyncio.gather(*asking)


async def test_who_comes_first_of_many_waits_a_moment_for_the_others(desk, monkeypatch):
    monkeypatch.setattr(queue, "COMPANY_COMES_WITHIN", 1)
    await desk.ask_all([object()] * 5)
    await one_by_one(desk, 5)
    assert desk.served == [5, 5]


async def test_who_comes_alone_after_many_is_served_alone_and_the_next_at_once(desk, monkeypatch):
    await desk.ask_all([object()] * 5)
    await one_by_one(desk, 1)
    monkeypatch.setattr(queue, "COMPANY_COMES_WITHIN", 60)
    await one_by_one(desk, 2)
    assert desk.served == [5, 1, 1, 1]


async def test_of_many_one_half_is_served_while_the_other_comes(desk, monkeypatch):
    monkeypatch.setattr(queue, "COMPANY_COMES_WITHIN", 0.01)
    await desk.ask_all([object()] * 32)
    assert desk.served == [8, 16, 8]


async def test_a_rush_is_served_in_batches_of_bounded_size(desk):
    await desk.ask_all([object()] * 300)
    assert sum(desk.served) == 300
    assert max(desk.served) == queue.TOGETHER


async def test_more_than_were_expected_are_served_with_them(desk, monkeypatch):
    monkeypatch.setattr(queue, "COMPANY_COMES_WITHIN", 60)
    await desk.ask_all([object()] * 2)
    await desk.ask_all([object()] * 7)
    assert desk.served == [2, 7]
