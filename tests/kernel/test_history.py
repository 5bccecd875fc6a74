"""History has routing keys of its own: the journal's readers have it, and listeners who ask."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest

import told
from bus import arrived
from eventually import until
from pdu_shared import inbox, outbox
from pdu_shared.bus import Thread, continuing, declare_inbox
from pdu_shared.contracts.resources.vocabulary import CategoryDefined, WorkstreamDefined
from pdu_shared.database import transaction
from pdu_shared.listening import AlsoOfThePast, by_message, heard_by
from pdu_shared.relay import Relay
from pdu_shared.replay import replay
from scratch import add_reader, ask_broker, read_stream, scratch

pytestmark = pytest.mark.bus

HEARD = "CREATE TABLE heard (listener text NOT NULL, code text NOT NULL)"


async def hear_now(conn, message: CategoryDefined):
    await conn.execute("INSERT INTO heard VALUES ('now', $1)", message.code)


async def hear_ever(conn, message: AlsoOfThePast[CategoryDefined | WorkstreamDefined]):
    await conn.execute("INSERT INTO heard VALUES ('ever', $1)", message.code)


@pytest.fixture(scope="module")
async def place(house):
    async with scratch(house, "bookings", extra=HEARD) as place:
        yield place


@pytest.fixture(scope="module")
async def database(place):
    async with place.database("bookings") as database:
        yield database


@pytest.fixture
def relaying(place, database):
    @asynccontextmanager
    async def run():
        relay = Relay("bookings", database, [place.amqp_url("bookings")])
        task = asyncio.create_task(relay.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    return run


async def all_out(database):
    return await database.pool.fetchval(
        "SELECT NOT EXISTS (SELECT FROM outbox WHERE published_at IS NULL)"
    )


async def promise(database, *messages, origin):
    with continuing(Thread(origin=origin)):
        async with transaction(database) as conn:
            await outbox.add(conn, *messages)


async def in_queue(house, place, name):
    told = await ask_broker(house, "GET", f"/api/queues/{place.name}/{name}.inbox")
    return told.get("messages", 0)


async def test_a_listener_hears_of_the_past_only_if_it_says_so(database):
    now, past = told.category(), told.category()
    batch = [arrived(now), arrived(past, origin="import")]
    await inbox.take(database, batch, by_message([hear_now, hear_ever]))
    rows = await database.pool.fetch(
        "SELECT listener, code FROM heard WHERE code = ANY ($1)", [now.code, past.code]
    )
    assert {tuple(row) for row in rows} == {
        ("now", now.code),
        ("ever", now.code),
        ("ever", past.code),
    }


def test_what_a_listener_hears_is_the_same_with_and_without_the_past():
    assert heard_by(hear_ever) == (CategoryDefined, WorkstreamDefined)
    assert heard_by(hear_now) == (CategoryDefined,)


async def test_history_reaches_the_queues_of_those_who_ask_and_the_stream(
    house, place, database, relaying
):
    kind = type(told.cancelled())
    url = [place.amqp_url("notifications_owner")]
    await declare_inbox(url, "notifications", [kind])
    await declare_inbox([place.amqp_url("reporting_owner")], "reporting", [], everything=True)
    await declare_inbox([place.amqp_url("resources_owner")], "resources", [kind], history=[kind])
    now, past = told.cancelled(), told.cancelled()
    await promise(database, now, origin="live")
    await promise(database, past, origin="import")
    async with relaying():
        await until(lambda: all_out(database))
    streamed = await read_stream(await add_reader(house, place.name), enough=2)
    assert [json.loads(body)["origin"] for body in streamed] == ["live", "import"]
    assert [json.loads(body)["type"] for body in streamed] == ["pdu.bookings.BookingCancelled"] * 2

    async def arrived_everywhere():
        counts = [await in_queue(house, place, name) for name in ("reporting", "resources")]
        return counts == [2, 2]

    await until(arrived_everywhere)
    assert await in_queue(house, place, "notifications") == 1


async def test_history_is_replayed_by_its_name_like_anything_else(place, database):
    await declare_inbox([place.amqp_url("notifications_owner")], "notifications", [])
    before = await database.pool.fetchval(
        "SELECT count(*) FROM outbox WHERE routing_key LIKE 'bookings.BookingCancelled%'"
    )
    await promise(database, told.cancelled(), origin="import")
    again = await replay(
        database,
        [place.amqp_url("bookings")],
        service="bookings",
        to="notifications",
        names=["BookingCancelled"],
    )
    assert again == before + 1


async def test_only_promises_of_the_block_are_counted(database):
    with outbox.counting() as counted:
        await promise(database, told.cancelled(), told.cancelled(), origin="import")
    await promise(database, told.cancelled(), origin="live")
    assert counted.messages == 2
