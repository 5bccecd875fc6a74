"""Names and addresses go to the letter and nowhere else: no log, no metric, no answer to errors."""

import asyncio
import io
import json
import zipfile
from contextlib import AsyncExitStack
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest

import a
import communities
import speaking
import suggested
import traces
from canary import Canary
from eventually import until
from pdu_local import letters
from pdu_shared.identity import person_id
from pdu_shared.local_time import local_now
from protection import rights
from signing_up import a_code, sign_up

SERVICES = ("bookings", "notifications", "reporting", "resources")

pytestmark = pytest.mark.bus


@pytest.fixture(scope="module")
def post_box(tmp_path_factory):
    """The folder of the development post box."""
    return tmp_path_factory.mktemp("post-box")


@pytest.fixture(scope="module")
async def town(house, lists, bookings_database, post_box):
    """Every service with its broker; letters find no post office, which is worth a log line."""
    del lists
    # What other tests promised stays between them and bookings: there may be thousands of it.
    await bookings_database.pool.execute("""
        SELECT outbox_published(array_agg(position)) FROM outbox WHERE published_at IS NULL
        """)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PDU_SMTP_URL", "smtp+plain://127.0.0.1:1")
        environment.setenv("PDU_POST_BOX", str(post_box))
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


async def test_whoever_is_forgotten_gets_their_copy_first_and_is_found_nowhere_afterwards(  # noqa: PLR0913, PLR0917 - wherever they are looked for
    town, house, services, databases, token, post_box
):
    canary, other = Canary(), Canary()
    for one in (canary, other):
        text = f"To: {one.name} <{one.email}>\r\n\r\nHello {one.name}".encode()
        letters.keep(post_box, text, [one.email])
    me, mine = await traces.leave_traces(services, databases, canary, token)
    await _until_published(databases)
    before = await traces.left_in(house, canary, SERVICES)
    assert {name.partition(":")[0] for name in before} == {"bookings", "notifications", "resources"}
    assert await traces.left_in_dumps(house, canary, SERVICES) == [
        "bookings", "notifications", "resources",
    ]  # fmt: skip

    request = await rights.ask(services["resources"], mine)
    await _until_done(services["resources"], mine, request)
    path = f"/rights-requests/{request['request_id']}/link"
    link = await traces.done(services["resources"], "POST", path, headers=mine)
    copy = _unpacked((await services["resources"].get(link["path"])).content)
    tables = {
        (part["service"], holding["table"])
        for part in copy["services"]
        for holding in part["holdings"]
        if canary.mark in json.dumps(holding)
    }
    assert tables >= {
        ("bookings", "booking"),
        ("bookings", "contact"),
        ("bookings", "membership"),
        ("bookings", "topic"),
        ("bookings", "concern"),
        ("bookings", "lived_experience.expert"),
        ("notifications", "contact_point"),
        ("resources", "member"),
        ("resources", "answer_text"),
    }

    figures = await _figures(services["reporting"], token)
    erasure = await rights.ask(services["resources"], mine, "erasure")
    lead = token("data_protection_lead")
    approved = await rights.put(services["resources"], lead, erasure, "approval")
    assert approved.status_code == 200, approved.text
    await _until_done(services["resources"], lead, erasure)
    await _until_published(databases)
    assert await traces.left_in(house, canary, SERVICES) == []
    assert await traces.left_in_dumps(house, canary, SERVICES) == []
    await until(lambda: _nothing_waits(house, canary), within=30)
    await until(lambda: _nothing_lies(post_box, canary), within=30)
    assert not await _nothing_lies(post_box, other), "the letters of others stay"
    assert await _figures(services["reporting"], token) == figures
    for name in SERVICES:
        assert canary.found_in(town[name].log.read_bytes()) == [], name

    person = a.person(name=canary.name, email=canary.email)
    assert (await sign_up(services["resources"], person)).status_code == 201
    again = await databases["resources"].pool.fetchval(
        "SELECT person_id FROM member WHERE address = $1", canary.email
    )
    assert again == person_id(traces.KEY, canary.email, 1) != me


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
    tomorrow = local_now() + timedelta(hours=20)  # near enough for its register to be open
    session = a.session(
        starts_at=tomorrow.isoformat(timespec="minutes"),
        ends_at=(tomorrow + timedelta(hours=2)).isoformat(timespec="minutes"),
    )
    event = await a.published_event(bookings, coordinator, sessions=[session])
    path = f"/learning-events/{event['learning_event_id']}"
    register = f"/sessions/{event['sessions'][0]['session_id']}/attendance"
    person = a.person(name=canary.name, email=canary.email, organisation=canary.name)
    community = await communities.formed(bookings, lambda _role: coordinator)
    walk_in = {name: value for name, value in person.items() if name != "name"}
    account = {name: value for name, value in person.items() if name != "email"}
    account |= await a_code(services["resources"], canary.email)
    answers = {
        "consent": {"evaluation": True},
        "answers": [{"question": "core.improve", "text": f"{canary.name} told me"}],
    }
    contact = {"name": canary.name, "email": canary.email}
    subscription = {"email": canary.email, "lists": ["bulletin"], "words_version": 1}
    request = {"kind": "access", "email": canary.email}
    forms = [
        (bookings, "POST", f"{path}/bookings", person, {}),
        (services["resources"], "POST", "/members/codes", {"email": person["email"]}, {}),
        (services["resources"], "POST", "/members", account, {}),
        (services["resources"], "POST", "/surveys/post_event/responses", answers, {}),
        (bookings, "POST", "/learning-events", a.learning_event(), coordinator),
        (bookings, "PUT", register, {"walk_ins": [walk_in]}, coordinator),
        (bookings, "POST", f"/communities/{community}/members", person, {}),
        (bookings, "POST", "/topics", suggested.words(reply_to=contact), {}),
        (bookings, "POST", "/speaker-offers", speaking.offer(**contact), {}),
        (bookings, "POST", f"{path}/nominations", contact, coordinator),
        (services["notifications"], "POST", "/subscriptions", subscription, {}),
        (services["resources"], "POST", "/persons/rights-requests", request, coordinator),
    ]
    for http, method, where, form, headers in forms:
        answer = await http.request(method, where, json=form, headers={**headers, **a.key()})
        assert answer.is_success, answer.text
    for http, method, where, form, headers in forms:
        for wrong in _misplaced(form, canary):
            answer = await http.request(method, where, json=wrong, headers={**headers, **a.key()})
            problems.append(answer)
    problems += [
        await services["resources"].get(where)
        for where in (f"/s/{canary.mark}", f"/surveys/{canary.mark}")
    ]
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


async def _nothing_waits(house, canary):
    return await traces.left_in_queues(house, canary) == []


async def _nothing_lies(post_box, canary):
    return canary.found_in(b"".join(path.read_bytes() for path in post_box.iterdir())) == []


async def _until_done(http, headers, request):
    async def done():
        return (await rights.see(http, headers, request))["state"] == "done"

    await until(done, within=90)


def _unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as folder:
        return json.loads(folder.read("data.json"))


async def _figures(http, token):
    """What is published about attendance, people and members."""
    names = ("attendances", "individuals", "hub_registrations", "survey_responses", "events_held")
    return {
        name: (await http.get(f"/figures/{name}", headers=token("coordinator"))).json()["rows"]
        for name in names
    }
