"""What a listener could not do at once: tried again for hours, in order, then parked."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar
from uuid import uuid4

import pytest

import told
from bus import body_of
from pdu_shared import inbox
from pdu_shared.contracts.resources.vocabulary import CategoryDefined
from pdu_shared.database import transaction
from pdu_shared.listening import UnknownReferenceError, by_message, name_of
from pdu_shared.reading import read
from pdu_shared.waiting import readmit, try_again
from scratch import scratch

TABLES = "CREATE TABLE effect (category_id uuid NOT NULL, label text NOT NULL)"
DAY = timedelta(days=1)


class Moods:
    """What the listener does with a subject: the tests' own switchboard."""

    failing: ClassVar[dict] = {}
    tries: ClassVar[dict] = {}


async def note(conn, message: CategoryDefined):
    Moods.tries[message.category_id] = Moods.tries.get(message.category_id, 0) + 1
    if failure := Moods.failing.get(message.category_id):
        raise failure
    await conn.execute("INSERT INTO effect VALUES ($1, $2)", message.category_id, message.label)


@pytest.fixture(scope="module")
async def database(house):
    async with (
        scratch(house, "bookings", extra=TABLES) as place,
        place.database("bookings") as database,
    ):
        yield database


@pytest.fixture
def failing():
    """A subject whose messages fail."""
    category_id = uuid4()
    Moods.failing[category_id] = ArithmeticError()
    return category_id


async def take(database, category_id, *labels):
    deliveries = [
        read(
            body_of(told.category(category_id=category_id, label=label)),
            sent_by="resources",
            sealer=None,
        )
        for label in labels
    ]
    await inbox.take(database, deliveries, by_message([note]))
    return [delivery.envelope.id for delivery in deliveries]


async def again(database, now):
    return await try_again(database, {name_of(note): note}, None, now=now)


async def all_again(database, now):
    while await again(database, now):
        pass


async def effects(database, category_id):
    rows = await database.pool.fetch("SELECT label FROM effect WHERE category_id = $1", category_id)
    return [row["label"] for row in rows]


async def state(database, message_id):
    return await database.pool.fetchval("SELECT state FROM inbox WHERE message_id = $1", message_id)


async def parked(database, message_id):
    return await database.pool.fetchrow("SELECT * FROM parked WHERE message_id = $1", message_id)


async def next_at(database, message_id):
    return await database.pool.fetchval(
        "SELECT next_at FROM waiting WHERE message_id = $1", message_id
    )


async def test_it_is_tried_again_after_a_while_and_not_before(database, failing):
    started = datetime.now(UTC)
    [message_id] = await take(database, failing, "one")
    Moods.failing.pop(failing)
    await all_again(database, started + timedelta(seconds=4))
    assert await effects(database, failing) == []
    await all_again(database, started + timedelta(seconds=7))
    assert await effects(database, failing) == ["one"]
    assert await state(database, message_id) == "done"


async def test_later_messages_of_a_subject_wait_behind_the_elder(database, failing):
    [first] = await take(database, failing, "one")
    Moods.failing.pop(failing)
    [second] = await take(database, failing, "two")
    other = uuid4()
    await take(database, failing, "three")
    await take(database, other, "another subject")
    assert await effects(database, failing) == []
    assert await effects(database, other) == ["another subject"]
    assert (await state(database, first), await state(database, second)) == ("waiting", "waiting")
    await all_again(database, datetime.now(UTC) + DAY)
    assert await effects(database, failing) == ["one", "two", "three"]


async def test_what_came_late_and_waited_does_not_undo_what_is_newer(database, failing):
    newer = told.category(category_id=failing, label="newer")
    older = told.category(category_id=failing, label="older")
    for message, sequence in ((newer, 2), (older, 1)):
        delivery = read(body_of(message, sequence=sequence), sent_by="resources", sealer=None)
        await inbox.take(database, [delivery], by_message([note]))
    Moods.failing.pop(failing)
    await all_again(database, datetime.now(UTC) + DAY)
    assert await effects(database, failing) == ["newer"]


async def test_after_eight_tries_it_is_parked_with_its_reason(database, failing):
    [message_id] = await take(database, failing, "one")
    now, pauses = datetime.now(UTC), []
    while (due := await next_at(database, message_id)) is not None:
        pauses.append(round((due - now).total_seconds()))
        now = due
        await again(database, now)
    assert Moods.tries[failing] == 1 + 8, "once with its batch, then eight times alone"
    assert pauses == [5, 30, 120, 600, 1800, 3600, 21600]
    row = await parked(database, message_id)
    assert row["reason"] == "handler_error:ArithmeticError"
    assert row["listener"] == name_of(note)
    assert row["routing_key"] == "resources.CategoryDefined"
    assert await state(database, message_id) == "parked"


async def test_parking_lets_those_behind_go_on(database, failing):
    [elder] = await take(database, failing, "one")
    [behind] = await take(database, failing, "two")
    await database.pool.execute("UPDATE waiting SET attempt = 7 WHERE message_id = $1", elder)
    await again(database, datetime.now(UTC) + DAY)
    Moods.failing.pop(failing)
    await all_again(database, datetime.now(UTC) + DAY)
    assert await state(database, elder) == "parked"
    assert await state(database, behind) == "done"
    assert await effects(database, failing) == ["two"]


async def test_what_refers_to_something_untold_is_tried_for_ten_minutes(database, failing):
    Moods.failing[failing] = UnknownReferenceError()
    started = datetime.now(UTC)
    [message_id] = await take(database, failing, "one")
    await all_again(database, started + timedelta(minutes=9, seconds=50))
    assert await state(database, message_id) == "waiting"
    await all_again(database, started + timedelta(minutes=25))
    row = await parked(database, message_id)
    assert row["reason"] == "unknown_ref"


async def test_what_refers_to_something_told_later_has_its_effect(database, failing):
    Moods.failing[failing] = UnknownReferenceError()
    await take(database, failing, "one")
    Moods.failing.pop(failing)
    await all_again(database, datetime.now(UTC) + timedelta(seconds=10))
    assert await effects(database, failing) == ["one"]


async def test_a_parked_message_let_in_again_gets_eight_more_tries(database, failing):
    [message_id] = await take(database, failing, "one")
    await database.pool.execute("UPDATE waiting SET attempt = 7 WHERE message_id = $1", message_id)
    await again(database, datetime.now(UTC) + DAY)
    parked_id = (await parked(database, message_id))["parked_id"]
    async with transaction(database) as conn:
        assert await readmit(conn, parked_id)
    await again(database, datetime.now(UTC) + timedelta(seconds=1))
    assert await state(database, message_id) == "waiting", "one failure of eight"
    Moods.failing.pop(failing)
    await all_again(database, datetime.now(UTC) + DAY)
    assert await effects(database, failing) == ["one"]
    assert await state(database, message_id) == "done"


async def test_a_listener_unknown_to_this_version_waits_for_one_that_knows(database, failing):
    [message_id] = await take(database, failing, "one")
    Moods.failing.pop(failing)
    await try_again(database, {}, None, now=datetime.now(UTC) + timedelta(seconds=6))
    assert await state(database, message_id) == "waiting"
    await all_again(database, datetime.now(UTC) + DAY)
    assert await effects(database, failing) == ["one"]
