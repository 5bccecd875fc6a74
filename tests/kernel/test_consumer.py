"""The consumer comes back by itself: from a closed channel, and from a closed connection."""

import asyncio
import gc
from functools import partial
from time import monotonic

import aio_pika
import pytest

import told
from bus import body_of
from crashing import publish
from eventually import until
from pdu_shared import inbox
from pdu_shared.consumer import Consumer, reading
from pdu_shared.contracts.resources.vocabulary import CategoryDefined
from pdu_shared.listening import by_message
from scratch import ask_broker, scratch

pytestmark = pytest.mark.bus

TABLES = "CREATE TABLE effect (code text NOT NULL)"
SOON = 5.0


async def note(conn, message: CategoryDefined):
    await conn.execute("INSERT INTO effect VALUES ($1)", message.code)


@pytest.fixture
async def place(house):
    async with scratch(house, "bookings", extra=TABLES) as place:
        await place.hear("bookings", CategoryDefined)
        yield place


@pytest.fixture
async def database(place):
    async with place.database("bookings") as database:
        yield database


@pytest.fixture
async def consumer(place, database):
    consumer = Consumer(
        "bookings",
        [place.amqp_url("bookings")],
        reading(None),
        partial(inbox.take, database, listeners=by_message([note])),
    )
    task = asyncio.create_task(consumer.run())
    await asyncio.wait_for(consumer.reaches_broker.wait(), 10)
    yield consumer
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def seconds_until_heard(place, database):
    """How long a message takes now."""
    message = told.category()
    started = monotonic()
    await publish(place, body_of(message))
    await until(
        lambda: database.pool.fetchval("SELECT true FROM effect WHERE code = $1", message.code)
    )
    return monotonic() - started


@pytest.mark.usefixtures("consumer")
async def test_it_recovers_from_a_closed_channel_on_a_living_connection(place, database):
    assert await seconds_until_heard(place, database) < SOON
    closed = 0
    for channel in [one for one in gc.get_objects() if isinstance(one, aio_pika.RobustChannel)]:
        if not channel.is_closed:
            # A tag that was never given: the broker answers by closing the channel.
            underlay = await channel.get_underlay_channel()
            await underlay.basic_ack(999_999)
            closed += 1
    assert closed, "no channel was closed, so this shows nothing"
    await asyncio.sleep(0.2)
    assert await seconds_until_heard(place, database) < SOON


@pytest.mark.usefixtures("consumer")
async def test_it_recovers_from_a_connection_that_the_broker_closes(place, database):
    assert await seconds_until_heard(place, database) < SOON

    async def ours():
        found = await ask_broker(place.house, "GET", f"/api/vhosts/{place.name}/connections")
        return [
            one["name"]
            for one in found
            if one.get("client_properties", {}).get("connection_name") == "bookings-inbox"
        ]

    names = await until(ours, within=15)
    for name in names:
        await ask_broker(place.house, "DELETE", f"/api/connections/{name}")
    assert await seconds_until_heard(place, database) < SOON


async def test_while_the_database_is_away_nothing_is_acknowledged(place, database):
    away = asyncio.Event()

    async def take(batch):
        if not away.is_set():
            raise ConnectionRefusedError
        await inbox.take(database, batch, by_message([note]))

    consumer = Consumer("bookings", [place.amqp_url("bookings")], reading(None), take)
    task = asyncio.create_task(consumer.run())
    message = told.category()
    await publish(place, body_of(message))
    await asyncio.sleep(1)
    assert not await database.pool.fetchval("SELECT count(*) FROM effect")
    away.set()
    await until(
        lambda: database.pool.fetchval("SELECT true FROM effect WHERE code = $1", message.code)
    )
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with place.channel() as channel:
        dead = await channel.declare_queue("bookings.dead", passive=True)
    assert dead.declaration_result.message_count == 0


async def test_who_is_stopped_while_connecting_leaves_no_connection_behind(place):
    async def take(_batch):
        raise AssertionError

    for milliseconds in (0, 1, 2, 3, 5, 8, 13, 21):
        consumer = Consumer("bookings", [place.amqp_url("bookings")], reading(None), take)
        task = asyncio.create_task(consumer.run())
        await asyncio.sleep(milliseconds / 1000)
        assert not consumer.reaches_broker.is_set() or milliseconds > 5
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    left = [str(one.get_coro()) for one in asyncio.all_tasks() if not one.done()]
    assert not [one for one in left if "connection_factory" in one]
