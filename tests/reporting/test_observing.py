"""The numbers of the journal: where it stands, how late it is, and what is missing."""

import asyncio

import telling
from bus import arrived
from pdu_reporting.observing import missing


async def test_a_hole_in_a_sequence_is_a_missing_message_until_it_comes(reporting_database, take):
    attendance = telling.attendance()
    first, second, fourth = (arrived(attendance, sequence=n) for n in (1, 2, 4))
    async with reporting_database.pool.acquire() as conn:
        before = await missing(conn)
        await take(fourth)
        assert await missing(conn) == before + 3
        await take(first)
        assert await missing(conn) == before + 2
        await take(second, first)
        assert await missing(conn) == before + 1
        await take(arrived(attendance, sequence=3))
        assert await missing(conn) == before


async def test_the_metrics_tell_the_position_the_lag_and_what_is_missing(
    reporting_http, reporting_database, take
):
    await take(telling.attendance())
    position = await reporting_database.pool.fetchval("SELECT max(position) FROM journal")
    for _ in range(50):
        metrics = (await reporting_http.get("/metrics")).text
        if f"\npdu_journal_position {float(position)}" in metrics:
            break
        await asyncio.sleep(0.1)
    assert f"\npdu_journal_position {float(position)}" in metrics
    assert "\npdu_projection_lag_seconds " in metrics
    assert "\npdu_journal_missing " in metrics
