"""Who tests the tests: without a safeguard, the promise that it keeps is seen to break.

Each test takes one safeguard out of a copy of the code or out of a scratch database, and expects
the checks of the named test to fail.
"""

from contextlib import asynccontextmanager
from uuid import uuid4

import pytest

import a
import told
from bus import body_of
from crashing import crash_taking, publish, wrong_effects, zygote
from halls import asks, at_once, broken_promises
from mutants import without
from pdu_shared import outbox
from pdu_shared.access import Caller, Role
from pdu_shared.contracts.resources.vocabulary import CategoryDefined
from pdu_shared.database import transaction
from pdu_shared.sealing import Sealer
from pdu_shared.tokens import mint
from processes import serving
from scratch import scratch
from zygote import TABLES

pytestmark = pytest.mark.bus

BEFORE_TAKING = """\
        pause = 0.1
        while batch:
            try:
                await self.take"""
TOGETHER = """\
        async with transaction(database) as conn:
            for errand in await _admit(conn, batch, listeners):
                await _run(conn, errand)
"""
APART = """\
        async with transaction(database) as conn:
            errands = await _admit(conn, batch, listeners)
        async with transaction(database) as conn:
            for errand in errands:
                await _run(conn, errand)
"""


@pytest.fixture
async def place(house):
    async with scratch(house, "bookings", extra=TABLES) as place:
        await place.hear("bookings", CategoryDefined)
        yield place


@pytest.fixture
async def database(place):
    async with place.database("bookings") as database:
        yield database


@asynccontextmanager
async def forks_without(tmp_path, *safeguard):
    async with zygote(tmp_path, code=without(tmp_path / "code", *safeguard)) as forks:
        yield forks


async def test_without_a_look_whether_somebody_came_between_promises_are_broken(
    house, place, tmp_path
):
    """Of test_never_oversold.py: test_a_rush_fills_a_hall_exactly_and_the_others_wait_in_order."""
    safeguard = "CASE WHEN session.times_locked = change.times_locked"
    code = without(tmp_path, "pdu_bookings/place/rows.py", safeguard, "CASE WHEN true")
    async with place.owner("bookings") as owner:
        await owner.execute("ALTER TABLE session DROP CONSTRAINT session_is_never_oversold")
    settings, log = place.settings("bookings"), tmp_path / "log"
    wrong: list[str] = []
    seen: list[str] = []
    async with (
        serving("bookings", settings, log, code=code) as one,
        serving("bookings", settings, log, code=code) as other,
        place.owner("bookings") as conn,
    ):
        for _ in range(5):
            event = await a.published_event(
                one, house.authorised(Role.COORDINATOR), sessions=[a.session(capacity=10)]
            )
            people = [f"{uuid4().hex}@example.org" for _ in range(60)]
            await at_once(60, asks([one, other], event, people))
            wrong += await broken_promises(conn, event)
            seen = [one for one in wrong if "oversold" in one or "position" in one]
            if seen:
                break
    assert seen, wrong


async def test_without_the_unique_key_a_message_has_two_effects(place, database, tmp_path):
    """Of test_inbox.py: test_ten_deliveries_have_one_effect."""
    async with place.owner("bookings") as owner:
        await owner.execute("ALTER TABLE inbox DROP CONSTRAINT inbox_pkey")
    message = told.category()
    where = {"database": place.database_url("bookings_app")}
    safeguard = "            ON CONFLICT (message_id, listener) DO NOTHING\n"
    async with forks_without(tmp_path, "pdu_shared/inbox.py", safeguard) as forks:
        await forks.live("take", bodies=[body_of(message).decode()], times=10, **where)
    assert await wrong_effects(database, [message.code]) == {message.code: 10}


async def test_acknowledged_before_the_commit_a_message_is_lost(place, database, tmp_path):
    """Of test_crashes.py: test_a_consumer_killed_at_any_await_has_one_effect."""
    change = (
        "pdu_shared/consumer.py",
        BEFORE_TAKING,
        "        for delivery in batch:\n            await delivery.raw.ack()\n" + BEFORE_TAKING,
    )
    codes = []
    async with forks_without(tmp_path, *change) as forks:
        where = {
            "database": place.database_url("bookings_app"),
            "amqp": place.amqp_url("bookings"),
        }
        lost = await lost_messages(place, database, forks, where, codes)
    assert lost, f"nothing was lost of {len(codes)}"


async def lost_messages(place, database, forks, where, codes):
    """Crash with a new message each time; those without effect once the queue is empty."""
    for fatal in range(3, 30, 3):
        message = told.category()
        codes.append(message.code)
        await publish(place, body_of(message))
        await forks.live("consume", fatal, codes=[message.code], **where)
    last = told.category()
    await publish(place, body_of(last))
    await forks.live("consume", codes=[last.code], **where)
    return await wrong_effects(database, codes)


async def test_with_the_inbox_row_in_its_own_transaction_a_message_is_lost(
    place, database, tmp_path
):
    """Of test_crashes.py: test_taking_killed_at_any_await_has_one_effect."""
    change = (
        "pdu_shared/inbox.py",
        TOGETHER,
        APART,
    )
    async with forks_without(tmp_path, *change) as forks:
        codes = await crash_taking(place, database, forks, step=2)
    assert 0 in (await wrong_effects(database, codes)).values()


async def test_without_confirms_a_message_that_nobody_took_counts_as_published(
    house, place, database, tmp_path
):
    """Of test_relay.py: test_a_message_that_nobody_takes_rests_and_holds_up_nobody."""
    change = (
        "pdu_shared/publishing.py",
        "confirm.error if confirm.came else unheard",
        "None if confirm.came else unheard",
    )
    sealer = Sealer(house.secrets.sealing_keys("bookings"))
    async with transaction(database) as conn:
        await outbox.add(conn, outbox.sealed(told.link_issued(), sealer))
    async with forks_without(tmp_path, *change) as forks:
        await forks.live(
            "relay",
            database=place.database_url("bookings_app"),
            amqp=place.amqp_url("bookings"),
        )
    row = await database.pool.fetchrow("SELECT published_at, body FROM outbox")
    assert row["published_at"] is not None
    assert row["body"] == "", "and what it said is gone for ever"


async def test_without_the_audience_check_a_token_for_another_service_opens_the_door(
    house, place, tmp_path, bookings_http
):
    """Of test_tokens.py: the token of another audience is refused."""
    caller = Caller(sub=uuid4(), client_id="tests", roles=frozenset([Role.COORDINATOR]))
    token = mint(house.secrets.issuer, caller, audiences=["pdu-reporting"])
    headers = {"Authorization": f"Bearer {token}", **a.key()}

    async def announce(http):
        return (
            await http.post("/learning-events", json=a.learning_event(), headers=headers)
        ).status_code

    code = without(
        tmp_path,
        "pdu_shared/tokens.py",
        '            "aud": {"essential": True, "value": audience},\n',
    )
    assert await announce(bookings_http) == 401
    async with serving("bookings", place.settings("bookings"), tmp_path / "log", code=code) as http:
        assert await announce(http) == 201
