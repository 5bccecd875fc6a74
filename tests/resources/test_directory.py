"""Who does what: described and confirmed by the organisations, found by everybody."""

import csv
import io
from datetime import date, timedelta
from uuid import uuid4

import pytest

import a
import governed
from governed import get, put, try_to_put, wrong
from pdu_resources.rules.directory import due_after, reminds, standing
from pdu_shared.identity import organisation_id
from resources.organisations import Registry


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture
def lead(token):
    """`lead("Sherwood Outreach")`: who leads the organisation of this name."""
    return lambda name: token("organisation_lead", organisation_id=organisation_id(name))


async def shown(http, **asked):
    found = await get(http, {}, "/directory/services", limit=100, **asked)
    return [one["service_id"] for one in found["items"]]


def test_an_entry_is_trusted_for_a_year_and_asked_about_a_month_before():
    confirmed = date(2028, 2, 29)
    due = due_after(confirmed)
    assert due == date(2029, 2, 28)
    for today, stands in ((due, "published"), (due + timedelta(days=1), "out_of_date")):
        assert standing(hidden=False, review_due_on=due, today=today) == stands
        assert standing(hidden=True, review_due_on=due, today=today) == "hidden"
    assert reminds(due, due - timedelta(days=30))
    assert not reminds(due, due - timedelta(days=31))


async def test_an_organisation_describes_its_service_and_everybody_finds_it(resources_http, lead):
    name, word = governed.organisation(), f"w{uuid4().hex}"
    entry = await governed.service(
        resources_http, lead(name), organisation=name, offers=f"Calls on people: {word}."
    )
    assert (entry["organisation_id"], entry["standing"]) == (
        str(organisation_id(name)),
        "published",
    )
    found = entry["service_id"]
    assert await shown(resources_http, q=word) == [found]
    whose = {"organisation_id": entry["organisation_id"]}
    assert await shown(resources_http, **whose, area="nottingham_city") == [found]
    assert await shown(resources_http, **whose, workstream="housing", self_referral=True) == [found]
    for other in ({"area": "international"}, {"workstream": "pie"}, {"self_referral": False}):
        assert await shown(resources_http, **whose, **other) == []


async def test_the_directory_is_read_page_by_page_in_the_order_of_the_alphabet(
    resources_http, coordinator
):
    name = governed.organisation()
    titles = ["Advice", "Bridge", "Crisis line"]
    for title in reversed(titles):
        await governed.service(resources_http, coordinator, organisation=name, title=title)
    asked = {"organisation_id": str(organisation_id(name)), "limit": 2}
    first = await get(resources_http, {}, "/directory/services", **asked)
    rest = await get(resources_http, {}, "/directory/services", **asked, after=first["next"])
    assert [one["title"] for one in first["items"] + rest["items"]] == titles
    assert rest["next"] is None


async def test_another_organisations_entry_is_not_there_for_those_who_lead_one(
    resources_http, coordinator, lead
):
    entry = await governed.service(resources_http, coordinator)
    path = f"/directory/services/{entry['service_id']}"
    stranger = lead(governed.organisation())
    changes = (("", governed.described()), ("/visibility", {"hidden": True}), ("/review", None))
    for what, form in changes:
        answer = await try_to_put(resources_http, stranger, path + what, form, seen=1)
        assert answer.status_code == 404, what
    theirs = {"organisation": entry["organisation"]}
    answer = await resources_http.post(
        "/directory/services", json=governed.described(**theirs), headers={**stranger, **a.key()}
    )
    assert wrong(answer) == {("/organisation", "not-yours")}
    assert (await get(resources_http, {}, path))["version"] == 1


async def test_nobody_overwrites_what_they_have_not_seen_and_what_was_is_kept(
    resources_http, coordinator
):
    entry = await governed.service(resources_http, coordinator)
    path = f"/directory/services/{entry['service_id']}"
    form = governed.described(organisation=entry["organisation"], title="Night outreach")
    assert (await try_to_put(resources_http, coordinator, path, form)).status_code == 428
    changed = await put(resources_http, coordinator, path, form, seen=1)
    assert (changed["title"], changed["version"]) == ("Night outreach", 2)
    assert (await try_to_put(resources_http, coordinator, path, form, seen=1)).status_code == 412
    kept = await get(resources_http, coordinator, f"/changes/{entry['service_id']}")
    assert [one["was"] for one in kept["items"]] == [{"title": "Street outreach"}]


async def test_a_hidden_entry_is_there_for_those_who_keep_it_only(resources_http, lead):
    name = governed.organisation()
    entry = await governed.service(resources_http, lead(name), organisation=name)
    path = f"/directory/services/{entry['service_id']}"
    for _ in range(2):
        hidden = await put(resources_http, lead(name), f"{path}/visibility", {"hidden": True})
        assert (hidden["standing"], hidden["version"]) == ("hidden", 2)
    assert (await resources_http.get(path)).status_code == 404
    hsds = f"/directory/hsds/services/{entry['service_id']}"
    assert (await resources_http.get(hsds)).status_code == 404
    assert await shown(resources_http, organisation_id=entry["organisation_id"]) == []
    assert (await get(resources_http, lead(name), path))["standing"] == "hidden"


async def test_what_nobody_confirms_is_out_of_date_until_somebody_does(
    resources_http, resources_database, coordinator, lead
):
    name = governed.organisation()
    entry = await governed.service(resources_http, lead(name), organisation=name)
    assert (await get(resources_http, lead(name), "/directory/reviews"))["items"] == []
    await resources_database.pool.execute(
        """
        UPDATE local_service
           SET reviewed_on = reviewed_on - 400, review_due_on = review_due_on - 400
         WHERE service_id = $1
        """,
        entry["service_id"],
    )
    whose = {"organisation_id": entry["organisation_id"]}
    assert await shown(resources_http, **whose) == [entry["service_id"]]
    assert await shown(resources_http, **whose, out_of_date=False) == []
    queue = await get(resources_http, lead(name), "/directory/reviews")
    assert [one["standing"] for one in queue["items"]] == ["out_of_date"]
    everybodys = await get(resources_http, coordinator, "/directory/reviews", limit=100)
    assert entry["service_id"] in [one["service_id"] for one in everybodys["items"]]
    hsds = await get(resources_http, {}, f"/directory/hsds/services/{entry['service_id']}")
    assert hsds["alert"]

    path = f"/directory/services/{entry['service_id']}/review"
    confirmed = await put(resources_http, lead(name), path, seen=1)
    assert (confirmed["standing"], confirmed["reviewed_on"]) == ("published", governed.day())
    assert (await get(resources_http, lead(name), "/directory/reviews"))["items"] == []


async def test_the_directory_is_a_file_without_formulas_and_a_document_for_other_directories(
    resources_http, coordinator
):
    name = governed.organisation()
    entry = await governed.service(
        resources_http, coordinator, organisation=name, title="=HYPERLINK(1)", opening="Always."
    )
    whose = {"organisation_id": entry["organisation_id"]}
    answer = await resources_http.get("/directory/file", params=whose)
    [row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (row["Organisation"], row["Service"]) == (name, "'=HYPERLINK(1)")

    one = await get(resources_http, {}, f"/directory/hsds/services/{entry['service_id']}")
    assert one["organization"] == {
        "id": entry["organisation_id"],
        "name": name,
        "description": name,
    }
    assert [phone["number"] for phone in one["phones"]] == [entry["telephone"]]
    assert [schedule["description"] for schedule in one["schedules"]] == ["Always."]
    assert [part["taxonomy_term"]["code"] for part in one["attributes"]] == ["housing"]
    page = await get(resources_http, {}, "/directory/hsds/services", per_page=1)
    assert (page["size"], page["first_page"], page["empty"]) == (1, True, False)
    assert page["total_pages"] == page["total_items"] >= 1
    beyond = await get(resources_http, {}, "/directory/hsds/services", page=9999)
    assert (beyond["empty"], beyond["last_page"]) == (True, True)


@pytest.mark.parametrize(
    ("details", "faults"),
    [
        ({"telephone": None}, {("", "no-contact")}),
        ({"areas": ["atlantis"]}, {("/areas/0", "unknown-code")}),
        (
            {"areas": ["nottingham_city", "atlantis"], "workstreams": ["x", "housing", "y"]},
            {
                ("/areas/1", "unknown-code"),
                ("/workstreams/0", "unknown-code"),
                ("/workstreams/2", "unknown-code"),
            },
        ),
        ({"website": "javascript:alert(1)"}, {("/website", "string_pattern_mismatch")}),
        (
            {"website": "https://u:secret@example.org/"},
            {("/website", "string_pattern_mismatch")},
        ),
    ],
)
async def test_what_does_not_fit_is_named_at_once_and_nothing_is_kept(
    resources_http, coordinator, details, faults
):
    form = governed.described(**details)
    answer = await resources_http.post(
        "/directory/services", json=form, headers={**coordinator, **a.key()}
    )
    assert wrong(answer) == faults
    whose = str(organisation_id(form["organisation"]))
    assert await shown(resources_http, organisation_id=whose) == []


async def test_a_title_is_there_once_in_an_organisation(resources_http, coordinator):
    entry = await governed.service(resources_http, coordinator)
    other = await governed.service(
        resources_http, coordinator, organisation=entry["organisation"], title="Night shelter"
    )
    same = governed.described(organisation=entry["organisation"], title="STREET outreach")
    answer = await resources_http.post(
        "/directory/services", json=same, headers={**coordinator, **a.key()}
    )
    assert answer.status_code == 409
    path = f"/directory/services/{other['service_id']}"
    assert (await try_to_put(resources_http, coordinator, path, same, seen=1)).status_code == 409


async def test_an_entry_is_kept_under_every_name_of_the_organisation(
    resources_http, coordinator, token
):
    def lead(name):
        return token("organisation_lead", organisation_id=organisation_id(name))

    registry = Registry(resources_http, coordinator)
    name, other, double = (governed.organisation() for _ in range(3))
    organisation, doubled = await registry.add(name), await registry.add(double)
    assert (await registry.match(organisation, other)).is_success
    form = governed.described(organisation=other)
    headers = {**lead(name), **a.key()}
    listed = await resources_http.post("/directory/services", json=form, headers=headers)
    assert listed.status_code == 201, listed.text
    entry = listed.json()
    assert entry["organisation_id"] == organisation
    path = f"/directory/services/{entry['service_id']}/visibility"

    async def hidden_by(whose):
        answer = await resources_http.put(path, json={"hidden": True}, headers=lead(whose))
        return answer.status_code

    assert await hidden_by(double) == 404
    assert await hidden_by(other) == 200
    assert (await registry.merge(doubled, organisation)).is_success
    assert await hidden_by(double) == 200
    await resources_http.put(path, json={"hidden": False}, headers=lead(double))
    for one in (name, other, double):
        asked = {"organisation_id": str(organisation_id(one))}
        found = (await resources_http.get("/directory/services", params=asked)).json()["items"]
        assert [it["service_id"] for it in found] == [entry["service_id"]]
