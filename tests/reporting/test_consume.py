"""Consuming from a real broker: acknowledged after the commit, never stuck on a lost channel."""

import asyncio
from contextlib import asynccontextmanager
from uuid import uuid4

import aio_pika
import pytest

import telling
from bus import body_of
from pdu_reporting import consume
from pdu_shared.bus import connect
from pdu_shared.database import open_database
from pdu_shared.identity import uuid7

pytestmark = pytest.mark.bus

INBOX = "reporting.inbox"


@asynccontextmanager
async def channel_as(house, user):
    connection = await connect([house.amqp_url(user)], name="tests")
    async with connection:
        yield await connection.channel()


async def tell(house, *bodies, user="bookings"):
    """Publish as a service does, with the name that the broker vouches for."""
    key = f"{user}.AttendanceRecorded"
    async with channel_as(house, user) as channel:
        exchange = await channel.get_exchange("pdu.messages", ensure=False)
        messages = [aio_pika.Message(body, user_id=user) for body in bodies]
        await asyncio.gather(*(exchange.publish(message, key) for message in messages))


async def waiting_in(house, queue):
    """How many messages the queue holds that nobody has."""
    async with channel_as(house, "reporting_owner") as channel:
        declared = await channel.declare_queue(queue, passive=True)
        return declared.declaration_result.message_count


async def until(condition):
    async with asyncio.timeout(10):
        while not await condition():
            await asyncio.sleep(0.05)


@pytest.fixture
async def queue(house):
    """The name of a queue of our own."""
    name = f"reporting.{uuid4().hex}"
    async with channel_as(house, "reporting_owner") as channel:
        await channel.declare_queue(name, durable=True, arguments={"x-queue-type": "quorum"})
        yield name
        await channel.queue_delete(name)


@pytest.fixture
async def intake(house, queue):
    """Consuming from that queue."""
    connection = await connect([house.amqp_url("reporting_owner")], name="tests")
    async with connection:
        yield await consume.open_intake(connection, queue)


async def test_what_arrives_is_written_down_and_acknowledged(house, reporting_database):
    bodies = {uuid7(): telling.attendance() for _ in range(1_200)}

    async def all_are_written():
        known = await reporting_database.pool.fetchval(
            "SELECT count(*) FROM journal WHERE message_id = ANY ($1)", list(bodies)
        )
        return known == len(bodies)

    async with house.running("reporting"):
        await tell(house, *(body_of(one, message_id=key) for key, one in bodies.items()))
        await until(all_are_written)
    # What was not acknowledged would be back by now.
    assert await waiting_in(house, INBOX) == 0


async def test_a_message_that_another_service_claims_to_own_is_parked(house, reporting_database):
    message_id = uuid7()

    async def is_parked():
        return await reporting_database.pool.fetchval(
            "SELECT reason FROM parked WHERE message_id = $1", message_id
        )

    async with house.running("reporting"):
        await tell(house, body_of(telling.attendance(), message_id=message_id), user="resources")
        await until(is_parked)
    assert await is_parked() == "wrong_producer"


async def test_a_channel_that_the_broker_closes_is_noticed(intake, reporting_database):
    taking = asyncio.create_task(consume.take_all(intake, reporting_database))
    await intake.channel.basic_ack(4_711)  # never delivered: the broker closes the channel
    async with asyncio.timeout(5):
        await asyncio.wait([taking])
    assert not intake.is_open
    assert taking.exception() is None


async def test_a_queue_that_is_deleted_is_noticed(house, queue, intake, reporting_database):
    taking = asyncio.create_task(consume.take_all(intake, reporting_database))
    async with channel_as(house, "reporting_owner") as channel:
        await channel.queue_delete(queue)
    async with asyncio.timeout(5):
        await taking
    assert not intake.is_open


async def test_nothing_is_acknowledged_while_the_database_is_away(house, queue, intake):
    async with channel_as(house, "reporting_owner") as channel:
        exchange = await channel.declare_exchange(f"{queue}.x", "fanout", auto_delete=True)
        bound = await channel.get_queue(queue, ensure=False)
        await bound.bind(exchange)
        for _ in range(3):
            await exchange.publish(aio_pika.Message(body_of(telling.attendance())), "")
    nowhere = "postgresql://reporting_app@127.0.0.1:1/pdu_reporting"
    async with open_database(nowhere, application="tests") as database:
        taking = asyncio.create_task(consume.take_all(intake, database))
        await asyncio.sleep(1)
        assert not taking.done()
        await intake.channel.close()
        async with asyncio.timeout(15):
            await taking

    async def all_are_back():
        return await waiting_in(house, queue) == 3

    await until(all_are_back)
