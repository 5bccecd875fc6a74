"""The broker crashes, or refuses to take more: bookings go on, and nothing is lost."""

import asyncio
import subprocess
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from time import monotonic
from uuid import uuid4

import aio_pika
import asyncpg
import pytest

import a
import told
from eventually import until
from pdu_local.node import environment
from pdu_shared import outbox
from pdu_shared.access import Role
from pdu_shared.bus import UNREACHABLE
from pdu_shared.contracts import MESSAGES
from pdu_shared.identity import uuid7
from pdu_shared.outbox import Promise
from pdu_shared.publishing import open_publisher
from scratch import Tap, add_reader, ids, read_stream

pytestmark = pytest.mark.bus


@pytest.fixture
async def conn(ruins):
    conn = await asyncpg.connect(ruins.servers.database_url, database="pdu_bookings")
    yield conn
    await conn.close()


class Load:
    """People who book one after another, and what they were answered."""

    def __init__(self):
        self.codes, self.seconds, self.booking_ids = [], [], []

    async def book(self, http, event):
        while True:
            started = monotonic()
            answer = await a.ask_for_place(http, event, email=f"{uuid4().hex}@example.org")
            self.seconds.append(monotonic() - started)
            self.codes.append(answer.status_code)
            if answer.status_code == 201:
                self.booking_ids.append(answer.json()["booking_id"])
            await asyncio.sleep(0.02)


@asynccontextmanager
async def load(ruins, copies, *, clients=4):
    """Bookings, for as long as the block lasts."""
    event = await a.published_event(
        copies[0], ruins.authorised(Role.COORDINATOR), sessions=[a.session(capacity=5000)]
    )
    people = Load()
    tasks = [asyncio.create_task(people.book(copies[n % 2], event)) for n in range(clients)]
    try:
        yield people
    finally:
        for task in tasks:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes), outcomes


async def last_position(conn):
    return await conn.fetchval("SELECT coalesce(max(position), 0) FROM outbox")


async def all_published(conn):
    return not await conn.fetchval("SELECT EXISTS (SELECT FROM outbox WHERE published_at IS NULL)")


async def told_since(conn, position):
    return await conn.fetch(
        """
        SELECT message_id, exchange, routing_key, body
          FROM outbox
         WHERE position > $1 AND exchange = 'pdu.messages'
        """,
        position,
    )


async def in_queue(ruins, wanted):
    """What waits in reporting's queue, read until all that is wanted has come."""
    taken = Tap()
    async with await aio_pika.connect(ruins.amqp_url("platform")) as connection:
        channel = await connection.channel()
        queue = await channel.get_queue("reporting.inbox", ensure=False)
        await queue.consume(taken.take, no_ack=True)

        async def complete():
            return wanted <= set(ids(taken.bodies))

        with suppress(TimeoutError):  # the caller says what is missing
            await until(complete, within=10)
    return taken.bodies


async def crash_and_restart(rabbit):
    rabbit.kill()
    await asyncio.sleep(0.5)
    rabbit.start()
    await asyncio.to_thread(rabbit.wait_ready)


async def lose_nothing(ruins, copies, conn, crashes):
    reader = await add_reader(ruins)
    before = await last_position(conn)
    async with load(ruins, copies) as people:
        await asyncio.sleep(1)
        for _ in range(crashes):
            await crash_and_restart(ruins.servers.rabbit)
            up = monotonic()
            at_crash = await last_position(conn)
            await until(lambda at=at_crash: published_beyond(conn, at), within=40)
            print(f"\npublishing again {monotonic() - up:.1f} s after the broker listened")  # noqa: T201 - a figure for the reader
    await until(lambda: all_published(conn), within=40)

    assert set(people.codes) == {201}, "bookings go on without a broker"
    assert max(people.seconds) < 2.0
    rows = await told_since(conn, before)
    assert len(rows) >= len(people.booking_ids) > 20
    wanted = {str(row["message_id"]): row["body"] for row in rows}
    queued = dict(zip(ids(found := await in_queue(ruins, set(wanted))), found, strict=True))
    assert {key: queued.get(key) for key in wanted} == wanted, "lost from the queue"
    public = {
        str(row["message_id"]): row["body"] for row in rows if MESSAGES[row["routing_key"]].public
    }
    total = await conn.fetchval(
        "SELECT count(*) FROM outbox WHERE routing_key = ANY ($1)",
        [key for key, message in MESSAGES.items() if message.public],
    )
    bodies = await read_stream(reader, enough=total, within=15)
    streamed = dict(zip(ids(bodies), bodies, strict=True))
    missing = [key for key in public if streamed.get(key) != public[key]]
    assert missing == [], f"{len(missing)} of {len(public)} lost from the stream"
    print(f"{len(people.booking_ids)} bookings, {len(wanted)} messages, 0 lost")  # noqa: T201 - a figure for the reader


async def published_beyond(conn, position):
    return await conn.fetchval(
        "SELECT EXISTS (SELECT FROM outbox WHERE position > $1 AND published_at IS NOT NULL)",
        position,
    )


async def test_a_broker_that_crashes_under_load_loses_nothing(ruins, copies, conn):
    await lose_nothing(ruins, copies, conn, crashes=1)


@pytest.mark.campaign
async def test_a_broker_that_crashes_again_and_again_loses_nothing(ruins, copies, conn):
    await lose_nothing(ruins, copies, conn, crashes=20)


async def at_the_first_moment(ruins):
    """A publisher of bookings, as soon as the broker lets one in."""
    async with asyncio.timeout(60):
        while True:
            with suppress(*UNREACHABLE):
                return await open_publisher([ruins.amqp_url("bookings")], "bookings", role="tests")
            await asyncio.sleep(0.02)


def ledger_rows(number):
    for _ in range(number):
        message, message_id = told.cancelled(), uuid7()
        opened = outbox.opened(Promise(message), message_id, datetime.now(UTC))
        yield {
            "message_id": message_id,
            "exchange": message.exchange(),
            "routing_key": message.routing_key(),
            "body": opened + ',"sequence":"0000000001"}',
        }


async def test_whoever_comes_back_at_the_first_moment_misses_no_stream(ruins):
    """A broker lets clients in before its streams are up, and says that it confirms."""
    reader, rabbit = await add_reader(ruins), ruins.servers.rabbit
    rabbit.kill()
    rabbit.start()
    publisher = await at_the_first_moment(ruins)
    rows = list(ledger_rows(20))
    async with publisher.connection:
        assert await publisher.publish(rows) == [None] * len(rows)
    streamed = await read_stream(reader, enough=1_000_000, within=3)
    assert {str(row["message_id"]) for row in rows} <= set(ids(streamed))


def control(rabbit, *words):
    """RabbitMQ's own tool, as an operator uses it."""
    tool = rabbit.broker.server.with_name("rabbitmqctl")
    env = environment(rabbit.broker, rabbit.home, rabbit.ports)
    subprocess.run([str(tool), *words], env=env, check=True, capture_output=True, timeout=60)  # noqa: S603


async def test_a_memory_alarm_makes_messages_late_and_bookings_not(ruins, copies, conn):
    rabbit = ruins.servers.rabbit
    async with load(ruins, copies) as people:
        await asyncio.to_thread(control, rabbit, "set_vm_memory_high_watermark", "absolute", "1MB")
        people.seconds.clear()
        await asyncio.sleep(3)
        late = await conn.fetchval("SELECT count(*) FROM outbox WHERE published_at IS NULL")
        await asyncio.to_thread(
            control, rabbit, "set_vm_memory_high_watermark", "absolute", "512MB"
        )
    assert late > 0, "the alarm stopped nothing, so this shows nothing"
    assert set(people.codes) == {201}
    assert max(people.seconds) < 2.0
    await until(lambda: all_published(conn), within=30)


async def test_without_a_broker_a_service_is_degraded_and_then_ready_again(ruins, copies):
    async def readiness():
        answer = await copies[0].get("/readyz")
        assert answer.status_code == 200
        return answer.json()

    async def says(status):
        return (await readiness())["status"] == status

    rabbit = ruins.servers.rabbit
    await until(lambda: says("ready"), within=30)
    rabbit.kill()
    try:

        async def says_why():
            lost = [f"{part} has no broker" for part in ("commands", "inbox", "relay")]
            return (await readiness())["reasons"] == lost

        await until(says_why)
        assert await says("degraded")
        assert (await copies[0].get("/livez")).status_code == 200
    finally:
        rabbit.start()
        await asyncio.to_thread(rabbit.wait_ready)
    await until(lambda: says("ready"), within=30)
