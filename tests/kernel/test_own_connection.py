"""The connection of a writer: kept while it is good, and never used again after it failed."""

import asyncio

import asyncpg
import pytest

from pdu_shared import own_connection
from pdu_shared.database import UNAVAILABLE
from pdu_shared.own_connection import OwnConnection

BACKEND = "SELECT pg_backend_pid()"


@pytest.fixture
async def own(house):
    """One to the database of bookings."""
    it = OwnConnection(house.settings("bookings").database_dsn(), application="tests")
    yield it
    await it.close()


async def backend(own):
    async with own.held() as conn:
        return await conn.fetchval(BACKEND)


async def test_one_connection_serves_for_all_and_finds_rows_by_their_keys(own):
    assert await backend(own) == await backend(own)
    async with own.held() as conn:
        assert await conn.fetchval("SHOW enable_seqscan") == "off"
        assert await conn.fetchval("SHOW plan_cache_mode") == "force_generic_plan"


async def test_what_was_left_open_by_a_failure_is_gone_and_the_next_one_starts_anew(own):
    async def fail():
        async with own.held() as conn:
            await conn.execute("BEGIN")
            await conn.execute("SELECT FROM nothing_of_this_name")

    before = await backend(own)
    with pytest.raises(asyncpg.UndefinedTableError):
        await fail()
    async with own.held() as conn:
        assert await conn.fetchval(BACKEND) != before
        assert not conn.is_in_transaction()


async def test_a_connection_that_the_server_cut_is_made_anew(own, house):
    before = await backend(own)
    admin = await asyncpg.connect(house.servers.database_url)
    try:
        await admin.execute("SELECT pg_terminate_backend($1, 5000)", before)
    finally:
        await admin.close()
    # It may be heard of only when it is used: that use fails, and no other.
    found = [one for one in (await asked(own), await asked(own)) if one]
    assert found
    assert before not in found


async def asked(own):
    try:
        return await backend(own)
    except UNAVAILABLE:
        return None


async def test_one_that_rested_for_long_is_not_trusted(own, monkeypatch):
    before = await backend(own)
    monkeypatch.setattr(own_connection, "LONGEST_PAUSE", -1.0)
    assert await backend(own) != before


async def test_whoever_is_stopped_in_the_middle_leaves_no_statement_behind(own):
    async def wait():
        async with own.held() as conn:
            began.set_result(await conn.fetchval(BACKEND))
            await conn.execute("SELECT pg_sleep(30)")

    began = asyncio.get_running_loop().create_future()
    waiting = asyncio.create_task(wait())
    before = await began
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with asyncio.timeout(10):
        assert await backend(own) != before
