"""What a bad delivery gets: parked with its reason or passed over, and the consumer goes on."""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from functools import partial

import aio_pika
import pytest

import told
from bus import body_of
from eventually import until
from pdu_shared import inbox
from pdu_shared.consumer import Consumer, reading
from pdu_shared.contracts.bookings.place import BookingLinkIssued
from pdu_shared.contracts.resources.member import ContactPointChanged
from pdu_shared.contracts.resources.vocabulary import CategoryDefined
from pdu_shared.identity import uuid7
from pdu_shared.listening import by_message
from pdu_shared.parking import park
from pdu_shared.reading import Flaw, read
from pdu_shared.sealing import Sealer, new_key, public_set
from processes import environment
from scratch import scratch

pytestmark = pytest.mark.bus

TABLES = "CREATE TABLE effect (code text NOT NULL)"


async def note(conn, message: CategoryDefined):
    await conn.execute("INSERT INTO effect VALUES ($1)", message.code)


async def keep_contact(conn, message: ContactPointChanged | BookingLinkIssued):
    await conn.execute("INSERT INTO effect VALUES ($1)", message.address)


@pytest.fixture(scope="module")
async def place(house):
    async with scratch(house, "bookings", extra=TABLES) as place:
        await place.hear("bookings", CategoryDefined, ContactPointChanged)
        yield place


@pytest.fixture(scope="module")
async def database(place):
    async with place.database("bookings") as database:
        yield database


@pytest.fixture(scope="module")
async def sealer():
    return Sealer(json.dumps({"keys": [new_key("notifications")]}))


@pytest.fixture(scope="module")
async def consumer(place, database, sealer):
    listeners = by_message([note, keep_contact])
    consumer = Consumer(
        "bookings",
        [place.amqp_url("bookings")],
        reading(sealer),
        partial(inbox.take, database, listeners=listeners),
    )
    task = asyncio.create_task(consumer.run())
    yield consumer
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def changed(body, **attributes):
    return json.dumps({**json.loads(body), **attributes}).encode()


def without(body, *attributes):
    return json.dumps(
        {name: value for name, value in json.loads(body).items() if name not in attributes}
    ).encode()


def deep():
    return b"[" * 30 + b"]" * 30


def in_ten_minutes():
    return (datetime.now(UTC) + timedelta(minutes=10)).isoformat()


def link_body(sealer):
    return body_of(told.link_issued(), sealer=sealer)


def category_body():
    return body_of(told.category())


FLAWS = {
    "too_large": lambda: changed(category_body(), padding="x" * 70_000),
    "malformed: no JSON": lambda: b"{",
    "malformed: no UTF-8": lambda: b'"\xff\xfe"',
    "malformed: NaN": lambda: b'{"data":NaN}',
    "malformed: deep": deep,
    "malformed: NUL in the envelope": lambda: changed(category_body(), subject="category/\0"),
    "malformed: NUL in the data": lambda: changed(category_body(), data={"added": ["\0"]}),
    "bad_envelope: a list": lambda: b"[]",
    "bad_envelope: no id": lambda: without(category_body(), "id"),
    "bad_envelope: no type": lambda: without(category_body(), "type"),
    "bad_envelope: no specversion": lambda: without(category_body(), "specversion"),
    "bad_envelope: id": lambda: changed(category_body(), id="not-a-uuid"),
    "bad_envelope: specversion": lambda: changed(category_body(), specversion="0.3"),
    "bad_envelope: sequence": lambda: changed(category_body(), sequence="-1"),
    "wrong_producer": lambda: body_of(told.cancelled()),
    "clock": lambda: changed(category_body(), recordedtime=in_ten_minutes()),
    "schema: missing": lambda: changed(category_body(), data={"scheme": "tests"}),
    "schema: type": lambda: changed(category_body(), data=[1]),
    "schema: code": lambda: changed(
        category_body(), data={**json.loads(category_body())["data"], "code": "No Code!"}
    ),
}


async def publish(place, *bodies, user="resources", key="resources.CategoryDefined"):
    async with place.channel(user) as channel:
        exchange = await channel.get_exchange("pdu.messages", ensure=False)
        for body in bodies:
            await exchange.publish(aio_pika.Message(body, user_id=user), key)


async def has_effect(database, code):
    return await database.pool.fetchval("SELECT count(*) FROM effect WHERE code = $1", code)


async def reasons(database):
    rows = await database.pool.fetch("SELECT reason, body FROM parked WHERE resolved_at IS NULL")
    return [(row["reason"], row["body"]) for row in rows]


@pytest.mark.usefixtures("consumer")
async def test_every_flaw_is_parked_with_its_reason_and_the_next_message_passes(place, database):
    bodies = {name: make() for name, make in FLAWS.items()}
    mixed, codes = [], []
    for body in bodies.values():
        good = told.category()
        codes.append(good.code)
        mixed += [body, body_of(good)]
    await publish(place, *mixed)
    await until(lambda: has_effect(database, codes[-1]))
    assert [await has_effect(database, code) for code in codes] == [1] * len(codes)
    found = {body: reason for reason, body in await reasons(database)}
    told_reasons = {name: found.get(body[:65_536]) for name, body in bodies.items()}
    assert told_reasons == {name: name.partition(":")[0] for name in FLAWS}
    assert await queue_is_empty(place)


async def queue_is_empty(place):
    async def empty():
        async with place.channel() as channel:
            queue = await channel.declare_queue("bookings.inbox", passive=True)
            return queue.declaration_result.message_count == 0

    return await until(empty)


@pytest.mark.usefixtures("consumer")
async def test_what_is_parked_says_where_and_never_what(place, database):
    body = changed(category_body(), data={"scheme": "secret words of a person"})
    await publish(place, body)

    async def row():
        return await database.pool.fetchrow("SELECT * FROM parked WHERE body = $1", body)

    parked = await until(row)
    assert "/code: missing" in parked["detail"]
    assert "secret" not in parked["detail"]
    assert str(parked["message_id"]) == json.loads(body)["id"]
    assert parked["routing_key"] == "resources.CategoryDefined"


@pytest.mark.usefixtures("consumer")
async def test_an_unknown_type_is_passed_over(place, database):
    unknown = changed(category_body(), type="pdu.resources.NeverHeardOf")
    good = told.category()
    before = len(await reasons(database))
    await publish(place, unknown, body_of(good))
    await until(lambda: has_effect(database, good.code))
    assert len(await reasons(database)) == before
    assert await queue_is_empty(place)


@pytest.mark.usefixtures("consumer")
async def test_unknown_optional_fields_are_ignored(place, database):
    message = told.category()
    body = json.loads(body_of(message))
    body["data"]["colour"] = "green"
    body["newattribute"] = "from the future"
    await publish(place, json.dumps(body).encode())
    assert await until(lambda: has_effect(database, message.code)) == 1


def test_an_unknown_enum_value_is_a_matter_of_schema():
    body = changed(
        body_of(told.cancelled()),
        data={**json.loads(body_of(told.cancelled()))["data"], "by": "nobody_we_know"},
    )
    flaw = read(body, sent_by="bookings", sealer=None)
    assert isinstance(flaw, Flaw)
    assert (flaw.reason, flaw.detail) == ("schema", "/by: enum")


def test_sealed_for_another_key_cannot_be_opened(sealer):
    other = Sealer(json.dumps({"keys": [new_key("notifications")]}))
    flaw = read(link_body(other), sent_by="bookings", sealer=sealer)
    assert isinstance(flaw, Flaw)
    assert (flaw.reason, flaw.detail) == ("unsealable", "unknown_key")


def test_sealed_data_that_was_touched_cannot_be_opened(sealer):
    body = json.loads(link_body(sealer))
    token = body["data"]
    body["data"] = token[:-6] + ("AAAAAA" if not token.endswith("AAAAAA") else "BBBBBB")
    flaw = read(json.dumps(body).encode(), sent_by="bookings", sealer=sealer)
    assert isinstance(flaw, Flaw)
    assert flaw.reason == "unsealable"


def test_who_only_seals_cannot_open():
    keys = new_key("notifications")
    sender = Sealer(json.dumps(public_set([keys])))
    flaw = read(link_body(sender), sent_by="bookings", sealer=sender)
    assert isinstance(flaw, Flaw)
    assert flaw.reason == "unsealable"


def test_an_old_time_is_history_and_no_flaw():
    body = changed(category_body(), time="2017-01-01T00:00:00+00:00")
    assert not isinstance(read(body, sent_by="resources", sealer=None), Flaw)


def test_the_second_of_two_rotating_users_is_believed():
    assert not isinstance(read(category_body(), sent_by="resources_b", sealer=None), Flaw)
    assert isinstance(read(category_body(), sent_by="resourcesb", sealer=None), Flaw)


# What `python -m pdu_bookings` does, for several commands in one process: it starts slowly.
COMMANDS = """
import json, sys
from pdu_bookings.app import service
from pdu_shared.running import main
for arguments in json.loads(sys.argv[1]):
    try:
        main(service, arguments)
    except SystemExit as refused:
        print("refused:", refused)
"""


async def commands(place, *arguments):
    """What an operator sees after these commands of bookings."""
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", COMMANDS, json.dumps(arguments)),
        env=environment(place.settings("bookings")),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await program.communicate()
    assert program.returncode == 0, out.decode()
    return out.decode()


async def test_an_operator_lists_lets_in_and_discards_what_is_parked(place, database):
    message = told.category(scheme="tests", code=uuid7().hex)
    body = body_of(message)
    async with database.pool.acquire() as conn:
        good = await park(conn, Flaw("clock", "recorded in the future", body))
        bad = await park(conn, Flaw("malformed", "not JSON in UTF-8", b"secret {"))

    seen = await commands(
        place,
        ["parked", "list"],
        ["parked", "discard"],
        ["parked", "replay", str(good)],
        ["parked", "discard", str(bad)],
    )
    assert "refused: Say which" in seen
    assert "secret" not in seen, "metadata only"
    listed = {line["parked_id"]: line for line in map(json.loads, json_lines(seen))}
    assert {str(good), str(bad)} <= listed.keys()
    assert listed[str(bad)]["bytes"] == 8
    rows = await database.pool.fetch(
        "SELECT resolution, resolved_at FROM parked WHERE parked_id = ANY ($1) ORDER BY reason",
        [good, bad],
    )
    assert [row["resolution"] for row in rows] == ["replayed", "discarded"]
    known = await database.pool.fetchval(
        "SELECT count(*) FROM category WHERE scheme = 'tests' AND code = $1", message.code
    )
    assert known == 1, "bookings' own listener has it now"


def json_lines(out):
    return [line for line in out.splitlines() if line.startswith("{") and "parked_id" in line]
