"""What each service keeps about people: it can be copied, forgotten, and forgotten again."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from house import service
from pdu_shared import outbox
from pdu_shared.contracts.message import MAX_BYTES
from pdu_shared.database import transaction
from pdu_shared.erasing import erase
from pdu_shared.gathering import gathered, in_parts
from pdu_shared.identity import person_id
from pdu_shared.persons import persons_of
from pdu_shared.retention import Retention, apply
from pdu_shared.sealing import Sealer, new_key

SERVICES = ("bookings", "notifications", "reporting", "resources")
KEY = b"pdu-test-key"


def now():
    return datetime.now(UTC)


@pytest.mark.parametrize("name", SERVICES)
async def test_of_somebody_unknown_nothing_is_kept_and_nothing_forgotten(house, name):
    nobody, holdings = [uuid4(), uuid4()], service(name).holdings
    assert holdings
    async with house.database(name) as database, transaction(database) as conn:
        told = json.loads(await gathered(conn, name, holdings, nobody, now=now()))
        assert (told["service"], told["holdings"]) == (name, [])
        for _ in range(2):
            assert await erase(conn, holdings, nobody, sealer=None, now=now()) == 0


@pytest.mark.parametrize("name", SERVICES)
async def test_every_line_of_the_schedule_can_be_executed_and_is_written_down(house, name):
    schedule = service(name).whole_schedule
    async with house.database(name) as database, transaction(database) as conn:
        for line in schedule:
            await apply(conn, name, line, now=now())
        rows = await conn.fetch("SELECT data_class, runs FROM retention_run")
    assert {one.data_class for one in schedule} <= {row["data_class"] for row in rows}
    assert len({one.data_class for one in schedule}) == len(schedule)


async def test_what_was_deleted_is_counted_by_the_day_and_told(house):
    async def two_rows(_conn, _now):
        return 2

    line = Retention(
        data_class=f"tests.{uuid4().hex[:8]}",
        keeps="Nothing",
        kept_for=timedelta(days=7),
        counted_from="now",
        apply=two_rows,
    )
    async with house.database("resources") as database:
        for _ in range(2):
            async with transaction(database) as conn:
                await apply(conn, "resources", line, now=now())
        row = await database.pool.fetchrow(
            "SELECT runs, deleted FROM retention_run WHERE data_class = $1", line.data_class
        )
        told = await database.pool.fetchval(
            "SELECT count(*) FROM outbox WHERE body LIKE $1", f'%"{line.data_class}"%'
        )
    assert (row["runs"], row["deleted"], told) == (2, 4, 2)


async def test_the_schedule_and_its_runs_are_for_the_data_protection_lead(resources_http, token):
    answer = await resources_http.get("/retention", headers=token("data_protection_lead"))
    assert {line["data_class"] for line in answer.json()["schedule"]} >= {"idempotency"}
    assert (await resources_http.get("/retention", headers=token("member"))).status_code == 403


async def test_after_each_erasure_an_address_is_somebody_new(bookings_database):
    address = f"{uuid4().hex}@example.org"
    known = []
    async with transaction(bookings_database) as conn:
        for generation in range(4):
            [person, other] = await persons_of(conn, KEY, [address, "alan@example.org"])
            known.append(person)
            assert person == person_id(KEY, address, generation)
            assert other == person_id(KEY, "alan@example.org")
            await erase(conn, (), [person], sealer=None, now=now())
    assert len(set(known)) == 4


async def test_what_is_long_travels_in_parts_that_the_broker_carries():
    sealer = Sealer(json.dumps({"keys": [new_key("resources")]}))
    content = json.dumps({"said": "Zoë 😀" * 20_000}, ensure_ascii=False)
    promises = in_parts("bookings", uuid4(), uuid4(), content, sealer)
    assert len(promises) > 1
    assert all(
        len(outbox.opened(one, uuid4(), now()).encode()) < MAX_BYTES - 32 for one in promises
    )
    opened = [json.loads(sealer.unseal(one.sealed)) for one in promises]
    assert "".join(one["content"] for one in opened) == content
    assert [(one["part"], one["parts"]) for one in opened] == [
        (number, len(promises)) for number in range(1, len(promises) + 1)
    ]
