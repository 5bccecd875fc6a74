"""Counting a ledger: every hour that is over, once, and again what somebody lacks."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

import told
from pdu_shared import ledger, outbox
from pdu_shared.contracts.bookings.ledger import LedgerCounted
from pdu_shared.contracts.reporting import MessagesMissing
from pdu_shared.database import open_database, transaction
from pdu_shared.identity import derived_id, first_uuid7, uuid7
from pdu_shared.runtime import Runtime
from spare import a_spare


@pytest.fixture
async def bookings(house):
    """Bookings with a ledger of its own, to be asked for a count."""
    async with (
        a_spare(house, "bookings") as url,
        open_database(url, application="tests") as database,
    ):
        yield Runtime("bookings", house.settings("bookings"), database)


async def promise(bookings, *messages):
    async with transaction(bookings.database) as conn:
        await outbox.add(conn, *messages)


async def counts_told(bookings):
    rows = await bookings.database.pool.fetch(
        "SELECT body FROM outbox WHERE routing_key = 'bookings.LedgerCounted' ORDER BY position"
    )
    return [LedgerCounted.model_validate(data(row)) for row in rows]


def data(row):
    return json.loads(row["body"])["data"]


def missing(starts_at, ends_at, *keys, publisher="bookings"):
    return MessagesMissing(
        ledger_id=derived_id("ledger", publisher, starts_at, ends_at),
        publisher=publisher,
        starts_at=starts_at,
        ends_at=ends_at,
        keys=keys,
    )


async def test_an_hour_is_counted_when_it_is_over_and_once(bookings):
    await promise(bookings, told.cancelled(), told.waitlisted(), told.cancelled())
    bodies = await bookings.database.pool.fetch(
        "SELECT body FROM outbox WHERE routing_key = 'bookings.BookingCancelled'"
    )
    now = datetime.now(UTC)
    hour = now.replace(minute=0, second=0, microsecond=0)
    assert not await ledger.tell_next(bookings, now=hour + timedelta(hours=1, minutes=9))
    later = hour + timedelta(hours=1, minutes=10)
    assert await ledger.tell_next(bookings, now=later)
    assert not await ledger.tell_next(bookings, now=later)
    [count] = await counts_told(bookings)
    assert (count.starts_at, count.ends_at) == (hour, hour + timedelta(hours=1))
    assert [(one.key, one.messages) for one in count.counts] == [
        ("bookings.BookingCancelled", 2),
        ("bookings.BookingWaitlisted", 1),
    ]
    sums = sum(int.from_bytes(sha256(row["body"].encode()).digest()[:6]) for row in bodies)
    assert count.counts[0].digest == sums % 2**48


async def test_what_was_not_counted_for_long_is_counted_by_the_day(bookings):
    await promise(bookings, told.cancelled())
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    later = hour + timedelta(hours=50, minutes=30)
    while await ledger.tell_next(bookings, now=later):
        pass
    spans = [(one.starts_at - hour, one.ends_at - hour) for one in await counts_told(bookings)]
    assert spans == [
        (timedelta(), timedelta(days=1)),
        (timedelta(days=1), timedelta(days=2)),
        (timedelta(days=2), timedelta(hours=50)),
    ]


async def test_who_has_told_nothing_counts_nothing(bookings):
    assert not await ledger.tell_next(bookings, now=datetime.now(UTC) + timedelta(days=3))


async def test_sealed_messages_are_in_no_count(bookings):
    await promise(
        bookings,
        told.cancelled(),
        outbox.sealed(told.link_issued(), bookings.sealer),
    )
    await ledger.tell_next(bookings, until=datetime.now(UTC) + timedelta(seconds=1))
    [count] = await counts_told(bookings)
    assert [one.key for one in count.counts] == ["bookings.BookingCancelled"]


async def test_what_somebody_else_lacks_is_not_our_errand(bookings):
    now = datetime.now(UTC)
    async with transaction(bookings.database) as conn:
        await ledger.want(conn, missing(now - timedelta(hours=1), now, publisher="resources"))
    assert not await ledger.tell_again(bookings)
    assert await bookings.database.pool.fetchval("SELECT count(*) FROM ledger_wanted") == 0


def test_the_first_id_of_a_moment_is_below_every_id_given_from_then_on():
    before = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1)
    assert first_uuid7(before) < uuid7() < first_uuid7(before + timedelta(minutes=1))
    at = datetime(2026, 11, 22, 17, 5, 0, 123_999, tzinfo=UTC)
    assert first_uuid7(at) == first_uuid7(at.replace(microsecond=123_000))
    assert first_uuid7(at) < first_uuid7(at + timedelta(milliseconds=1))
