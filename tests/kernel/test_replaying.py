"""A replay that an operator asked for over HTTP: all of it is told, whatever happens meanwhile."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

import a
import told
from pdu_shared import outbox, replaying
from pdu_shared.access import Caller
from pdu_shared.contracts.bookings.place import BookingCancelled, BookingWaitlisted
from pdu_shared.database import transaction
from pdu_shared.replay import BATCH
from pdu_shared.runtime import Runtime
from scratch import scratch

pytestmark = pytest.mark.bus

NOBODY_LISTENS = "amqp://nobody:nothing@127.0.0.1:1/nowhere"


@pytest.fixture(scope="module")
async def place(house):
    async with scratch(house, "bookings") as place:
        await place.hear("notifications", BookingCancelled, BookingWaitlisted)
        yield place


@pytest.fixture
async def runtime(place):
    async with place.database("bookings") as database:
        yield Runtime("bookings", place.settings("bookings"), database)


async def ask(runtime, *names):
    wish = replaying.Wish(to="notifications", messages=list(names))
    async with transaction(runtime.database) as conn:
        await replaying.note_down(conn, wish, Caller().sub, datetime.now(UTC))


async def last(runtime):
    return (await replaying.replays(runtime.database)).items[0]


async def heard(place):
    """How many messages lie in the queue, which is empty afterwards."""
    async with place.channel() as channel:
        queue = await channel.get_queue("notifications.inbox", ensure=False)
        return (await queue.purge()).message_count


async def test_it_is_told_piece_by_piece_and_then_done(runtime, place):
    async with transaction(runtime.database) as conn:
        await outbox.add(conn, *(told.cancelled() for _ in range(BATCH + 1)), told.waitlisted())
    await ask(runtime, "BookingCancelled")
    assert await replaying.go_on(runtime)
    assert ((await last(runtime)).told, (await last(runtime)).done_at) == (BATCH, None)
    while await replaying.go_on(runtime):
        pass
    assert (await last(runtime)).told == BATCH + 1
    assert (await last(runtime)).done_at
    assert await heard(place) == BATCH + 1


async def test_without_a_broker_it_waits_and_goes_on_where_it_was(runtime, place):
    async with transaction(runtime.database) as conn:
        await outbox.add(conn, told.waitlisted())
    await ask(runtime)
    unreached = runtime.settings.model_copy(update={"amqp_url": NOBODY_LISTENS})
    assert await replaying.go_on(Runtime("bookings", unreached, runtime.database))
    waiting = await last(runtime)
    assert waiting.trouble
    assert not waiting.done_at
    assert not await replaying.go_on(runtime), "not before a while"

    def later():
        return datetime.now(UTC) + timedelta(minutes=1)

    while await replaying.go_on(runtime, clock=later):
        pass
    done = await last(runtime)
    assert (done.trouble, await heard(place)) == (None, done.told)


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({"to": "the moon"}, "/to"),
        ({"to": "reporting", "messages": ["EventBooked", "MemberRegistered"]}, "/messages/1"),
        ({}, "/to"),
    ],
)
async def test_what_there_is_not_is_refused_with_what_there_is(bookings_http, token, wish, pointer):
    answer = await bookings_http.post(
        "/replays", json=wish, headers={**token("operator"), **a.key()}
    )
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_asked_twice_with_one_key_it_is_one_replay(bookings_http, token):
    headers = {**token("operator", sub=uuid4()), **a.key()}
    wish = {"to": "reporting", "messages": ["SeriesDefined"]}
    first, second = [await bookings_http.post("/replays", json=wish, headers=headers) for _ in "ab"]
    assert (first.status_code, first.json()) == (202, second.json())
    shown = (await bookings_http.get("/replays", headers=headers)).json()["items"]
    assert [one["replay_id"] for one in shown].count(first.json()["replay_id"]) == 1
