"""The inbox: every listener deals with every message once, in any order and number."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import told
from bus import body_of
from pdu_shared import inbox, outbox
from pdu_shared.contracts.resources.vocabulary import CategoryDefined
from pdu_shared.identity import uuid7
from pdu_shared.listening import by_message, name_of
from pdu_shared.reading import read
from pdu_shared.waiting import try_again
from scratch import scratch

EFFECTS = """
    CREATE TABLE effect (code text NOT NULL, label text NOT NULL);
    CREATE TABLE newest (category_id uuid PRIMARY KEY, label text NOT NULL);
    CREATE TABLE broken (category_id uuid PRIMARY KEY);
    """


async def fail_if_broken(conn, message):
    if await conn.fetchval("SELECT true FROM broken WHERE category_id = $1", message.category_id):
        raise ArithmeticError


async def note(conn, message: CategoryDefined):
    """Has one effect each time that it is called; fails for what a test has broken."""
    await fail_if_broken(conn, message)
    await conn.execute(
        "INSERT INTO effect (code, label) VALUES ($1, $2)", message.code, message.label
    )


async def keep_newest(conn, message: CategoryDefined):
    """Trusts the inbox for the order."""
    await fail_if_broken(conn, message)
    await conn.execute(
        """
        INSERT INTO newest (category_id, label) VALUES ($1, $2)
            ON CONFLICT (category_id) DO UPDATE SET label = excluded.label
        """,
        message.category_id,
        message.label,
    )


LISTENERS = [note, keep_newest]


@pytest.fixture(scope="module")
async def place(house):
    async with scratch(house, "bookings", extra=EFFECTS) as place:
        yield place


@pytest.fixture(scope="module")
async def database(place):
    async with place.database("bookings") as database:
        yield database


def arrived(message, **details):
    return read(body_of(message, **details), sent_by="resources", sealer=None)


async def take(database, *batch):
    await inbox.take(database, batch, by_message(LISTENERS))


async def effects(database, message):
    return await database.pool.fetchval("SELECT count(*) FROM effect WHERE code = $1", message.code)


async def states(database, *deliveries, listener=note):
    rows = await database.pool.fetch(
        "SELECT message_id, state FROM inbox WHERE listener = $1", name_of(listener)
    )
    known = {row["message_id"]: row["state"] for row in rows}
    return [known.get(one.envelope.id) for one in deliveries]


async def parked_reasons(database, delivery):
    rows = await database.pool.fetch(
        "SELECT reason FROM parked WHERE message_id = $1", delivery.envelope.id
    )
    return [row["reason"] for row in rows]


async def breaks(database, message):
    await database.pool.execute(
        "INSERT INTO broken VALUES ($1) ON CONFLICT DO NOTHING", message.category_id
    )


async def mend(database, message):
    await database.pool.execute("DELETE FROM broken WHERE category_id = $1", message.category_id)


async def try_all_again(database, now):
    by_name = {name_of(listener): listener for listener in LISTENERS}
    while await try_again(database, by_name, None, now=now):
        pass


async def test_ten_deliveries_have_one_effect(database):
    message = told.category()
    delivery = arrived(message)
    await take(database, delivery, delivery, delivery)
    for _ in range(5):
        await take(database, delivery)
    await take(database, delivery, delivery)
    assert await effects(database, message) == 1
    assert await parked_reasons(database, delivery) == []


async def test_deliveries_to_three_consumers_at_once_have_one_effect(database):
    message = told.category()
    delivery = arrived(message)
    await asyncio.gather(*(take(database, delivery) for _ in range(3)))
    assert await effects(database, message) == 1


@pytest.mark.parametrize("together", [True, False])
async def test_another_body_under_a_known_id_is_parked(database, together):
    message_id = uuid7()
    first, forged = told.category(), told.category()
    one = arrived(first, message_id=message_id)
    other = arrived(forged, message_id=message_id)
    if together:
        await take(database, one, other)
    else:
        await take(database, one)
        await take(database, other)
    assert await effects(database, first) == 1
    assert await effects(database, forged) == 0
    assert set(await parked_reasons(database, one)) == {"id_conflict"}


@pytest.mark.parametrize("together", [True, False])
async def test_an_older_message_of_a_subject_is_stale(database, together):
    category_id = uuid4()
    older, newer = (told.category(category_id=category_id) for _ in range(2))
    late, early = arrived(older, sequence=1), arrived(newer, sequence=2)
    if together:
        await take(database, early, late)
    else:
        await take(database, early)
        await take(database, late)
    assert await effects(database, newer) == 1
    assert await effects(database, older) == 0
    assert await states(database, early, late) == ["done", "stale"]


async def test_nobody_waits_for_a_gap(database):
    message = told.category()
    await take(database, arrived(message, sequence=7))
    assert await effects(database, message) == 1


async def test_a_message_that_fails_waits_while_its_neighbours_pass(database):
    before, failing, after = told.category(), told.category(), told.category()
    await breaks(database, failing)
    deliveries = [arrived(one) for one in (before, failing, after)]
    await take(database, *deliveries)
    assert await states(database, *deliveries) == ["done", "waiting", "done"]
    assert [await effects(database, one) for one in (before, failing, after)] == [1, 0, 1]


async def test_a_failing_listener_leaves_the_others_alone(database):
    async def fail(_conn, _message: CategoryDefined):
        raise ArithmeticError

    delivery = arrived(told.category())
    await inbox.take(database, [delivery], by_message([fail, note]))
    assert await states(database, delivery, listener=fail) == ["waiting"]
    assert await states(database, delivery) == ["done"]


async def test_a_duplicate_of_what_waits_does_not_wait_twice(database):
    message = told.category()
    await breaks(database, message)
    delivery = arrived(message)
    for _ in range(3):
        await take(database, delivery)
    waiting = await database.pool.fetchval(
        "SELECT count(*) FROM waiting WHERE message_id = $1 AND listener = $2",
        delivery.envelope.id,
        name_of(note),
    )
    assert waiting == 1


async def test_a_failure_undoes_what_the_listener_had_done(database):
    async def half(conn, message: CategoryDefined):
        await conn.execute("INSERT INTO effect VALUES ($1, 'half')", message.code)
        raise ArithmeticError

    message = told.category()
    delivery = arrived(message)
    await inbox.take(database, [delivery], by_message([half]))
    assert await effects(database, message) == 0
    assert await states(database, delivery, listener=half) == ["waiting"]


async def test_a_message_for_nobody_here_leaves_nothing(database):
    delivery = read(body_of(told.cancelled()), sent_by="bookings", sealer=None)
    await take(database, delivery)
    assert await states(database, delivery) == [None]
    assert await parked_reasons(database, delivery) == []


async def test_what_a_listener_promises_belongs_to_the_thread_of_its_cause(database):
    effect = told.cancelled()

    async def answer(conn, _message: CategoryDefined):
        await outbox.add(conn, effect)

    cause = arrived(told.category())
    await inbox.take(database, [cause], by_message([answer]))
    body = await database.pool.fetchval(
        "SELECT body::jsonb FROM outbox WHERE subject = $1", effect.subject
    )
    assert f'"causationid": "{cause.envelope.id}"' in body
    assert f'"correlationid": "{cause.envelope.correlationid}"' in body


happenings = st.lists(
    st.one_of(
        # A batch: messages of three subjects, numbered 1 to 6, as often as it likes.
        st.lists(st.tuples(st.integers(0, 2), st.integers(1, 6)), min_size=1, max_size=8),
        st.sampled_from(["break", "mend", "retry"]),
    ),
    min_size=1,
    max_size=10,
)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(happenings=happenings)
async def test_any_order_and_number_of_deliveries_end_in_the_same_state(database, happenings):
    subjects = [uuid4() for _ in range(3)]
    bodies = {
        (subject, number): body_of(
            told.category(category_id=subjects[subject], label=str(number)), sequence=number
        )
        for subject in range(3)
        for number in range(1, 7)
    }
    now = datetime.now(UTC) + timedelta(minutes=1)
    newest: dict[int, int] = {}
    for happening in happenings:
        match happening:
            case "break":
                await breaks(database, told.category(category_id=subjects[0]))
            case "mend":
                await mend(database, told.category(category_id=subjects[0]))
            case "retry":
                await try_all_again(database, now)
            case batch:
                await take(
                    database,
                    *(read(bodies[one], sent_by="resources", sealer=None) for one in batch),
                )
                for subject, number in batch:
                    newest[subject] = max(newest.get(subject, 0), number)
    await mend(database, told.category(category_id=subjects[0]))
    await try_all_again(database, now + timedelta(hours=1))
    rows = await database.pool.fetch(
        "SELECT category_id, label FROM newest WHERE category_id = ANY ($1)", subjects
    )
    assert {subjects.index(row["category_id"]): int(row["label"]) for row in rows} == newest
