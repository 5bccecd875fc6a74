"""From a commit in one service to an effect in another, over a real RabbitMQ."""

import asyncio

import pytest

import a

pytestmark = pytest.mark.bus


async def until(ask, *, within=10.0):
    """The first true answer."""
    async with asyncio.timeout(within):
        while not (answer := await ask()):
            await asyncio.sleep(0.05)
    return answer


async def test_what_resources_defines_is_known_to_bookings(house, bookings_database):
    async with house.running("resources"), house.running("bookings"):
        codes = await until(
            lambda: bookings_database.pool.fetch("SELECT code FROM category LIMIT 5")
        )
    assert codes


async def test_a_booking_reaches_the_journal(house, token, reporting_database):
    async with house.http("bookings", broker=True) as http, house.running("reporting"):
        event = await a.published_event(http, token("coordinator"))
        answer = await a.ask_for_place(http, event)
        booking_id = answer.json()["booking_id"]
        row = await until(
            lambda: reporting_database.pool.fetchrow(
                "SELECT routing_key FROM journal WHERE subject = $1", f"booking/{booking_id}"
            )
        )
    assert row["routing_key"] == "bookings.EventBooked"
