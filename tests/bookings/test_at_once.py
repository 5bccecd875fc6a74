"""The short way to a place: two statements, and nothing written when somebody came between."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

import a
from pdu_bookings.place.also_told import Also, Needs
from pdu_bookings.place.asking import Ask, AskForPlace, Keys
from pdu_bookings.place.at_once import CameBetweenError, book_at_once
from pdu_bookings.place.hall import lock_halls
from pdu_shared.bus import current_thread
from pdu_shared.database import transaction
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
        [first] = await book_at_once(conn, [ask(event)], keys, now=now)  # asyncpg learns the types
        with conn.query_logger(lambda told: said.append(told.query)):
            others = await book_at_once(conn, [ask(event), ask(event)], keys, now=now)
    assert len(said) == 2
    assert '"confirmed"' in first.body
    assert [f'"position":{place}' in one.body for place, one in enumerate(others, 1)] == [True] * 2


async def test_nothing_is_written_when_a_hall_was_locked_in_between(bookings_database, keys, event):
    async def somebody_cancels_what_is_empty():
        async with transaction(bookings_database) as other:
            await lock_halls(other, [event])

    async with bookings_database.pool.acquire() as conn:
        between = Between(conn, somebody_cancels_what_is_empty)
        with pytest.raises(CameBetweenError):
            await book_at_once(between, [ask(event)], keys, now=datetime.now(UTC))
    assert await bookings_of(bookings_database, event) == 0


async def test_nothing_is_written_when_the_same_person_booked_in_between(
    bookings_database, keys, event
):
    one = ask(event)

    async def the_same_elsewhere():
        again = Ask(event, one.person, ask(event).key, one.thread)
        async with bookings_database.pool.acquire() as conn:
            assert await book_at_once(conn, [again], keys, now=datetime.now(UTC))

    async with bookings_database.pool.acquire() as conn:
        with pytest.raises(CameBetweenError):
            await book_at_once(
                Between(conn, the_same_elsewhere), [one], keys, now=datetime.now(UTC)
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
        assert await book_at_once(conn, asks, keys, now=datetime.now(UTC)) is None
    assert await bookings_of(bookings_database, event) == 0
