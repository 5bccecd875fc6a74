"""The ledger: what is promised, how it is numbered, and that nobody changes it afterwards."""

import asyncio
import json
from uuid import uuid4

import asyncpg
import pytest

import told
from pdu_shared import outbox
from pdu_shared.contracts.bookings.programme import EventPublished
from pdu_shared.contracts.message import MAX_BYTES
from pdu_shared.database import transaction
from pdu_shared.idempotency import ANSWERS, columns
from pdu_shared.outbox import TooLargeError, UnsealedError
from pdu_shared.sealing import Sealer
from pdu_shared.tables import Writing
from scratch import scratch


@pytest.fixture(scope="module")
async def place(house):
    async with scratch(house, "bookings") as place:
        yield place


@pytest.fixture(scope="module")
async def database(place):
    async with place.database("bookings") as database:
        yield database


@pytest.fixture
def sealer(house):
    return Sealer(house.secrets.sealing_keys("bookings"))


async def promise(database, *messages):
    async with transaction(database) as conn:
        await outbox.add(conn, *messages)


async def rows_about(database, subject):
    return await database.pool.fetch(
        "SELECT * FROM outbox WHERE subject = $1 ORDER BY position", subject
    )


async def test_a_rolled_back_transaction_tells_nothing(database):
    message = told.cancelled()

    async def change_of_mind():
        async with transaction(database) as conn:
            await outbox.add(conn, message)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change_of_mind()
    assert not await rows_about(database, message.subject)


async def test_names_derive_from_the_class(database):
    message = told.cancelled()
    await promise(database, message)
    [row] = await rows_about(database, message.subject)
    body = json.loads(row["body"])
    assert row["exchange"] == "pdu.messages"
    assert row["routing_key"] == "bookings.BookingCancelled"
    assert body["type"] == "pdu.bookings.BookingCancelled"
    assert body["source"] == "/bookings"
    assert body["subject"] == f"booking/{message.booking_id}"
    assert body["dataschema"] == "/schemas/bookings.BookingCancelled"
    assert body["id"] == str(row["message_id"])
    assert body["sequence"] == "0000000001"
    assert body["data"] == json.loads(message.model_dump_json())


async def test_sequences_count_within_a_subject_and_an_exchange(database, sealer):
    one, other = uuid4(), uuid4()
    await promise(
        database,
        told.waitlisted(booking_id=one),
        outbox.sealed(told.link_issued(booking_id=one), sealer),
        told.waitlisted(booking_id=other),
        told.cancelled(booking_id=one),
    )
    await promise(database, told.cancelled(booking_id=one), told.cancelled(booking_id=one))
    rows = await rows_about(database, f"booking/{one}")
    numbered = [(row["exchange"], row["sequence"]) for row in rows]
    assert [n for exchange, n in numbered if exchange == "pdu.messages"] == [1, 2, 3, 4]
    assert [n for exchange, n in numbered if exchange == "pdu.sealed"] == [1]
    assert [json.loads(row["body"])["sequence"] for row in rows] == [
        f"{row['sequence']:010d}" for row in rows
    ]
    assert [row["sequence"] for row in await rows_about(database, f"booking/{other}")] == [1]


async def test_of_two_writers_without_a_lock_one_commits(database):
    booking_id = uuid4()
    first_wrote, second_wrote = asyncio.Event(), asyncio.Event()

    async def first():
        async with transaction(database) as conn:
            await outbox.add(conn, told.cancelled(booking_id=booking_id))
            first_wrote.set()
            await asyncio.sleep(0.2)

    async def second():
        await first_wrote.wait()
        await promise(database, told.cancelled(booking_id=booking_id))
        second_wrote.set()

    outcomes = await asyncio.gather(first(), second(), return_exceptions=True)
    rows = await rows_about(database, f"booking/{booking_id}")
    assert isinstance(outcomes[1], asyncpg.UniqueViolationError)
    assert not second_wrote.is_set()
    assert [row["sequence"] for row in rows] == [1]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE outbox SET body = 'another'",
        "UPDATE outbox SET published_at = now()",
        "DELETE FROM outbox",
        "TRUNCATE outbox",
    ],
)
async def test_a_running_service_cannot_change_what_was_told(database, change):
    await promise(database, told.cancelled())
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.pool.execute(change)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE outbox SET body = 'another'",
        "UPDATE outbox SET body = '', published_at = now() WHERE exchange = 'pdu.messages'",
        "UPDATE outbox SET routing_key = 'bookings.EventBooked', published_at = now()",
        "UPDATE outbox SET sequence = sequence + 1000, published_at = now()",
        "UPDATE outbox SET published_at = NULL",
        "DELETE FROM outbox",
        "TRUNCATE outbox",
    ],
)
async def test_not_even_the_owner_changes_what_was_told(place, database, change):
    await promise(database, told.cancelled())
    async with place.owner("bookings") as conn:
        with pytest.raises(asyncpg.RaiseError, match="the outbox is a ledger"):
            await conn.execute(change)


async def test_only_the_time_of_publishing_is_ever_set(database):
    message = told.cancelled()
    await promise(database, message)
    [before] = await rows_about(database, message.subject)
    await database.pool.execute("SELECT outbox_published($1)", [before["position"]])
    [after] = await rows_about(database, message.subject)
    assert before["published_at"] is None
    assert after["published_at"] is not None
    assert {**dict(after), "published_at": None} == dict(before)


async def test_marking_twice_keeps_the_first_time(database):
    message = told.cancelled()
    await promise(database, message)
    [row] = await rows_about(database, message.subject)
    await database.pool.execute("SELECT outbox_published($1)", [row["position"]])
    [first] = await rows_about(database, message.subject)
    await database.pool.execute("SELECT outbox_published($1)", [row["position"]])
    [second] = await rows_about(database, message.subject)
    assert first["published_at"] == second["published_at"]


async def test_a_sealed_body_is_emptied_once_it_is_published(database, sealer):
    link = told.link_issued()
    await promise(database, outbox.sealed(link, sealer))
    [before] = await rows_about(database, link.subject)
    await database.pool.execute("SELECT outbox_published($1)", [before["position"]])
    [after] = await rows_about(database, link.subject)
    assert before["body"]
    assert link.address not in before["body"]
    assert after["body"] == ""


async def test_personal_data_does_not_leave_in_clear(database):
    link = told.link_issued()
    with pytest.raises(UnsealedError):
        await promise(database, told.cancelled(booking_id=link.booking_id), link)
    assert not await rows_about(database, link.subject)


async def test_a_message_is_at_most_64_kib(database):
    event = EventPublished(
        learning_event_id=uuid4(),
        kind="learning_event",
        event_type="workshop",
        title="Hoarding",
        purpose="Work with people who hoard.",
        level="introductory",
        workstreams=("x" * 60,) * 1200,
        audience=(),
    )
    with pytest.raises(TooLargeError):
        await promise(database, event)
    assert not await rows_about(database, event.subject)

    fits = event.model_copy(update={"workstreams": ("x" * 60,) * 1000})
    await promise(database, fits)
    [row] = await rows_about(database, event.subject)
    assert len(row["body"].encode()) <= MAX_BYTES


async def test_of_something_new_nobody_looks_for_what_was_told_before(database):
    new, other = told.cancelled(), told.cancelled()
    later = told.cancelled(booking_id=new.booking_id)
    written = Writing(
        f"WITH {outbox.WRITTEN_FIRST} SELECT", promises=outbox.PROMISES, answers=ANSWERS
    )

    async def tell(conn, *messages):
        text, given = written.of(outbox.columns_of(messages), columns({}))
        await conn.execute(text, *given)

    async with transaction(database) as conn:
        await tell(conn, new, other, later)
    rows = await rows_about(database, new.subject)
    assert [row["sequence"] for row in rows] == [1, 2]
    assert [json.loads(row["body"])["sequence"] for row in rows] == ["0000000001", "0000000002"]
    assert [row["sequence"] for row in await rows_about(database, other.subject)] == [1]

    async with transaction(database) as conn:
        with pytest.raises(asyncpg.UniqueViolationError):
            await tell(conn, new)
