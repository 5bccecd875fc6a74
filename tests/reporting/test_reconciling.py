"""What services say that they told, against the journal: what is missing is told again."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aio_pika
import pytest

import telling
import told
from bus import arrived
from eventually import until
from house import client
from pdu_reporting import journal
from pdu_reporting.reconciling import look
from pdu_reporting.rules.reconciling import Difference, Tally, differences, pause_after
from pdu_shared import ledger, outbox
from pdu_shared.access import Role
from pdu_shared.database import Database, open_database, transaction
from pdu_shared.reading import read
from pdu_shared.runtime import Runtime
from spare import a_spare

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass
class Two:
    """Bookings and reporting, each with a database that no other test writes to."""

    bookings: Runtime
    reporting: Database
    urls: tuple[str, str]
    brought: int = 0
    since: datetime = NEVER

    async def promise(self, *messages):
        async with transaction(self.bookings.database) as conn:
            await outbox.add(conn, *messages)

    async def count(self):
        """Bookings counts what it told until now."""
        await asyncio.sleep(0.01)  # ids know milliseconds
        assert await ledger.tell_next(self.bookings, until=datetime.now(UTC))

    async def bring(self, *, without=()):
        """What the broker brings of the ledger, or of the part of it that comes."""
        rows = await self.bookings.database.pool.fetch(
            "SELECT position, message_id, body FROM outbox WHERE position > $1 ORDER BY position",
            self.brought,
        )
        self.brought = rows[-1]["position"]
        bodies = [row["body"].encode() for row in rows if row["message_id"] not in without]
        batch = [read(body, sent_by="bookings", sealer=None) for body in bodies]
        await journal.take(self.reporting, batch)

    async def look(self, now):
        while await look(self.reporting, now=now):
            pass

    async def ids(self, name):
        """The ids of messages that this test promised."""
        rows = await self.bookings.database.pool.fetch(
            "SELECT message_id FROM outbox WHERE routing_key = $1 AND position > $2"
            " ORDER BY position",
            f"bookings.{name}",
            self.brought,
        )
        return [row["message_id"] for row in rows]

    async def found(self):
        """Missing, extra and equal, for each span since this test began."""
        rows = await self.reporting.pool.fetch(
            "SELECT missing, extra, different_since IS NULL FROM ledger_compared"
            " WHERE starts_at >= $1 ORDER BY starts_at",
            self.since,
        )
        return [tuple(row) for row in rows]

    async def asked_for(self):
        """What reporting asked for since this test began."""
        rows = await self.reporting.pool.fetch(
            "SELECT body FROM outbox WHERE routing_key = 'reporting.MessagesMissing'"
            " ORDER BY position"
        )
        asked = [json.loads(row["body"])["data"] for row in rows]
        return [one for one in asked if datetime.fromisoformat(one["starts_at"]) >= self.since]


@pytest.fixture(scope="module")
async def pair(house):
    async with (
        a_spare(house, "bookings") as of_bookings,
        a_spare(house, "reporting") as of_reporting,
        open_database(of_bookings, application="tests") as told_by,
        open_database(of_reporting, application="tests") as told_to,
    ):
        bookings = Runtime("bookings", house.settings("bookings"), told_by)
        yield Two(bookings, told_to, (of_bookings, of_reporting))


@pytest.fixture
async def two(pair):
    """The pair, when all that was told before has been counted and has come."""
    await pair.promise(told.cancelled())
    await pair.count()
    await pair.bring()
    pair.since = await pair.bookings.database.pool.fetchval("SELECT ends_at FROM ledger_told")
    return pair


async def test_what_has_all_come_is_equal(two):
    await two.promise(*(told.cancelled() for _ in range(5)), told.waitlisted())
    await two.count()
    await two.bring()
    await two.look(datetime.now(UTC))
    assert await two.found() == [(0, 0, True)]


async def test_a_message_that_did_not_come_is_asked_for_when_it_is_still_not_there_a_minute_later(
    two,
):
    await two.promise(*(told.cancelled() for _ in range(5)), told.waitlisted())
    lost = (await two.ids("BookingCancelled"))[2:4]
    await two.count()
    await two.bring(without=lost)
    now = datetime.now(UTC)
    await two.look(now)
    assert await two.found() == [(2, 0, False)]
    assert await two.asked_for() == []
    await two.look(now + MINUTE)
    [asked] = await two.asked_for()
    assert (asked["publisher"], asked["keys"]) == ("bookings", ["bookings.BookingCancelled"])


async def test_what_comes_late_by_itself_is_asked_for_by_nobody(two):
    await two.promise(told.cancelled(), told.cancelled())
    late, before = (await two.ids("BookingCancelled"))[:1], two.brought
    await two.count()
    await two.bring(without=late)
    now = datetime.now(UTC)
    await two.look(now)
    two.brought = before
    await two.bring()
    await two.look(now + MINUTE)
    assert await two.found() == [(0, 0, True)]
    assert await two.asked_for() == []


async def test_what_was_set_aside_has_come(two):
    await two.promise(telling.scheduled(tz="Europe/Nowhere"), told.cancelled())
    await two.count()
    await two.bring()
    assert await two.reporting.pool.fetchval("SELECT count(*) FROM parked") == 1
    await two.look(datetime.now(UTC))
    assert await two.found() == [(0, 0, True)]


async def test_a_body_that_was_changed_in_the_journal_is_found(two):
    await two.promise(told.cancelled(), told.cancelled())
    [changed, _] = await two.ids("BookingCancelled")
    await two.count()
    await two.bring()
    await two.reporting.pool.execute(
        "UPDATE journal SET body = replace(body, 'person', 'coordinator') WHERE message_id = $1",
        changed,
    )
    await two.look(datetime.now(UTC))
    assert await two.found() == [(1, 1, False)]


async def test_what_its_owner_no_longer_has_is_extra(two):
    await two.promise(told.cancelled())
    before_a_backup_was_restored = arrived(told.cancelled())
    await two.count()
    await two.bring()
    await journal.take(two.reporting, [before_a_backup_was_restored])
    await two.look(datetime.now(UTC))
    assert await two.found() == [(0, 1, False)]


async def test_a_span_of_which_nothing_was_told_is_asked_for_whole(two):
    for _ in range(3):
        await two.promise(told.cancelled())
        await two.count()
    [_, lost, _] = await two.ids("LedgerCounted")
    await two.bring(without=[lost])
    await two.look(datetime.now(UTC))
    [asked] = [one for one in await two.asked_for() if not one["keys"]]
    spans = await two.reporting.pool.fetch(
        "SELECT starts_at, ends_at FROM ledger_count WHERE starts_at >= $1 ORDER BY 1", two.since
    )
    assert datetime.fromisoformat(asked["starts_at"]) == spans[0]["ends_at"]
    assert datetime.fromisoformat(asked["ends_at"]) == spans[1]["starts_at"]


async def test_what_does_not_come_is_asked_for_ever_more_rarely(two):
    await two.promise(*(told.cancelled() for _ in range(4)))
    lost = await two.ids("BookingCancelled")
    await two.count()
    await two.bring(without=lost[2:])
    now = datetime.now(UTC)
    for minutes in range(90):
        await two.look(now + minutes * MINUTE)
    assert len(await two.asked_for()) == 4


async def test_operators_see_what_is_missing_and_since_when(two, house):
    await two.promise(told.cancelled(), told.waitlisted())
    lost = await two.ids("BookingWaitlisted")
    await two.count()
    await two.bring(without=lost)
    await two.look(datetime.now(UTC) - HOUR)
    async with (
        house.running("reporting", broker=False, database_url=two.urls[1]) as app,
        client(app) as http,
    ):
        answer = await http.get("/ledgers", headers=house.authorised(Role.OPERATOR))
        assert (await http.get("/ledgers")).status_code == 401
    [ledger_of_bookings] = answer.json()["ledgers"]
    [different] = [
        one
        for one in ledger_of_bookings["different"]
        if datetime.fromisoformat(one["starts_at"]) >= two.since
    ]
    assert ledger_of_bookings["publisher"] == "bookings"
    assert (different["missing"], different["extra"], different["late"]) == (1, 0, True)
    assert different["keys"] == ["bookings.BookingWaitlisted"]


@pytest.mark.bus
async def test_messages_that_the_broker_lost_are_found_told_again_and_counted(two, house):
    """From one service to the other over a real broker, which loses two of five messages."""
    ours = [telling.attendance() for _ in range(5)]
    told_by, told_to = two.bookings.database, two.reporting
    async with house.running("bookings", database_url=two.urls[0]):
        await until(published(told_by))
        await take_away(house)
        await two.promise(*ours)
        await until(published(told_by))
        await take_away(house, 2)
    await two.count()
    async with (
        house.running("bookings", database_url=two.urls[0]),
        house.running("reporting", database_url=two.urls[1]),
    ):
        await until(looked_at(two))
        assert await here(told_to, ours) == 3
        await two.look(datetime.now(UTC) + MINUTE)

        async def all_here():
            await ledger.tell_again(two.bookings)
            return await here(told_to, ours) == 5

        await until(all_here)

        async def equal():
            await two.look(datetime.now(UTC) + MINUTE)
            return await two.found() == [(0, 0, True)]

        await until(equal)


def published(database):
    async def all_gone():
        return not await database.pool.fetchval(
            "SELECT count(*) FROM outbox WHERE published_at IS NULL"
        )

    return all_gone


def looked_at(two):
    async def differs():
        await two.look(datetime.now(UTC))
        return await two.found() == [(2, 0, False)]

    return differs


async def here(database, attendances):
    """How many of these attendances are counted."""
    return await database.pool.fetchval(
        "SELECT count(*) FROM attendance WHERE attendance_id = ANY ($1)",
        [one.attendance_id for one in attendances],
    )


async def take_away(house, most=None):
    """Take messages out of reporting's queue as nobody should: so many, or all there are."""
    connection = await aio_pika.connect(house.amqp_url("reporting"))
    async with connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=most or 500)
        queue = await channel.get_queue("reporting.inbox", ensure=False)
        taken = 0
        with suppress(TimeoutError):
            async with queue.iterator(timeout=10 if most else 1) as messages:
                async for message in messages:
                    await message.ack()
                    taken += 1
                    if taken == most:
                        break
    assert taken == most or not most


def test_what_differs_is_named_by_kind():
    told_here = {"a.A": Tally(3, 30), "a.B": Tally(1, 7), "a.C": Tally(2, 9), "a.D": Tally(1, 1)}
    had = {"a.A": Tally(1, 10), "a.B": Tally(2, 8), "a.C": Tally(2, 8), "a.D": Tally(1, 1)}
    assert differences(told_here, had) == [
        Difference("a.A", missing=2, extra=0),
        Difference("a.B", missing=0, extra=1),
        Difference("a.C", missing=1, extra=1),
    ]
    assert differences({}, {"a.A": Tally(1, 1)}) == [Difference("a.A", missing=0, extra=1)]


def test_it_is_looked_at_ever_more_rarely_and_never_given_up():
    pauses = [pause_after(looks) for looks in range(20)]
    assert pauses == sorted(pauses)
    assert pauses[0] == MINUTE
    assert pauses[-1] == 6 * HOUR
