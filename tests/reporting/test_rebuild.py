"""Projections made anew from the journal: always equal to those kept, and read meanwhile."""

import asyncio
from dataclasses import replace

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import telling
from bus import arrived
from heard_history import history
from pdu_reporting import journal
from pdu_reporting.checking import check
from pdu_reporting.projection import fold
from pdu_reporting.projections import PROJECTIONS
from pdu_reporting.rebuild import BusyError, alone, make_what_is_new, rebuild
from pdu_shared.database import open_database, transaction
from spare import a_spare

NAMES = [projection.name for projection in PROJECTIONS]
NEWER = "kept.sequence < excluded.sequence"
HEARD = {message for projection in PROJECTIONS for message in projection.hears}


async def contents(conn, schema="public"):
    """Every row of every projection."""
    found = {}
    for name in NAMES:
        rows = await conn.fetch(f"SELECT t::text FROM {schema}.{name} AS t ORDER BY 1")  # noqa: S608
        found[name] = [row["t"] for row in rows]
    return found


def test_the_history_told_here_has_every_message_that_a_projection_hears():
    assert {type(one.message) for one in history()} == HEARD


async def folded_in_pieces(conn, edges, order):
    """Every projection, from pieces of the journal in any order, some of them several times."""
    await conn.execute("SET LOCAL search_path = rebuilding, public")
    for projection in PROJECTIONS:
        await conn.execute(projection.table)
        for place in order:
            await fold(conn, [projection], first=edges[place] + 1, last=edges[place + 1])
    return await contents(conn, "rebuilding")


def pieces(length):
    """Where to cut what was told last, and an order in which each piece comes at least once."""
    cuts = st.lists(st.integers(0, length), max_size=6).map(sorted)

    def orders(found):
        places = list(range(len(found) + 2))  # the first is all that was there before
        more = st.lists(st.sampled_from(places), max_size=4)
        return st.tuples(st.just(found), more.flatmap(lambda some: st.permutations(places + some)))

    return cuts.flatmap(orders)


HELD = {
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


@given(data=st.data())
@settings(max_examples=4, derandomize=True, **HELD)
async def test_rebuilt_equals_kept_whatever_the_order_the_repeats_and_the_batches(
    owner, take, data
):
    await _rebuilt_equals_kept(owner, take, data)


@pytest.mark.campaign
@given(data=st.data())
@settings(max_examples=100, **HELD)
async def test_rebuilt_equals_kept_for_long(owner, take, data):
    await _rebuilt_equals_kept(owner, take, data)


async def _rebuilt_equals_kept(owner, take, data):
    messages = history()
    order = st.lists(st.sampled_from(messages), max_size=30).map(lambda more: [*messages, *more])
    left = data.draw(order.flatmap(st.permutations), label="order")
    start = await owner.pool.fetchval("SELECT coalesce(max(position), 0) FROM journal")
    while left:
        size = data.draw(st.integers(1, len(left)), label="batch")
        await take(*left[:size])
        left = left[size:]
    kept = await contents(owner.pool)
    newest = {one.envelope.subject: int(one.envelope.sequence) for one in messages}
    attendance = next(one for one in messages if one.envelope.subject.startswith("attendance/"))
    row = await owner.pool.fetchrow(
        "SELECT sequence, state FROM attendance WHERE 'attendance/' || attendance_id = $1",
        attendance.envelope.subject,
    )
    assert tuple(row) == (newest[attendance.envelope.subject], "partial")
    end = await owner.pool.fetchval("SELECT max(position) FROM journal")
    cuts, places = data.draw(pieces(len(messages)), label="pieces")
    edges = [0, start, *(start + cut for cut in cuts), end]
    async with owner.pool.acquire() as conn:
        anew = conn.transaction()
        await anew.start()
        assert await folded_in_pieces(conn, edges, places) == kept
        await anew.rollback()
    await rebuild(owner, NAMES)
    assert await contents(owner.pool) == kept


NEWER_WINS = [one for one in PROJECTIONS if NEWER in one.fold]


async def folded_backwards(conn, projection):
    """A projection from the journal's messages one by one, the last one first."""
    await conn.execute("SET LOCAL search_path = rebuilding, public")
    await conn.execute(projection.table)
    rows = await conn.fetch(
        "SELECT position FROM journal WHERE routing_key = ANY ($1) ORDER BY position DESC",
        projection.routing_keys,
    )
    for row in rows:
        await fold(conn, [projection], first=row["position"], last=row["position"])
    return await conn.fetch(f"SELECT t::text FROM rebuilding.{projection.name} AS t ORDER BY 1")  # noqa: S608 - the name is ours


@pytest.fixture(scope="module")
async def alone_with_history(house):
    """Reporting with nothing in it but the history told here, and all of it told anew later."""
    async with (
        a_spare(house, "reporting") as url,
        open_database(url, application="tests") as database,
    ):
        first = history()
        await journal.take(database, [*first, *(arrived(one.message) for one in first)])
        role = house.database_url("reporting_owner", url.rpartition("/")[2])
        async with open_database(role, application="tests") as owner:
            yield owner


@pytest.mark.parametrize("projection", NEWER_WINS, ids=lambda one: one.name)
async def test_backwards_gives_the_same_and_without_newer_wins_it_would_be_noticed(
    alone_with_history, projection
):
    """The second half is the proof that the first one could fail."""
    careless = replace(projection, fold=projection.fold.replace(NEWER, "true"))
    async with alone_with_history.pool.acquire() as conn:
        kept = await conn.fetch(f"SELECT t::text FROM {projection.name} AS t ORDER BY 1")  # noqa: S608 - the name is ours
        for one, same in ((projection, True), (careless, False)):
            anew = conn.transaction()
            await anew.start()
            assert (await folded_backwards(conn, one) == kept) is same
            await anew.rollback()


async def test_a_check_says_equal_and_changes_nothing(owner, take):
    await take(*history())
    before = await contents(owner.pool)
    compared = await check(owner, [])
    assert [one.name for one in compared] == NAMES
    assert [one.name for one in compared if not one.equal] == []
    assert await contents(owner.pool) == before
    left = "SELECT count(*) FROM pg_tables WHERE schemaname = 'rebuilding'"
    assert await owner.pool.fetchval(left) == 0


async def test_a_check_finds_a_single_row_that_is_not_what_the_journal_says(owner, take, counted):
    attendance = telling.attendance()
    await take(attendance)
    await counted()
    change = "UPDATE attendance SET state = $2 WHERE attendance_id = $1"
    await owner.pool.execute(change, attendance.attendance_id, "absent_no_show")
    compared = await check(owner, ["attendance", "subject"])
    assert [(one.name, one.equal) for one in compared] == [("attendance", False), ("subject", True)]
    await owner.pool.execute(change, attendance.attendance_id, "present")
    assert [one.equal for one in await check(owner, ["attendance"])] == [True]


async def test_messages_are_taken_while_it_is_checked(owner, take):
    done = asyncio.Event()

    async def go_on_taking():
        while not done.is_set():
            await take(*(telling.attendance() for _ in range(5)))

    taking = asyncio.create_task(go_on_taking())
    for _ in range(5):
        assert [one.equal for one in await check(owner, ["attendance", "subject"])] == [True, True]
    done.set()
    await taking


async def test_one_rebuild_at_a_time(owner):
    async with alone(owner):
        with pytest.raises(BusyError):
            await rebuild(owner, ["member"])
    await rebuild(owner, ["member"])


async def test_what_a_killed_rebuild_left_is_no_hindrance(owner, take):
    await take(telling.member())
    await owner.pool.execute("CREATE TABLE rebuilding.member (left_behind boolean)")
    kept = await contents(owner.pool)
    await rebuild(owner, ["member"])
    assert await contents(owner.pool) == kept


async def test_the_rights_of_the_running_service_are_not_enough(reporting_database):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await rebuild(reporting_database, ["member"])


async def test_figures_are_answered_while_projections_are_made_anew(owner, take, figure):
    year = telling.project_year()
    await take(year, *(telling.attendance(held_on=year.starts_on) for _ in range(50)))
    done = asyncio.Event()
    answers = []

    async def ask():
        while not done.is_set():
            answers.append(await figure("attendances", project_year=year.code))

    asking = [asyncio.create_task(ask()) for _ in range(3)]
    for _ in range(10):
        await rebuild(owner, ["attendance", "project_year"])
    done.set()
    await asyncio.gather(*asking)
    assert len(answers) > 10
    assert all(answer == [{"value": 50}] for answer in answers)


async def test_messages_are_taken_while_projections_are_made_anew(owner, take, figure):
    year = telling.project_year()
    await take(year)
    done = asyncio.Event()
    taken = 0

    async def go_on_taking():
        nonlocal taken
        while not done.is_set():
            await take(*(telling.attendance(held_on=year.starts_on) for _ in range(5)))
            taken += 5

    taking = asyncio.create_task(go_on_taking())
    for _ in range(10):
        await rebuild(owner, ["attendance"])
    done.set()
    await taking
    assert taken > 10
    assert await figure("attendances", project_year=year.code) == [{"value": taken}]


async def test_migrate_makes_a_projection_whose_definition_has_changed(owner, take):
    await take(telling.member())
    kept = await contents(owner.pool)
    await owner.pool.execute("UPDATE projection SET definition = 'older' WHERE name = 'member'")
    await owner.pool.execute("TRUNCATE member")
    async with transaction(owner) as conn:
        await make_what_is_new(conn)
    assert await contents(owner.pool) == kept
    made = await owner.pool.fetch("SELECT name FROM projection ORDER BY name")
    assert [row["name"] for row in made] == NAMES


async def test_the_running_service_may_work_with_a_rebuilt_table(owner, take):
    await rebuild(owner, ["attendance"])
    await take(telling.attendance())  # with run-time rights


async def test_a_name_that_no_projection_has_is_refused(owner):
    with pytest.raises(KeyError):
        await rebuild(owner, ["reservation"])
