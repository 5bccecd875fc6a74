"""How often one may ask: the share is used up by one, and by nobody else."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

import a
from pdu_shared.limits import Limit, caller_address, count, forget_counts
from pdu_shared.problems import TooMany

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
HOURLY = Limit("test", 4, timedelta(hours=1))
TRUSTED = "127.0.0.0/8,10.0.0.0/8,::1"


@pytest.fixture
def runtime(house, resources_database):
    return SimpleNamespace(settings=house.settings("resources"), database=resources_database)


async def wait_of(runtime, about, now):
    """How long the next one waits; 0 when it need not."""
    try:
        await count(runtime, HOURLY, about, now)
    except TooMany as problem:
        return int(problem.headers["Retry-After"])
    return 0


async def test_the_share_may_be_used_at_once_and_comes_back_bit_by_bit(runtime):
    me = uuid4().hex
    assert [await wait_of(runtime, me, NOON) for _ in range(6)] == [0, 0, 0, 0, 900, 900]
    assert await wait_of(runtime, me, NOON + timedelta(minutes=14)) == 60
    assert await wait_of(runtime, me, NOON + timedelta(minutes=15)) == 0
    assert await wait_of(runtime, me, NOON + timedelta(minutes=15)) == 900
    later = NOON + timedelta(days=1)
    assert [await wait_of(runtime, me, later) for _ in range(5)] == [0, 0, 0, 0, 900]


async def test_one_does_not_use_up_the_share_of_another(runtime):
    first, second = uuid4().hex, uuid4().hex
    for _ in range(5):
        await wait_of(runtime, first, NOON)
    assert await wait_of(runtime, second, NOON) == 0
    other = Limit("other", 1, timedelta(hours=1))
    await count(runtime, other, first, NOON)


async def test_nothing_is_kept_of_who_asked_and_nothing_for_long(runtime):
    me = uuid4().hex
    await wait_of(runtime, me, NOON)
    pool = runtime.database.pool
    assert me not in await pool.fetchval("SELECT string_agg(r::text, ' ') FROM rate_limit AS r")
    async with pool.acquire() as conn:
        assert await forget_counts(conn, NOON + timedelta(days=3)) >= 1


def scope(near, *forwarded):
    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    return {"client": (near, 1) if near else None, "headers": headers}


@pytest.mark.parametrize(
    ("near", "forwarded", "found"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("127.0.0.1", [], None),
        (None, [], None),
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.9", ["1.2.3.4, 198.51.100.1, 10.0.0.8"], "198.51.100.1"),
        ("10.0.0.9", ["1.2.3.4", "198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["nonsense"], None),
        ("127.0.0.1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
    ],
)
def test_only_our_own_machines_are_heard_about_where_somebody_is(near, forwarded, found):
    assert caller_address(scope(near, *forwarded), TRUSTED) == found


async def test_who_asks_for_too_many_letters_waits_and_others_do_not(resources_http):
    def asked_from(address):
        return resources_http.post(
            "/members/codes",
            json={"email": f"person-{uuid4().hex}@example.org"},
            headers={**a.key(), "X-Forwarded-For": address},
        )

    here = f"2001:db8:{uuid4().hex[:4]}::1"
    answers = [await asked_from(here) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [201] * 20 + [429]
    assert int(answers[-1].headers["retry-after"]) > 60
    assert answers[-1].json()["type"] == "/problems/too-many"
    assert (await asked_from(f"2001:db9:{uuid4().hex[:4]}::1")).status_code == 201
