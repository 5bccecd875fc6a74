"""SIGKILL at every await of relay, inbox and second tries: nothing is lost, nothing done twice."""

import asyncio

import pytest

import told
from bus import body_of
from crashing import crash_taking, crash_the_consumer, crash_the_relay, wrong_effects, zygote
from eventually import until
from pdu_shared.contracts.resources.vocabulary import CategoryDefined
from scratch import ids, scratch, tap
from zygote import TABLES

pytestmark = pytest.mark.bus


@pytest.fixture
async def place(house):
    async with scratch(house, "bookings", extra=TABLES) as place:
        await place.hear("bookings", CategoryDefined)
        yield place


@pytest.fixture
async def database(place):
    async with place.database("bookings") as database:
        yield database


@pytest.fixture(scope="module")
async def forks(tmp_path_factory):
    async with zygote(tmp_path_factory.mktemp("zygote")) as forks:
        yield forks


async def everything_was_told(database, heard):
    rows = await database.pool.fetch(
        "SELECT message_id, body, published_at FROM outbox ORDER BY position"
    )
    assert all(row["published_at"] for row in rows)
    assert {row["body"] for row in rows} == set(heard.bodies), "lost, or changed on the way"
    assert set(ids(heard.bodies)) == {str(row["message_id"]) for row in rows}


async def test_a_relay_killed_at_any_await_loses_nothing(place, database, forks):
    async with tap(place.amqp_url("platform")) as heard:
        kills = await crash_the_relay(place, database, forks)
        await asyncio.sleep(0.2)
    assert kills >= 5, "it was hardly ever killed"
    await everything_was_told(database, heard)
    print(f"\n{kills} kills of the relay")  # noqa: T201 - a figure for the reader


async def test_taking_killed_at_any_await_has_one_effect(place, database, forks):
    codes = await crash_taking(place, database, forks)
    assert len(codes) >= 40, "it was hardly ever killed"
    assert await wrong_effects(database, codes) == {}
    assert await database.pool.fetchval("SELECT count(*) FROM waiting") == 0
    assert await database.pool.fetchval("SELECT count(*) FROM parked") == 0
    print(f"\n{len(codes) // 2 - 1} kills of the inbox")  # noqa: T201 - a figure for the reader


async def test_a_consumer_killed_at_any_await_has_one_effect(place, database, forks):
    codes = await crash_the_consumer(place, database, forks)
    assert len(codes) >= 10, "it was hardly ever killed"
    assert await wrong_effects(database, codes) == {}
    await until(lambda: is_empty(place, "bookings.inbox"))
    assert await is_empty(place, "bookings.dead")
    print(f"\n{len(codes) - 1} kills of the consumer")  # noqa: T201 - a figure for the reader


async def is_empty(place, name):
    async with place.channel() as channel:
        queue = await channel.declare_queue(name, passive=True)
        return queue.declaration_result.message_count == 0


async def test_a_second_try_killed_at_any_await_has_one_effect(place, database, forks):
    where = {"database": place.database_url("bookings_app")}
    messages = [told.category() for _ in range(3)]
    codes = [message.code for message in messages]
    kills = 0
    for fatal in range(1, 100):
        more = told.category()
        codes.append(more.code)
        await database.pool.execute("INSERT INTO broken VALUES ($1)", more.code)
        await forks.live("take", bodies=[body_of(more).decode()], **where)
        await database.pool.execute("DELETE FROM broken")
        if await forks.live("retry", fatal, **where) == "lived":
            break
        kills += 1
    first = [body_of(message).decode() for message in messages]
    await forks.live("take", bodies=first, **where)
    assert kills >= 10, "it was hardly ever killed"
    assert await wrong_effects(database, codes) == {}
    assert await database.pool.fetchval("SELECT count(*) FROM waiting") == 0
    print(f"\n{kills} kills of second tries")  # noqa: T201 - a figure for the reader


@pytest.mark.campaign
@pytest.mark.parametrize("_repeated", range(20))
async def test_crashes_from_the_first_await_on(place, database, forks, _repeated):
    async with tap(place.amqp_url("platform")) as heard:
        await crash_the_relay(place, database, forks, from_the_start=True)
        await asyncio.sleep(0.2)
    await everything_was_told(database, heard)
    codes = await crash_the_consumer(place, database, forks, from_the_start=True)
    assert await wrong_effects(database, codes) == {}
