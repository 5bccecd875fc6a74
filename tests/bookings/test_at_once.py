"""The short way to a place: two statements, and nothing written when somebody came between."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

import a
from pdu_bookings.place import rows
from pdu_bookings.place.also_told import Also, Needs
from pdu_bookings.place.asking import Ask, AskForPlace, Keys
from pdu_bookings.place.at_once import CameBetweenError, book_at_once
from pdu_bookings.place.hall import lock_halls
from pdu_bookings.place.remembered import REST, Remembered
from pdu_shared.bus import current_thread
from pdu_shared.database import BY_KEY, transaction
from pdu_shared.idempotency import Key
from pdu_shared.sealing import Sealer


@pytest.fixture
def keys(house):
    settings = house.settings("bookings")
    return Keys(b"person", b"link", Sealer(settings.secret("sealing_keys")))


@pytest.fixture
async def event(bookings_http, token):
    sessions = [a.session(capacity=1)]
    published = await a.published_event(bookings_http, token("coordinator"), sessions=sessions)
    return UUID(published["learning_event_id"])


def ask(event, key=None, **said):
    form = AskForPlace.model_validate(a.person(**said))
    named = Key("tests", "a place", key or uuid4().hex, b"hash")
    return Ask(event, form.person(), named, current_thread())


class Between:
    """A connection on which something happens after what was read, and before it is written."""

    def __init__(self, conn, happens):
        self.conn, self.happens = conn, happens

    async def fetch(self, *asked):
        rows = await self.conn.fetch(*asked)
        await self.happens()
        return rows

    async def execute(self, *asked):
        return await self.conn.execute(*asked)


async def bookings_of(database, event):
    return await database.pool.fetchval(
        "SELECT count(*) FROM booking WHERE learning_event_id = $1", event
    )


async def test_a_plain_booking_takes_two_statements(bookings_database, keys, event):
    said, now = [], datetime.now(UTC)
    async with bookings_database.pool.acquire() as conn:
        [first, _] = await book_at_once(
            conn, [ask(event), ask(event)], keys, Remembered(), now=now
        )  # asyncpg learns the types
        with conn.query_logger(lambda told: said.append(told.query)):
            others = await book_at_once(conn, [ask(event), ask(event)], keys, Remembered(), now=now)
    assert len(said) == 2
    assert '"confirmed"' in first.body
    assert [f'"position":{place}' in one.body for place, one in enumerate(others, 2)] == [True] * 2


async def test_nothing_is_written_when_a_hall_was_locked_in_between(bookings_database, keys, event):
    async def somebody_cancels_what_is_empty():
        async with transaction(bookings_database) as other:
            await lock_halls(other, [event])

    async with bookings_database.pool.acquire() as conn:
        between = Between(conn, somebody_cancels_what_is_empty)
        with pytest.raises(CameBetweenError):
            await book_at_once(between, [ask(event)], keys, Remembered(), now=datetime.now(UTC))
    assert await bookings_of(bookings_database, event) == 0


async def test_nothing_is_written_when_the_same_person_booked_in_between(
    bookings_database, keys, event
):
    one = ask(event)

    async def the_same_elsewhere():
        again = Ask(event, one.person, ask(event).key, one.thread)
        async with bookings_database.pool.acquire() as conn:
            assert await book_at_once(conn, [again], keys, Remembered(), now=datetime.now(UTC))

    async with bookings_database.pool.acquire() as conn:
        with pytest.raises(CameBetweenError):
            await book_at_once(
                Between(conn, the_same_elsewhere),
                [one],
                keys,
                Remembered(),
                now=datetime.now(UTC),
            )
    assert await bookings_of(bookings_database, event) == 1


@pytest.mark.parametrize("how", ["two requests in one name", "needs", "an unknown event"])
async def test_what_is_not_plain_goes_the_long_way(bookings_database, keys, event, how):
    asks = {
        "two requests in one name": [ask(event, key="same"), ask(event, key="same")],
        "needs": [replace(ask(event), also=Also(needs=Needs(dietary="Vegan")))],
        "an unknown event": [ask(uuid4())],
    }[how]
    async with bookings_database.pool.acquire() as conn:
        assert await book_at_once(conn, asks, keys, Remembered(), now=datetime.now(UTC)) is None
    assert await bookings_of(bookings_database, event) == 0


@pytest.fixture
async def desk(bookings_database, keys):
    """A desk that remembers, and what it says to the database."""
    remembered, said = Remembered(), []

    async with bookings_database.pool.acquire() as conn:
        # Else asyncpg asks for types on the way: for many at once they are others than for one.
        arrays = ("uuid", "text", "smallint", "int", "bigint", "bytea", "date", "timestamptz")
        places = ", ".join(f"${place}::{one}[]" for place, one in enumerate(arrays, 1))
        await conn.fetch(f"SELECT {places}", *([] for _ in arrays))

        async def give(*asks):
            said.clear()
            with conn.query_logger(lambda told: said.append(told.query)):
                answers = await book_at_once(conn, asks, keys, remembered, now=datetime.now(UTC))
            await asyncio.sleep(0)  # asyncpg tells of a query a moment later
            return answers

        give.said, give.conn = said, conn
        yield give


async def test_who_books_after_others_takes_one_statement(desk, event):
    await desk(ask(event))
    [second] = await desk(ask(event))
    assert len(desk.said) == 1
    assert '"position":1' in second.body
    third, fourth = await desk(ask(event), ask(event))
    assert len(desk.said) == 1
    assert ('"position":2' in third.body, '"position":3' in fourth.body) == (True, True)


async def test_of_several_events_only_those_are_read_that_are_not_remembered(
    bookings_http, token, desk, event
):
    other = await a.published_event(
        bookings_http, token("coordinator"), sessions=[a.session(capacity=1)]
    )
    await desk(ask(event))
    another = UUID(other["learning_event_id"])
    answers = await desk(ask(another), ask(event), ask(another))
    assert len(desk.said) == 2
    received = [one.body.split('"state":"')[1].split('"')[0] for one in answers]
    assert received == ["confirmed", "waitlisted", "waitlisted"]
    await desk(ask(event), ask(another))
    assert len(desk.said) == 1


CHANGES = {
    "a hall was locked": (
        "UPDATE session SET times_locked = times_locked + 1 WHERE learning_event_id = $1",
        ["waitlisted"],
    ),
    "a session has more places": (
        "UPDATE session SET capacity = 9 WHERE learning_event_id = $1",
        ["confirmed"],
    ),
    "a session begins in an hour": (
        """
        UPDATE session SET starts_at = now() + interval '1 hour',
                           ends_at = now() + interval '2 hours' WHERE learning_event_id = $1
        """,
        ["waitlisted"],
    ),
    "each needs a yes": (
        "UPDATE learning_event SET approval = true WHERE learning_event_id = $1",
        ["waitlisted"],
    ),
    "booking is closed": (
        "UPDATE learning_event SET booking_closed_at = now() WHERE learning_event_id = $1",
        [],
    ),
    "it is meant for some": (
        """
        INSERT INTO eligibility (learning_event_id, by_audience, sectors, work_fields, after)
        VALUES ($1, false, '{health}', '{}', '{}')
        """,
        [],
    ),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_what_is_no_longer_so_is_read_again(desk, event, change):
    await desk(ask(event))
    await desk.conn.execute(CHANGES[change][0], event)
    answers = await desk(ask(event))
    assert len(desk.said) > 1
    received = [one.body.split('"state":"')[1].split('"')[0] for one in answers or ()]
    assert received == CHANGES[change][1]


async def test_somebody_who_was_erased_or_merged_is_looked_at_more_closely(desk, keys, event):
    erased, merged = ask(event), ask(event)
    await desk(ask(event))
    await desk.conn.execute(
        "INSERT INTO person_erased (person_id, generation) VALUES ($1, 1)",
        erased.person_id(keys.person),
    )
    assert await desk(erased) is None
    for _ in range(REST):
        await desk(ask(event))
    await desk.conn.execute(
        "INSERT INTO person_alias (merged_id, kept_id) VALUES ($1, $2)",
        merged.person_id(keys.person),
        uuid4(),
    )
    assert await desk(merged) is None


async def test_who_books_twice_has_one_booking_also_where_the_desk_remembers(
    bookings_database, desk, event
):
    one = ask(event)
    await desk(one)
    again = Ask(event, one.person, ask(event).key, one.thread)
    assert await desk(again) is None
    assert await desk(one) is None, "an answer that was kept is given the long way"
    assert await bookings_of(bookings_database, event) == 1


async def test_after_a_mistake_the_desk_reads_for_a_while(desk, event):
    await desk(ask(event))
    await desk.conn.execute(CHANGES["a hall was locked"][0], event)
    for _ in range(REST):
        await desk(ask(event))
        assert len(desk.said) > 1
    await desk(ask(event))
    await desk(ask(event))
    assert len(desk.said) == 1


@pytest.mark.parametrize("people", [1, 2, 3])
async def test_the_statement_that_books_reads_no_table_whole(bookings_database, people):
    """However many events there are: a plan is made once, and a whole table is read each time."""
    text, _ = rows.INSERT.of(*([[None] * people] for _ in range(6)))
    async with bookings_database.pool.acquire() as conn, conn.transaction():
        for name, value in BY_KEY.items():
            await conn.execute("SELECT set_config($1, $2, true)", name, value)
        await conn.execute(f"PREPARE booked_at_once AS {text}")
        nothing = ", ".join("NULL" for _ in set(re.findall(r"\$\d+", text)))
        plan = await conn.fetch(f"EXPLAIN EXECUTE booked_at_once ({nothing})")
        await conn.execute("DEALLOCATE booked_at_once")
    lines = [row[0].strip() for row in plan]
    assert any("Index" in line for line in lines)
    assert not [line for line in lines if "Seq Scan" in line]
