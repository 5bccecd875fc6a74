"""Imports that are cut off: what was taken is told, and sending all of it again doubles nothing."""

import asyncio
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from eventually import until
from pdu_shared.identity import derived_id, person_id
from told_history import attendance, event, importer

pytestmark = pytest.mark.bus


@pytest.fixture
def history():
    """A session, and who was there."""
    held = event()
    return held, [attendance(held) for _ in range(600)]


@pytest.fixture
def taking(house, token):
    """Bookings as a process of its own, and how rows get there."""

    @asynccontextmanager
    async def run(**details):
        async with (
            house.process("bookings", **details) as process,
            httpx.AsyncClient(base_url=process.url, timeout=30) as http,
        ):
            yield process, importer(http, token("integration", scope=["import"]))

    return run


async def messages_of(database, house, rows):
    """How many messages there are of each of these attendances."""
    key = house.secrets.person_key.encode()
    subjects = [
        f"attendance/{derived_id('attendance', session_id, person_id(key, row['person_email']))}"
        for row in rows
        for session_id in [derived_id("session", row["event_key"])]
    ]
    found = await database.pool.fetch(
        "SELECT subject, count(*) FROM outbox WHERE subject = ANY ($1) GROUP BY subject", subjects
    )
    return [row["count"] for row in found]


async def test_a_service_killed_amid_an_import_doubles_and_loses_nothing(
    house, taking, bookings_database, history
):
    held, people = history
    answered = 0
    async with taking() as (process, take):
        await take("events", held)

        async def send(part):
            nonlocal answered
            with suppress(httpx.TransportError):
                await take("attendances", *part)
                answered += 1

        async def has_begun():
            return answered > 2

        parts = [people[start : start + 20] for start in range(0, len(people), 20)]
        sending = asyncio.gather(*(send(part) for part in parts))
        await until(has_begun)
        process.process.kill()
        await sending
    assert 0 < answered < len(parts)
    taken = await messages_of(bookings_database, house, people)
    assert len(taken) >= 20 * answered, "what was answered is there"

    async with taking() as (_, take):
        changed, problems = await take("attendances", *people)
        assert (changed, problems) == (len(people) - len(taken), [])
        assert await take("attendances", *people) == (0, [])
    assert await messages_of(bookings_database, house, people) == [1] * len(people)


async def test_what_is_imported_while_the_broker_is_away_is_told_later(
    house, taking, bookings_database, reporting_database, history
):
    held, people = history
    async with taking(broker=False) as (_, take):
        await take("events", held)
        assert (await take("attendances", *people)) == (len(people), [])
    assert len(await messages_of(bookings_database, house, people)) == len(people)

    session_id = derived_id("session", held["event_key"])
    async with house.running("bookings"), house.running("reporting"):
        await until(
            lambda: reporting_database.pool.fetchval(
                "SELECT count(*) = $2 FROM attendance WHERE session_id = $1",
                session_id,
                len(people),
            ),
            within=60,
        )
