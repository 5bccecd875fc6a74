"""PostgreSQL crashes, or an answer of its gets lost: 503, then the same answer; nothing twice."""

import asyncio
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import httpx
import pytest

import a
from eventually import until
from house import NOBODY_LISTENS, client, service
from pdu_local.failure import Failure
from pdu_shared.access import Role
from processes import FaultProxy
from scratch import on_port


@pytest.fixture
def coordinator(ruins):
    return ruins.authorised(Role.COORDINATOR)


@asynccontextmanager
async def behind_a_proxy(house, *, desk_alone=False):
    """Bookings in this process, and the proxy between it and its database."""
    settings = house.settings("bookings")
    _, _, server = settings.database_url.rpartition("@")
    proxy = FaultProxy("127.0.0.1", int(server.partition(":")[2].partition("/")[0]))
    async with proxy.listening() as port:
        through = settings.model_copy(
            update={
                "database_url": on_port(settings.database_url, port),
                "amqp_url": NOBODY_LISTENS,
            }
        )
        app = service("bookings").app(through)
        async with app.router.lifespan_context(app), client(app) as http:
            for name, task in app.state.runtime.tasks.items():
                if desk_alone and not name.endswith("desk.serve"):
                    task.cancel()  # it commits, too, and what is cut is to be the booking's
            yield proxy, http, app


async def bookings_of(house, event):
    conn = await asyncpg.connect(house.servers.database_url, database="pdu_bookings")
    try:
        return await conn.fetchval(
            "SELECT count(*) FROM booking WHERE learning_event_id = $1",
            event["learning_event_id"],
        )
    finally:
        await conn.close()


# What is last sent of a booking: a plain one is one statement that commits, others a transaction.
SENT_LAST = [(b"bookings.EventBooked", {}), (b"COMMIT", {"needs": {"dietary": "Vegan"}})]


@pytest.mark.parametrize(("last", "said"), SENT_LAST)
async def test_a_lost_answer_to_commit_does_not_book_twice(house, token, last, said):
    async with behind_a_proxy(house, desk_alone=True) as (proxy, http, _):
        event = await a.published_event(http, token("coordinator"))
        key, person = a.key(), a.person(**said)
        proxy.cut_after = last
        answer = await a.ask_for_place(http, event, headers=key, **person)
        assert proxy.cuts == 1, "nothing was cut, so this shows nothing"
        assert answer.status_code == 201, "the desk asks again and finds the answer it gave"
        again = await a.ask_for_place(http, event, headers=key, **person)
        assert again.content == answer.content
    assert await bookings_of(house, event) == 1


@pytest.mark.parametrize(("last", "said"), SENT_LAST)
async def test_a_lost_answer_and_no_database_after_it_is_503_then_the_first_answer(
    house, token, last, said
):
    async with behind_a_proxy(house, desk_alone=True) as (proxy, http, _):
        event = await a.published_event(http, token("coordinator"))
        key, person = a.key(), a.person(**said)
        proxy.cut_after, proxy.refuses_afterwards = last, True
        answer = await a.ask_for_place(http, event, headers=key, **person)
        assert proxy.cuts == 1, "nothing was cut, so this shows nothing"
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) >= 1
        await until(lambda: bookings_of(house, event))  # it was committed all the same
        proxy.refusing = False
        first = await a.ask_for_place(http, event, headers=key, **person)
        second = await a.ask_for_place(http, event, headers=key, **person)
    assert first.status_code == 201
    assert first.content == second.content
    assert await bookings_of(house, event) == 1


async def test_readiness_follows_the_database_and_liveness_does_not(house):
    async with behind_a_proxy(house) as (proxy, http, _):
        ready = await http.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
        proxy.refusing = True
        proxy.cut()
        away = await http.get("/readyz")
        assert away.status_code == 503
        assert away.headers["content-type"] == "application/problem+json"
        assert "Retry-After" in away.headers
        assert (await http.get("/livez")).status_code == 200
        proxy.refusing = False

        async def back():
            return (await http.get("/readyz")).status_code == 200

        assert await until(back)


@pytest.mark.parametrize("name", ["relay", "inbox", "retries", "place.desk.serve"])
async def test_liveness_fails_when_a_task_has_died(house, name):
    async with behind_a_proxy(house) as (_, http, app):
        assert (await http.get("/livez")).status_code == 200
        app.state.runtime.tasks[name].cancel()
        await asyncio.sleep(0.05)
        dead = await http.get("/livez")
    assert dead.status_code == 503
    assert name in dead.json()["detail"]


async def restart(postgres):
    """Bring a crashed server back; its old backends may hold on for a moment."""
    for _ in range(20):
        postgres.start()
        try:
            await asyncio.to_thread(postgres.wait_ready)
        except Failure:
            await asyncio.sleep(0.3)
        else:
            return
    pytest.fail("PostgreSQL did not come back")


async def book_until_answered(http, event, refused):
    """Somebody who repeats the request with the same key until there is an answer."""
    key, person = a.key(), a.person(email=f"{uuid4().hex}@example.org")
    while True:
        try:
            answer = await a.ask_for_place(http, event, headers=key, **person)
        except httpx.TransportError as broken:
            pytest.fail(f"the service itself went away: {broken!r}")
        if answer.status_code == 201:
            return answer.json()["booking_id"]
        refused.append(answer)
        await asyncio.sleep(0.1)


async def crash_under_load(ruins, copies, coordinator, crashes):
    event = await a.published_event(copies[0], coordinator, sessions=[a.session(capacity=5000)])
    refused, acknowledged, over = [], [], asyncio.Event()

    async def people(http):
        while not over.is_set():
            acknowledged.append(await book_until_answered(http, event, refused))

    tasks = [asyncio.create_task(people(copies[n % 2])) for n in range(6)]
    for _ in range(crashes):
        await asyncio.sleep(1)
        ruins.servers.postgres.kill()
        await asyncio.sleep(0.5)
        await restart(ruins.servers.postgres)
    before = len(acknowledged)

    async def going_on():
        return len(acknowledged) > before + 12

    await until(going_on, within=20)
    over.set()
    async with asyncio.timeout(20):
        await asyncio.gather(*tasks)

    assert refused, "nobody noticed, so this shows nothing"
    assert {answer.status_code for answer in refused} == {503}
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in refused)
    conn = await asyncpg.connect(ruins.servers.database_url, database="pdu_bookings")
    kept = await conn.fetch(
        "SELECT booking_id::text FROM booking WHERE learning_event_id = $1",
        event["learning_event_id"],
    )
    assert {row["booking_id"] for row in kept} == set(acknowledged)
    assert len(acknowledged) == len(set(acknowledged))

    async def all_published():
        return not await conn.fetchval(
            "SELECT EXISTS (SELECT FROM outbox WHERE published_at IS NULL)"
        )

    await until(all_published, within=30)
    await conn.close()
    for http in copies:
        assert (await http.get("/livez")).status_code == 200
    print(f"\n{len(acknowledged)} acknowledged and kept, {len(refused)} told to come back")  # noqa: T201 - a figure for the reader


async def test_a_database_that_crashes_under_load_keeps_what_was_acknowledged(
    ruins, copies, coordinator
):
    await crash_under_load(ruins, copies, coordinator, crashes=1)


@pytest.mark.campaign
async def test_a_database_that_crashes_again_and_again(ruins, copies, coordinator):
    await crash_under_load(ruins, copies, coordinator, crashes=30)
