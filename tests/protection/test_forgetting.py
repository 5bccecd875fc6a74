"""Forgetting goes on until it is done, also of what was on its way."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

import told
from bus import arrived, deliver
from house import service
from pdu_shared.contracts import MESSAGES
from pdu_shared.contracts.resources.protection import ErasureRequested
from pdu_shared.database import open_database, transaction
from pdu_shared.erasing import erase, erased_lately
from pdu_shared.holding import Holding
from pdu_shared.parking import park
from pdu_shared.protection import do_next, note
from pdu_shared.reading import Flaw
from pdu_shared.runtime import Runtime
from pdu_shared.sealing import Sealer
from pdu_shared.waiting import wait_for_another_try
from spare import a_spare


def now():
    return datetime.now(UTC)


@pytest.fixture(scope="module")
async def office(house):
    """Notifications with a database of its own, whose worker only these tests are."""
    async with (
        a_spare(house, "notifications") as url,
        open_database(url, application="tests") as database,
    ):
        yield Runtime("notifications", house.settings("notifications"), database)


@pytest.fixture
def sealer(house):
    return Sealer(house.secrets.sealing_keys("notifications"))


def requested(*person_ids):
    return ErasureRequested(request_id=uuid4(), person_id=person_ids[0], person_ids=person_ids)


async def asked(office, message):
    async with transaction(office.database) as conn:
        await note(conn, message)
    return message


async def task(office, message):
    return await office.database.pool.fetchrow(
        "SELECT attempt, reason, done_at FROM protection_task WHERE request_id = $1",
        message.request_id,
    )


async def test_what_fails_is_tried_again_and_the_reason_names_nobody(office):
    failing = [True]

    async def forget(_conn, _person_ids, _now):
        if failing:
            raise LookupError("Alan a Dale")
        return 1

    holdings = [Holding(table="test", words="A test", forget=forget)]
    message = await asked(office, requested(uuid4()))
    assert await do_next(office, holdings)
    row = await task(office, message)
    assert (row["attempt"], row["reason"], row["done_at"]) == (1, "LookupError", None)
    assert not await do_next(office, holdings, now=now() - timedelta(seconds=30))
    failing.clear()
    assert await do_next(office, holdings, now=now() + timedelta(minutes=1))
    row = await task(office, message)
    assert (row["reason"], row["done_at"] is not None) == (None, True)
    answers = await office.database.pool.fetchval(
        "SELECT count(*) FROM outbox WHERE subject = $1", f"request/{message.request_id}"
    )
    assert answers == 1


async def test_half_of_an_erasure_is_none(office):
    person_id = uuid4()

    async def fail(_conn, _person_ids, _now):
        raise LookupError

    async with transaction(office.database) as conn:
        await conn.execute(
            """
            INSERT INTO contact_point (person_id, address, name, verified, told_by)
            VALUES ($1, 'alan@example.org', 'Alan a Dale', false, $1)
            """,
            person_id,
        )
    message = await asked(office, requested(person_id))
    holdings = [*service("notifications").holdings, Holding(table="x", words="x", forget=fail)]
    assert await do_next(office, holdings)
    assert await kept(office, person_id) == 1
    later = now() + timedelta(minutes=1)
    assert await do_next(office, service("notifications").holdings, now=later)
    assert await kept(office, person_id) == 0
    assert (await task(office, message))["done_at"] is not None


async def test_the_same_request_again_is_no_second_task(office):
    message = requested(uuid4())
    for _ in range(3):
        await deliver(service("notifications"), office.database, message)
    assert await do_next(office, ())
    assert not await do_next(office, ())


async def test_an_address_that_comes_late_is_not_kept(office, sealer):
    link = told.link_issued()
    async with transaction(office.database) as conn:
        holdings = service("notifications").holdings
        await erase(conn, holdings, [link.person_id], sealer=sealer, now=now())
        assert link.person_id in await erased_lately(conn, now())
    await deliver(service("notifications"), office.database, link, sealer=sealer)
    assert await kept(office, link.person_id) == 0


async def test_what_waits_sealed_or_was_set_aside_is_dropped_and_others_stay(office, sealer):
    mine, other = told.link_issued(), told.link_issued()
    async with transaction(office.database) as conn:
        for link in (mine, other):
            received = arrived(link, sealer=sealer)
            await wait_for_another_try(conn, note, received, failure=LookupError())
            flaw = Flaw(
                "schema", "", received.body, received.envelope.id, received.envelope.routing_key
            )
            await park(conn, flaw)
        await erase(conn, (), [mine.person_id], sealer=sealer, now=now())
        waiting = await conn.fetch("SELECT body FROM waiting")
        aside = await conn.fetch("SELECT body, resolution FROM parked ORDER BY parked_id")
    assert [json.loads(row["body"])["subject"] for row in waiting] == [other.subject]
    assert [(row["body"] == b"", row["resolution"]) for row in aside] == [
        (True, "discarded"),
        (False, None),
    ]


async def test_an_answer_that_names_somebody_is_emptied_and_its_key_stays_used(office):
    address, person_id = f"{uuid4().hex}@example.org", uuid4()
    holding = Holding(
        table="test",
        words="A test",
        copy=f"SELECT '{address}' AS address WHERE $1::uuid[] IS NOT NULL",
    )
    async with transaction(office.database) as conn:
        for client, answer in (
            (f"portal/{person_id}", '{"state": "confirmed"}'),
            ("portal/None", json.dumps({"email": address})),
            ("portal/other", '{"state": "theirs"}'),
        ):
            await conn.execute(
                """
                INSERT INTO idempotency (client, route, key, request_hash, status, answer)
                VALUES ($1, 'POST /x', $2, '', 201, $3)
                """,
                client,
                uuid4().hex,
                answer,
            )
        await erase(conn, [holding], [person_id], sealer=None, now=now())
        answers = await conn.fetch("SELECT answer FROM idempotency ORDER BY client")
    assert {row["answer"] for row in answers[1:]} | {answers[0]["answer"]} == {
        "{}",
        '{"state": "theirs"}',
    }


async def test_services_tell_alike_that_they_forgot_somebody():
    fields = {
        frozenset(MESSAGES[f"{name}.PersonErased"].model_fields)
        for name in ("bookings", "notifications", "reporting", "resources")
    }
    assert len(fields) == 1


async def kept(office, person_id):
    return await office.database.pool.fetchval(
        "SELECT count(*) FROM contact_point WHERE person_id = $1", person_id
    )
