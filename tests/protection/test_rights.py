"""Asking for a copy of one's data, or to be forgotten: who may, by when, and who decides."""

import asyncio
import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from uuid import uuid4

import pytest

import a
from pdu_resources.protection.download import forget_archives
from pdu_resources.rules.deadline import due_on, extended
from pdu_shared.access import Caller, Role
from pdu_shared.database import transaction
from pdu_shared.tokens import mint
from protection.rights import answered, ask, ask_for, put, see, somebody, told


@pytest.fixture
def lead(token):
    return token("data_protection_lead")


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.mark.parametrize(
    ("received", "known", "due"),
    [
        (date(2026, 9, 3), date(2026, 9, 3), date(2026, 10, 5)),  # the third is a Saturday
        (date(2026, 8, 31), date(2026, 8, 31), date(2026, 9, 30)),  # there is no 31 September
        (date(2027, 1, 31), date(2027, 1, 31), date(2027, 3, 1)),  # 28 February is a Sunday
        (date(2026, 12, 15), date(2026, 12, 15), date(2027, 1, 15)),
        (date(2026, 9, 1), date(2026, 9, 11), date(2026, 10, 12)),  # stood still for ten days
    ],
)
def test_the_answer_is_due_a_month_after_it_is_known_who_asks(received, known, due):
    assert due_on(received, known_on=known) == due


def test_what_is_complex_has_two_further_months():
    day = date(2026, 9, 15)
    assert extended(day, known_on=day) == date(2026, 12, 15)


async def test_a_copy_is_asked_of_every_service_at_once(resources_http, resources_database, token):
    me, person_id = somebody(token)
    request = await ask(resources_http, me)
    assert (request["state"], request["person_id"]) == ("working", str(person_id))
    assert request["missing"] == ["bookings", "notifications", "reporting", "resources"]
    assert await told(resources_database, "SubjectAccessRequested", request) == 1
    assert (await ask(resources_http, me))["request_id"] == request["request_id"]
    assert await told(resources_database, "SubjectAccessRequested", request) == 1


async def test_two_requests_at_once_are_one(resources_http, token):
    me, _ = somebody(token)
    both = await asyncio.gather(*(ask(resources_http, me, "erasure") for _ in range(4)))
    assert len({one["request_id"] for one in both}) == 1


async def test_the_archive_is_ready_once_all_have_answered_and_is_fetched_once(
    house, resources_http, resources_database, token
):
    me, _ = somebody(token)
    request = await ask(resources_http, me)
    path = f"/rights-requests/{request['request_id']}/link"
    await answered(house, resources_database, request, "bookings", "reporting", "resources")
    assert (await resources_http.post(path, headers=me)).status_code == 409
    rows = [{"name": "Zoë <b>O'Neil</b>", "wants": None, "shares": True}]
    holdings = [{"table": "letter", "words": "Letters to you", "stays": "", "rows": rows}]
    content = json.dumps({"service": "notifications", "gathered_at": "", "holdings": holdings})
    half = len(content) // 2
    for part, piece in enumerate((content[:half], content[half:]), start=1):
        await answered(
            house,
            resources_database,
            request,
            "notifications",
            part=part,
            parts=2,
            content=piece,
        )
    assert (await see(resources_http, me, request))["state"] == "done"
    assert await told(resources_database, "SubjectAccessAssembled", request) == 1

    ended = (await resources_http.post(path, headers=me)).json()["path"]
    link = (await resources_http.post(path, headers=me)).json()["path"]
    assert (await resources_http.get(ended)).status_code == 404
    got = await resources_http.get(link)
    assert got.headers["content-type"] == "application/zip"
    assert got.headers["cache-control"] == "no-store"
    assert (await resources_http.get(link)).status_code == 404
    with zipfile.ZipFile(io.BytesIO(got.content)) as folder:
        told_services = json.loads(folder.read("data.json"))["services"]
        page = folder.read("index.html").decode()
    assert len(told_services) == 4
    assert rows in [one["rows"] for service in told_services for one in service["holdings"]]
    assert "Zoë &lt;b&gt;O&#39;Neil" in page
    assert _outline(page) == (
        "en-GB",
        ["What we keep about you", "Learning events and communities", "Letters", "Letters to you",
         "Figures", "The online hub"],
    )  # fmt: skip


def _outline(page):
    """The language of a page, and its headings."""

    class Reader(HTMLParser):
        language, headings, within = None, [], False

        def handle_starttag(self, tag, attributes):
            if tag == "html":
                self.language = dict(attributes)["lang"]
            self.within = tag in {"h1", "h2", "h3"}

        def handle_data(self, data):
            if self.within and data.strip():
                self.headings.append(data)

        def handle_endtag(self, _tag):
            self.within = False

    reader = Reader()
    reader.headings = []
    reader.feed(page)
    return reader.language, reader.headings


async def test_what_was_gathered_is_deleted_after_a_month(
    house, resources_http, resources_database, token
):
    me, _ = somebody(token)
    request = await ask(resources_http, me)
    await answered(house, resources_database, request)
    async with transaction(resources_database) as conn:
        await forget_archives(conn, datetime.now(UTC) + timedelta(days=31))
    path = f"/rights-requests/{request['request_id']}/link"
    assert (await resources_http.post(path, headers=me)).status_code == 409


async def test_somebody_elses_request_is_not_there(resources_http, token, lead):
    me, _ = somebody(token)
    request = await ask(resources_http, me)
    stranger, _ = somebody(token)
    path = f"/rights-requests/{request['request_id']}"
    assert (await resources_http.get(path, headers=stranger)).status_code == 404
    assert (await resources_http.post(f"{path}/link", headers=stranger)).status_code == 404
    assert (await resources_http.get(path, headers=lead)).status_code == 200
    assert (
        await resources_http.get(f"/rights-requests/{uuid4()}", headers=lead)
    ).status_code == 404
    assert (await resources_http.get(f"/data-archives/{'x' * 43}")).status_code == 404


async def test_for_somebody_who_wrote_nothing_happens_until_it_is_known_who_they_are(
    resources_http, resources_database, coordinator
):
    address = f"{uuid4().hex}@example.org"
    answer = await ask_for(resources_http, coordinator, email=address)
    request = answer.json()
    assert (request["state"], request["due_on"]) == ("identity", None)
    assert address not in answer.text
    assert await told(resources_database, "SubjectAccessRequested", request) == 0
    checked = await put(
        resources_http, coordinator, request, "identity", identity_checked="document"
    )
    assert (checked.json()["state"], checked.json()["due_on"] is not None) == ("working", True)
    assert await told(resources_database, "SubjectAccessRequested", request) == 1


@pytest.mark.parametrize("form", [{}, {"email": "alan@example.org", "person_id": str(uuid4())}])
async def test_somebody_is_named_by_address_or_by_id(resources_http, coordinator, form):
    answer = await ask_for(resources_http, coordinator, **form)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "one-of-both")


async def test_two_people_decide_that_somebody_is_forgotten(
    house, resources_http, resources_database, token, lead
):
    writer, _ = somebody(token, "data_protection_lead")
    person_id = str(uuid4())
    written = await ask_for(
        resources_http, writer, kind="erasure", person_id=person_id, identity_checked="in_person"
    )
    request = written.json()
    assert request["state"] == "asked"
    assert (await put(resources_http, writer, request, "approval")).status_code == 409
    for _ in range(2):
        approved = await put(resources_http, lead, request, "approval")
        assert (approved.status_code, approved.json()["state"]) == (200, "working")
    assert await told(resources_database, "ErasureRequested", request) == 1
    await answered(house, resources_database, request, "bookings", "notifications", "reporting")
    assert (await see(resources_http, lead, request))["missing"] == ["resources"]
    await answered(house, resources_database, request, "resources")
    await answered(house, resources_database, request, "resources")
    assert (await see(resources_http, lead, request))["state"] == "done"
    assert await told(resources_database, "ErasureCompleted", request) == 1


async def test_whoever_is_held_is_not_forgotten_and_one_reads_why(resources_http, token, lead):
    me, person_id = somebody(token)
    request = await ask(resources_http, me, "erasure")
    hold = {"person_id": str(person_id), "because": "safeguarding", "reference": "SG-14"}
    placed = await resources_http.post("/erasure-holds", json=hold, headers={**lead, **a.key()})
    assert placed.status_code == 201, placed.text
    assert (await put(resources_http, lead, request, "approval")).status_code == 409
    assert (await see(resources_http, me, request))["held_because"] == ["safeguarding"]
    listed = (await resources_http.get("/erasure-holds", headers=lead)).json()["items"]
    assert placed.json() in listed
    path = f"/erasure-holds/{placed.json()['hold_id']}/release"
    released = [(await resources_http.put(path, headers=lead)).json() for _ in range(2)]
    assert released[0] == released[1]
    assert (await put(resources_http, lead, request, "approval")).status_code == 200


async def test_a_request_of_merged_ids_is_about_all_of_them(
    resources_http, resources_database, token, coordinator
):
    me, kept = somebody(token)
    merged = str(uuid4())
    form = {"kept_id": str(kept), "merged_id": merged, "basis": "same_person_said_so"}
    await resources_http.post("/persons/merges", json=form, headers=coordinator)
    request = await ask(resources_http, me)
    body = await resources_database.pool.fetchval(
        "SELECT body FROM outbox WHERE subject = $1", f"request/{request['request_id']}"
    )
    assert set(json.loads(body)["data"]["person_ids"]) == {str(kept), merged}


async def test_an_extension_has_its_reason_and_comes_once(resources_http, token, lead):
    me, _ = somebody(token)
    request = await ask(resources_http, me)
    first = (await put(resources_http, lead, request, "extension", reason_code="complex")).json()
    again = (await put(resources_http, lead, request, "extension", reason_code="other")).json()
    assert first == again
    assert (first["extended_because"], first["due_on"] > request["due_on"]) == ("complex", True)


async def test_a_refused_request_is_closed_with_its_reason(resources_http, token, lead):
    me, _ = somebody(token)
    request = await ask(resources_http, me, "erasure")
    refused = await put(resources_http, lead, request, "refusal", reason_code="unfounded")
    assert (refused.json()["state"], refused.json()["refused_because"]) == ("refused", "unfounded")
    assert (await put(resources_http, lead, request, "approval")).status_code == 409
    assert (await ask(resources_http, me, "erasure"))["request_id"] != request["request_id"]


async def test_what_is_late_or_stuck_is_shown(resources_http, resources_database, token, lead):
    me, _ = somebody(token)
    request = await ask(resources_http, me)
    await resources_database.pool.execute(
        """
        UPDATE rights_request SET due_on = '2020-01-01', asked_at = asked_at - interval '1 hour'
         WHERE request_id = $1::text::uuid
        """,
        request["request_id"],
    )
    asked = {"overdue": "true", "limit": 100, "state": "working"}
    answer = await resources_http.get("/rights-requests", params=asked, headers=lead)
    found = {one["request_id"]: one for one in answer.json()["items"]}[request["request_id"]]
    assert (found["overdue"], found["stuck"], len(found["missing"])) == (True, True, 4)


async def test_a_machine_has_no_data_of_its_own(resources_http, house):
    machine = Caller(client_id="kiosk", roles=frozenset({Role.MEMBER}))
    bearer = mint(house.secrets.issuer, machine, audiences=["pdu-resources"])
    headers = {"Authorization": f"Bearer {bearer}", **a.key()}
    answer = await resources_http.post("/rights-requests", json={"kind": "access"}, headers=headers)
    assert answer.status_code == 403
