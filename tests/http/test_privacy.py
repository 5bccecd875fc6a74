"""Names and addresses go to the letter and nowhere else: no log, no metric, no answer to errors."""

import asyncio
from contextlib import AsyncExitStack
from urllib.parse import quote

import httpx
import pytest

import a
from canary import Canary

SERVICES = ("bookings", "notifications", "reporting", "resources")

pytestmark = pytest.mark.bus


@pytest.fixture(scope="module")
async def town(house, lists, resources_http):
    """Every service with its broker; letters find no post office, which is worth a log line."""
    del lists, resources_http
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PDU_SMTP_URL", "smtp+plain://127.0.0.1:1")
        async with AsyncExitStack() as closing:
            started = await asyncio.gather(
                *(closing.enter_async_context(house.process(name)) for name in SERVICES)
            )
            yield {process.name: process for process in started}


@pytest.fixture
async def services(town):
    async with AsyncExitStack() as closing:
        yield {
            name: await closing.enter_async_context(
                httpx.AsyncClient(base_url=process.url, timeout=30)
            )
            for name, process in town.items()
        }


async def test_a_person_is_found_in_no_log_no_metric_and_no_message(
    town, services, databases, token
):
    canary = Canary()
    problems = await _everywhere(services, canary, token("coordinator"))
    assert len(problems) > 40
    assert [one.text for one in problems if canary.found_in(one.content)] == []

    await _until_published(databases)
    for name, http in services.items():
        assert canary.found_in((await http.get("/metrics")).content) == [], name
        assert canary.found_in(town[name].log.read_bytes()) == [], name
        rows = await databases[name].pool.fetch("SELECT exchange, body FROM outbox")
        assert [row["exchange"] for row in rows if canary.found_in(row["body"].encode())] == []
        lines = await databases[name].pool.fetch("SELECT detail FROM parked")
        assert [row for row in lines if canary.found_in(row["detail"].encode())] == []


async def test_the_search_finds_what_it_looks_for():
    canary = Canary()
    for text in (
        f"said {canary.name}",
        f"to=<{canary.email.upper()}>",
        quote(canary.email),
        canary.name.encode("unicode_escape").decode(),
    ):
        assert canary.found_in(text.encode()), text


async def _everywhere(services, canary, coordinator):
    """Book, register and walk in under this name; then put it where it does not belong."""
    bookings, problems = services["bookings"], []
    event = await a.published_event(bookings, coordinator, sessions=[a.session(capacity=1)])
    path = f"/learning-events/{event['learning_event_id']}"
    register = f"/sessions/{event['sessions'][0]['session_id']}/attendance"
    person = a.person(name=canary.name, email=canary.email, organisation=canary.name)
    walk_in = {name: value for name, value in person.items() if name != "name"}
    forms = [
        (bookings, "POST", f"{path}/bookings", person, {}),
        (services["resources"], "POST", "/members", person, {}),
        (bookings, "POST", "/learning-events", a.learning_event(), coordinator),
        (bookings, "PUT", register, {"walk_ins": [walk_in]}, coordinator),
    ]
    for http, method, where, form, headers in forms[:2]:
        answer = await http.request(method, where, json=form, headers={**headers, **a.key()})
        assert answer.status_code == 201, answer.text
    for http, method, where, form, headers in forms:
        for wrong in _misplaced(form, canary):
            answer = await http.request(method, where, json=wrong, headers={**headers, **a.key()})
            problems.append(answer)
    for where in (f"/b/{canary.mark}", f"/learning-events?after={quote(canary.email)}", "/inbox"):
        headers = {"X-Request-Id": canary.email, "User-Agent": canary.mark}
        problems.append(await bookings.get(where, params={"ids": canary.email}, headers=headers))
    return [one for one in problems if one.status_code >= 400]


def _misplaced(form, canary):
    """The form with the person in each field in turn, at every level; also as what it is not."""
    for name, value in form.items():
        for wrong in (canary.email, canary.name, f"{canary.email}\n", [canary.email]):
            yield {**form, name: wrong}
        if isinstance(value, list | tuple) and value and isinstance(value[0], dict):
            for inner in _misplaced(value[0], canary):
                yield {**form, name: [inner]}


async def _until_published(databases):
    """Wait until every service has told all it promised."""
    async with asyncio.timeout(40):
        for name in SERVICES:
            while await databases[name].pool.fetchval(
                "SELECT count(*) FROM outbox WHERE published_at IS NULL"
            ):
                await asyncio.sleep(0.1)
