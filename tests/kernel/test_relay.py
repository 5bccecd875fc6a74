"""The relay: what was promised goes out once it is committed, whatever happens beside it."""

import asyncio
import json
from contextlib import asynccontextmanager
from time import monotonic
from uuid import uuid4

import aio_pika
import asyncpg
import pytest
from structlog.testing import capture_logs

import told
from eventually import until
from house import service
from pdu_shared import outbox
from pdu_shared.contracts.bookings.place import BookingCancelled, BookingWaitlisted
from pdu_shared.contracts.message import CONTENT_TYPE, SEALED_EXCHANGE
from pdu_shared.database import transaction
from pdu_shared.relay import Relay
from pdu_shared.replay import replay
from pdu_shared.sealing import Sealer
from scratch import Tap, add_reader, ids, read_stream, scratch, tap

pytestmark = pytest.mark.bus


@pytest.fixture
async def place(house):
    async with scratch(house, "bookings") as place:
        yield place


@pytest.fixture
async def database(place):
    async with place.database("bookings") as database:
        yield database


@pytest.fixture
def sealer(house):
    return Sealer(house.secrets.sealing_keys("bookings"))


@asynccontextmanager
async def relaying(place, database):
    """A relay for as long as the block lasts."""
    relay = Relay("bookings", database, [place.amqp_url("bookings")])
    task = asyncio.create_task(relay.run())
    try:
        await until(lambda: reaches(relay))
        yield relay
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def reaches(relay):
    return relay.reaches_broker.is_set()


async def promise(database, *messages):
    async with transaction(database) as conn:
        await outbox.add(conn, *messages)


async def bodies(database):
    rows = await database.pool.fetch("SELECT body FROM outbox ORDER BY position")
    return [row["body"] for row in rows]


async def unpublished(database):
    return await database.pool.fetchval("SELECT count(*) FROM outbox WHERE published_at IS NULL")


async def all_out(database):
    return await unpublished(database) == 0


async def test_one_body_is_the_same_in_outbox_queue_stream_and_journal(house, place, database):
    await place.migrate("reporting")
    reader = await add_reader(house, place.name)
    app = service("reporting").app(place.settings("reporting"))
    async with (
        tap(place.amqp_url("platform")) as heard,
        app.router.lifespan_context(app),
        place.database("reporting") as reporting,
        relaying(place, database),
    ):
        await promise(database, *(told.cancelled() for _ in range(20)))
        await until(lambda: all_out(database))
        streamed = await read_stream(reader, enough=20)
        await until(lambda: reporting.pool.fetchval("SELECT count(*) = 20 FROM journal"))
        journal = await reporting.pool.fetch("SELECT body FROM journal ORDER BY position")
    written = await bodies(database)
    assert heard.bodies == written
    assert streamed == written
    assert [row["body"] for row in journal] == written


async def test_what_is_not_public_stays_out_of_the_stream(house, place, database):
    reader = await add_reader(house, place.name)
    hidden, public = told.waitlisted(), told.cancelled()
    async with relaying(place, database), tap(place.amqp_url("platform")) as heard:
        await promise(database, hidden, public)
        await until(lambda: all_out(database))
        streamed = await read_stream(reader, enough=1)
    assert len(heard.bodies) == 2
    assert [json.loads(body)["type"] for body in streamed] == ["pdu.bookings.BookingCancelled"]


async def test_the_properties_repeat_what_the_body_says(place, database):
    async with relaying(place, database), tap(place.amqp_url("platform")) as heard:
        await promise(database, told.cancelled())
        await until(lambda: all_out(database))
    [message] = heard.messages
    body = json.loads(message.body)
    assert message.message_id == body["id"]
    assert message.type == body["type"]
    assert message.correlation_id == body["correlationid"]
    assert message.content_type == CONTENT_TYPE
    assert message.app_id == "bookings"
    assert message.user_id == "bookings"
    assert message.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
    assert message.routing_key == "bookings.BookingCancelled"


async def test_a_commit_wakes_the_relay(place, database):
    async with relaying(place, database), tap(place.amqp_url("platform")) as heard:
        await asyncio.sleep(0.2)  # it looked and found nothing
        waits = []
        for n in range(1, 6):
            started = monotonic()
            await promise(database, told.cancelled())
            await until(lambda n=n: came(heard, n))
            waits.append(monotonic() - started)
    assert sorted(waits)[2] < 0.5, f"it only looks every second: {waits}"


async def came(heard, count):
    return len(heard.messages) >= count


async def test_a_smaller_position_that_commits_later_still_goes_out(place, database):
    late, early = told.cancelled(), told.cancelled()
    async with relaying(place, database), tap(place.amqp_url("platform")) as heard:
        async with transaction(database) as conn:
            await outbox.add(conn, late)
            await promise(database, early)
            await until(lambda: came(heard, 1))
        await until(lambda: came(heard, 2))
        await until(lambda: all_out(database))
    positions = await database.pool.fetch("SELECT subject FROM outbox ORDER BY position")
    assert [row["subject"] for row in positions] == [late.subject, early.subject]
    assert [json.loads(body)["subject"] for body in heard.bodies] == [early.subject, late.subject]


async def test_two_relays_by_mistake_tell_each_message_once_and_in_order(place, database):
    async with (
        place.database("bookings") as other,
        tap(place.amqp_url("platform")) as heard,
        relaying(place, database),
        relaying(place, other),
    ):
        for _ in range(10):
            await promise(database, *(told.cancelled() for _ in range(30)))
        await until(lambda: all_out(database))
        await asyncio.sleep(0.3)  # time enough for a second copy to arrive
    assert heard.bodies == await bodies(database)


async def test_the_standby_takes_over_when_the_active_relay_dies(place, database):
    async with (
        place.database("bookings") as other,
        tap(place.amqp_url("platform")) as heard,
        relaying(place, other),
        relaying(place, database),
    ):
        await promise(database, told.cancelled())
        await until(lambda: came(heard, 1))
        for n in range(2, 5):
            assert await until(lambda: end_the_active_relay(place)) == 1
            await promise(database, told.cancelled())
            await until(lambda n=n: told_of(heard, n), within=10)
        await until(lambda: all_out(database))
    assert list(dict.fromkeys(heard.bodies)) == await bodies(database)


async def told_of(heard, count):
    """Whether so many came: a relay that dies before it has marked one leaves a second copy."""
    return len(set(heard.bodies)) >= count


async def end_the_active_relay(place):
    """Cut the connection that holds the relay's lock, and see it gone; how many there were."""
    conn = await asyncpg.connect(
        place.house.servers.database_url, database=f"{place.name}_bookings"
    )
    try:
        return await conn.fetchval("""
            SELECT count(*) FILTER (WHERE pg_terminate_backend(pid, 5000))
              FROM pg_locks
             WHERE locktype = 'advisory' AND granted
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """)
    finally:
        await conn.close()


async def test_a_message_that_nobody_takes_rests_and_holds_up_nobody(place, database, sealer):
    stuck = told.link_issued()
    async with relaying(place, database), tap(place.amqp_url("platform")) as heard:
        await promise(database, outbox.sealed(stuck, sealer))
        began = monotonic()
        waits = []
        with capture_logs() as lines:
            for n in range(1, 11):
                started = monotonic()
                await promise(database, told.cancelled())
                await until(lambda n=n: came(heard, n))
                waits.append(monotonic() - started)
                await asyncio.sleep(0.4)
        refused = sum(line["event"] == "publish refused" for line in lines)
        assert await unpublished(database) == 1
        assert max(waits) < 2.0, waits
        assert 1 <= refused < 2 * (monotonic() - began), "it spins, or it gave up"
        await place.hear("notifications", type(stuck))
        await until(lambda: all_out(database))
    [message] = await taken_from(place, "notifications.inbox", 1)
    assert message.exchange == SEALED_EXCHANGE
    assert (await bodies(database))[0] == "", "emptied after the confirm"


async def taken_from(place, queue, count):
    """So many messages out of a service's queue."""
    taken = Tap()
    async with place.channel() as channel:
        queue = await channel.get_queue(queue, ensure=False)
        await queue.consume(taken.take, no_ack=True)
        await until(lambda: came(taken, count))
    return taken.messages


async def test_a_full_queue_of_one_service_holds_up_no_other(place, database):
    await place.hear("notifications", BookingWaitlisted)
    await place.hear("reporting", everything=True)
    await place.set_policy(
        "careless", "notifications.inbox", max_length=1, overflow="reject-publish"
    )
    async with relaying(place, database), tap(place.amqp_url("platform")) as heard:
        for _ in range(5):  # quorum queues take some more than they are told
            await promise(database, told.waitlisted())
            await asyncio.sleep(0.1)
        await promise(database, *(told.waitlisted() for _ in range(20)))
        for _ in range(18):
            await promise(database, told.cancelled())
            await asyncio.sleep(0.4)
        lags = await lag_of_others(place)
        refused = await unpublished(database)
        assert refused > 0, "the policy refused nothing, so this shows nothing"
        assert max(lags) < 2.0, lags
        copies = len(ids(heard.bodies)) / len(set(ids(heard.bodies)))
        assert copies < 5, "refused messages are published over and over"
        await place.lift_policy("careless")
        await until(lambda: all_out(database), within=15)
    assert set(heard.bodies) == set(await bodies(database))
    async with place.channel() as channel:
        declared = await channel.declare_queue("notifications.inbox", passive=True)
    assert declared.declaration_result.message_count >= 25


async def lag_of_others(place):
    """Seconds between promise and confirm, of the messages that the full queue does not take."""
    async with place.database("bookings") as database:
        rows = await database.pool.fetch("""
            SELECT extract(epoch FROM coalesce(published_at, now()) - recorded_at)::float AS lag
              FROM outbox
             WHERE routing_key = 'bookings.BookingCancelled'
            """)
    return [row["lag"] for row in rows]


async def test_a_replay_goes_to_one_queue_and_changes_no_byte(place, database):
    await place.hear("notifications", BookingCancelled)
    async with relaying(place, database), tap(place.amqp_url("platform")) as heard:
        await promise(database, *(told.cancelled() for _ in range(3)), told.waitlisted())
        await until(lambda: all_out(database))
        async with place.channel() as channel:
            queue = await channel.get_queue("notifications.inbox", ensure=False)
            await queue.purge()
            again = {"service": "bookings", "to": "notifications", "names": ["BookingCancelled"]}
            for _ in range(2):
                assert await replay(database, [place.amqp_url("bookings")], **again) == 3
        replayed = await taken_from(place, "notifications.inbox", 6)
    written = await bodies(database)
    assert [message.body.decode() for message in replayed] == [*written[:3], *written[:3]]
    assert all(message.headers["replay"] is True for message in replayed)
    assert len(heard.bodies) == 4, "nobody else heard the replay"


async def test_what_was_sealed_is_not_replayed_empty(place, database, sealer):
    await place.hear("notifications", type(told.link_issued()))
    async with relaying(place, database):
        await promise(database, outbox.sealed(told.link_issued(), sealer), told.cancelled())
        await until(lambda: all_out(database))
    urls = [place.amqp_url("bookings")]
    assert await replay(database, urls, service="bookings", to="notifications") == 1


async def test_a_subject_keeps_its_order(place, database):
    booking_id = uuid4()
    async with relaying(place, database), tap(place.amqp_url("platform")) as heard:
        for _ in range(50):
            await promise(database, told.cancelled(booking_id=booking_id))
        await until(lambda: all_out(database))
    numbers = [int(json.loads(body)["sequence"]) for body in heard.bodies]
    assert numbers == list(range(1, 51))
