"""Members bring something and are thanked; what people want is seen; collections are passed on."""

from uuid import uuid4

import pytest

import a
import shelf
from bus import deliver
from house import service
from pdu_shared.access import Caller, Role
from pdu_shared.contracts.bookings.topic import TopicBacked, TopicDecided, TopicSuggested
from pdu_shared.platform import SERVICES
from pdu_shared.tokens import mint
from resources.surveys import told

WORDS = {
    "type": "practice_tool",
    "title": "Our welcome sheet",
    "summary": "What we give to everybody on the first day.",
    "body": "Hello.",
    "workstreams": ["pie"],
    "credit": "A hostel in Sneinton",
}


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture
def manager(house):
    """Somebody who speaks for an organisation."""
    caller = Caller(
        sub=uuid4(),
        client_id="tests",
        roles=frozenset({Role.MANAGER}),
        organisation_id=uuid4(),
    )
    audiences = [f"pdu-{name}" for name in SERVICES]
    return {"Authorization": f"Bearer {mint(house.secrets.issuer, caller, audiences=audiences)}"}


async def submit(http, member, **details):
    answer = await http.post(
        "/submissions", json={**WORDS, **details}, headers={**member, **a.key()}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def decide(http, coordinator, item, **form):
    path = f"/submissions/{item['item_key']}/decision"
    return await http.put(path, json=form, headers=coordinator)


async def test_what_a_member_brings_is_read_and_published_with_thanks(
    resources_http, resources_database, coordinator, token
):
    member = token("member", sub=uuid4())
    item = await submit(resources_http, member)
    brought = await shelf.bring(resources_http, member, item, "sheet.pdf", shelf.PDF)
    assert brought.status_code == 200
    waiting = (await resources_http.get("/submissions?limit=100", headers=coordinator)).json()
    assert (item["item_key"], 1) in {(one["item_key"], one["files"]) for one in waiting["items"]}
    assert (await decide(resources_http, coordinator, item, state="draft")).status_code == 200
    assert (await decide(resources_http, coordinator, item, state="draft")).status_code == 200
    late = await shelf.bring(resources_http, member, item, "late.pdf", shelf.PDF)
    assert late.status_code == 404
    await shelf.step(resources_http, coordinator, item, "publication")
    seen = (await resources_http.get(f"/items/{item['item_key']}")).json()
    assert seen["credit"] == "A hostel in Sneinton"
    [message] = await told(resources_database, "ResourceSubmitted", item["item_key"])
    assert "Our welcome sheet" not in message.model_dump_json()


async def test_what_is_declined_has_a_reason_that_its_member_reads(
    resources_http, coordinator, token
):
    member = token("member", sub=uuid4())
    item = await submit(resources_http, member)
    mute = await decide(resources_http, coordinator, item, state="declined")
    assert shelf.pointers(mute) == {"/reason"}
    await decide(resources_http, coordinator, item, state="declined", reason="We have one.")
    [mine] = (await resources_http.get("/submissions/mine", headers=member)).json()["items"]
    assert (mine["state"], mine["reason"]) == ("declined", "We have one.")


async def test_what_one_member_brought_is_not_for_another(resources_http, token):
    item = await submit(resources_http, token("member", sub=uuid4()))
    other = token("member", sub=uuid4())
    assert (
        await resources_http.get(f"/items/{item['item_key']}", headers=other)
    ).status_code == 404
    answer = await shelf.bring(resources_http, other, item, "a.pdf", shelf.PDF)
    assert answer.status_code == 404


async def test_only_what_members_brought_is_decided_about(resources_http, coordinator):
    item = await shelf.draft(resources_http, coordinator)
    assert (await decide(resources_http, coordinator, item, state="draft")).status_code == 404


async def test_what_is_looked_for_in_vain_is_seen_when_several_did(
    resources_http, resources_database, coordinator
):
    # Letters only: what looks like a telephone number is not kept.
    one = uuid4().hex[:8].translate(str.maketrans("0123456789", "ghijklmnop"))
    rare, wanted = f"zq{one}", f"zz{one}"
    for words in (rare, wanted, wanted, wanted):
        await resources_http.get("/search", params={"q": words})
    topic_id = uuid4()
    await deliver(
        service("resources"),
        resources_database,
        TopicSuggested(topic_id=topic_id, source="suggestion", workstream="gambling"),
        TopicBacked(topic_id=topic_id, workstream="gambling", backers=40),
    )
    demand = (await resources_http.get("/library/demand", headers=coordinator)).json()
    looked_for = {one["words"]: one["times"] for one in demand["without_result"]}
    assert looked_for.get(wanted) == 3
    assert rare not in looked_for
    [asked] = [one for one in demand["topics"] if one["workstream"] == "gambling"]
    assert asked["backers"] >= 40
    decided = TopicDecided(topic_id=topic_id, decision="answered")
    await deliver(service("resources"), resources_database, decided)
    demand = (await resources_http.get("/library/demand", headers=coordinator)).json()
    after = [one["backers"] for one in demand["topics"] if one["workstream"] == "gambling"]
    assert sum(after) == asked["backers"] - 40


async def test_a_collection_is_put_together_taken_and_passed_on(
    resources_http, coordinator, manager
):
    items = [await shelf.published(resources_http, coordinator, minutes=n) for n in (5, 10)]
    key = f"pack-{uuid4().hex[:12]}"
    path = f"/collections/{key}"
    form = {
        "kind": "induction",
        "title": "The first week",
        "items": [{"item_key": one["item_key"]} for one in reversed(items)],
        "published": True,
    }
    made = await resources_http.put(path, json=form, headers=coordinator)
    assert made.status_code == 200, made.text
    seen = (await resources_http.get(path)).json()
    assert [one["item_key"] for one in seen["items"]] == [
        one["item_key"] for one in reversed(items)
    ]
    assert seen["minutes"] == 15
    listed = await resources_http.get(f"/items?collection={key}")
    assert len(listed.json()["items"]) == 2
    assert (await resources_http.put(path, json=form, headers=coordinator)).status_code == 428
    stale = {**coordinator, "If-Match": '"7"'}
    assert (await resources_http.put(path, json=form, headers=stale)).status_code == 412

    for _ in range(2):
        taken = await resources_http.put(f"{path}/adoption", headers=manager)
        assert taken.status_code == 204
    mine = (await resources_http.get("/library/for-my-staff", headers=manager)).json()
    assert [one["collection_key"] for one in mine["collections"]] == [key]
    for _ in range(2):
        said = {"audience": "team_meeting"}
        shared = await resources_http.post(f"{path}/shares", json=said, headers=a.key())
        assert shared.status_code == 201
    counted = (await resources_http.get(f"{path}/shares", headers=coordinator)).json()
    assert counted == {"total": 2, "audiences": {"team_meeting": 2}}
    assert (await resources_http.delete(f"{path}/adoption", headers=manager)).status_code == 204
    mine = (await resources_http.get("/library/for-my-staff", headers=manager)).json()
    assert mine["collections"] == []


async def test_a_collection_names_items_that_are_there_once(resources_http, coordinator):
    item = await shelf.published(resources_http, coordinator)
    path = f"/collections/pack-{uuid4().hex[:12]}"

    async def put(*keys, **details):
        parts = [{"item_key": one} for one in keys]
        form = {"kind": "other", "title": "Some", "items": parts, **details}
        return await resources_http.put(path, json=form, headers=coordinator)

    assert shelf.pointers(await put("no-such-item")) == {"/items/0/item_key"}
    assert shelf.pointers(await put(item["item_key"], item["item_key"])) == {"/items"}
    keys = [item["item_key"]] * 7
    wall = await put(*keys, kind="start_here", published=True)
    assert shelf.pointers(wall) == {"/items"}
    assert (await resources_http.get(path)).status_code == 404


async def test_who_speaks_for_no_organisation_takes_nothing_for_it(resources_http, token):
    answer = await resources_http.get("/library/for-my-staff", headers=token("manager"))
    assert answer.status_code == 409
