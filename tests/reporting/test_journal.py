"""The journal: every message once, byte for byte; what cannot be taken is parked singly."""

import json
from secrets import token_hex
from uuid import uuid4

import asyncpg
import pytest

import telling
from bus import arrived, body_of
from pdu_reporting import journal
from pdu_shared.identity import uuid7
from pdu_shared.reading import Flaw, read


async def written(database, *received):
    """How often the journal holds each of these."""
    ids = [one.envelope.id for one in received]
    rows = await database.pool.fetch(
        "SELECT message_id, count(*) FROM journal WHERE message_id = ANY ($1) GROUP BY 1", ids
    )
    known = {str(row["message_id"]): row["count"] for row in rows}
    return [known.get(str(one), 0) for one in ids]


async def parked(database, message_id):
    rows = await database.pool.fetch("SELECT reason FROM parked WHERE message_id = $1", message_id)
    return [row["reason"] for row in rows]


def unknown_message():
    body = json.loads(body_of(telling.member()))
    body["type"] = "pdu.resources.SomethingFromTheFuture"
    return read(json.dumps(body).encode(), sent_by="resources", sealer=None)


def poison():
    """A session in a time zone that does not exist: well-formed, but it cannot be counted."""
    return arrived(telling.scheduled(tz="Europe/Nowhere"))


async def test_a_message_is_kept_byte_for_byte(reporting_database, take):
    [received] = await take(telling.attendance())
    row = await reporting_database.pool.fetchrow(
        "SELECT * FROM journal WHERE message_id = $1", received.envelope.id
    )
    assert row["body"].encode() == received.body
    assert row["routing_key"] == "bookings.AttendanceRecorded"
    assert (row["source"], row["subject"]) == ("/bookings", received.envelope.subject)
    assert (row["sequence"], row["origin"], row["public"]) == (1, "live", True)
    assert row["occurred_at"] == received.envelope.time


async def test_a_message_of_an_unknown_type_is_kept_and_not_public(reporting_database, take):
    [received] = await take(unknown_message())
    row = await reporting_database.pool.fetchrow(
        "SELECT routing_key, public FROM journal WHERE message_id = $1", received.envelope.id
    )
    assert tuple(row) == ("resources.SomethingFromTheFuture", False)


async def test_a_repeated_message_is_written_once(reporting_database, take):
    received = arrived(telling.attendance())
    await take(received, received)
    await take(received)
    assert await written(reporting_database, received) == [1]
    assert await parked(reporting_database, received.envelope.id) == []


@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "later"])
async def test_another_body_under_a_known_id_is_parked(reporting_database, take, together):
    attendance, message_id = telling.attendance(), uuid7()
    first = arrived(attendance, message_id=message_id, sequence=1)
    second = arrived(attendance, message_id=message_id, sequence=2)
    if together:
        await take(first, second)
    else:
        await take(first)
        await take(second)
    assert await written(reporting_database, first) == [1]
    assert await parked(reporting_database, message_id) == ["id_conflict"]


async def test_a_flaw_is_parked_and_its_neighbours_are_taken(reporting_database, take):
    good, flaw = arrived(telling.attendance()), Flaw("malformed", "not JSON", b"{", uuid4())
    await take(flaw, good)
    assert await written(reporting_database, good) == [1]
    assert await parked(reporting_database, flaw.message_id) == ["malformed"]


async def test_poison_is_parked_singly_with_its_reason(reporting_database, take):
    before, bad, after = arrived(telling.attendance()), poison(), arrived(telling.attendance())
    flaw = Flaw("malformed", "not JSON", b"{", uuid4())
    await take(before, bad, flaw, after)
    assert await written(reporting_database, before, bad, after) == [1, 0, 1]
    [reason] = await parked(reporting_database, bad.envelope.id)
    assert reason == "handler_error:InvalidParameterValueError"
    assert await parked(reporting_database, flaw.message_id) == ["malformed"]


async def test_what_the_database_cannot_keep_is_parked(reporting_database, take):
    too_long_for_an_index = token_hex(8000).encode()
    body = body_of(telling.member()).replace(b'"subject":"', b'"subject":"' + too_long_for_an_index)
    bad, good = read(body, sent_by="resources", sealer=None), arrived(telling.member())
    await take(bad, good)
    assert await written(reporting_database, bad, good) == [0, 1]
    [reason] = await parked(reporting_database, bad.envelope.id)
    assert reason == "handler_error:ProgramLimitExceededError"


async def test_nothing_is_parked_when_a_table_is_missing(owner, reporting_database):
    """Another version of this service may be at work on the tables: the messages wait."""
    received = arrived(telling.attendance())
    async with owner.pool.acquire() as conn:
        await conn.execute("ALTER TABLE attendance RENAME TO attendance_elsewhere")
        try:
            with pytest.raises(asyncpg.UndefinedTableError):
                await journal.take(reporting_database, [received])
        finally:
            await conn.execute("ALTER TABLE attendance_elsewhere RENAME TO attendance")
    assert await written(reporting_database, received) == [0]
    assert await parked(reporting_database, received.envelope.id) == []
    await journal.take(reporting_database, [received])
    assert await written(reporting_database, received) == [1]
