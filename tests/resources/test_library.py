"""Items are described, published, reviewed, archived; nobody overwrites what they have not seen."""

from datetime import timedelta
from uuid import uuid4

import pytest

import a
import shelf
from pdu_shared.local_time import local_day
from pdu_shared.runtime import utc_now
from resources.surveys import told


@pytest.fixture
def coordinator(token):
    return token("coordinator")


async def test_an_item_is_a_draft_until_it_is_published(
    resources_http, resources_database, coordinator
):
    item = await shelf.draft(resources_http, coordinator, title="The first visit")
    path = f"/items/{item['item_key']}"
    assert (await resources_http.get(path)).status_code == 404
    await shelf.step(resources_http, coordinator, item, "publication")
    seen = (await resources_http.get(path)).json()
    assert (seen["state"], seen["minutes"]) == ("published", 1)
    [message] = await told(resources_database, "ResourcePublished", item["item_key"])
    assert (message.title, message.type, message.members_only) == (
        "The first visit", "practice_tool", False,
    )  # fmt: skip


async def test_a_page_that_is_known_is_not_sent_again_and_a_new_item_is_in_it_at_once(
    resources_http, coordinator
):
    tag = f"tag-{uuid4().hex[:8]}"
    pages = f"/items?tag={tag}&limit=5"
    first = await shelf.published(resources_http, coordinator, tags=[tag])
    page = await resources_http.get(pages)
    assert [one["item_key"] for one in page.json()["items"]] == [first["item_key"]]
    known = {"If-None-Match": f'"other", W/{page.headers["etag"]}'}
    again = await resources_http.get(pages, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "no-cache"
    second = await shelf.published(resources_http, coordinator, tags=[tag])
    anew = await resources_http.get(pages, headers=known)
    keys = {one["item_key"] for one in anew.json()["items"]}
    assert keys == {first["item_key"], second["item_key"]}
    assert anew.headers["etag"] != page.headers["etag"]


@pytest.mark.parametrize(
    ("details", "pointer"),
    [
        ({"summary": None}, "/summary"),
        ({"workstreams": []}, "/workstreams"),
        ({"scope": None}, "/scope"),
        ({"body": None}, "/link"),
        ({"type": "link"}, "/link"),
        ({"type": "recording", "members_only": False}, "/members_only"),
        ({"type": "recording"}, "/files"),
        ({"type": "recording"}, "/without_captions_because"),
    ],
)
async def test_what_is_incomplete_is_not_published(resources_http, coordinator, details, pointer):
    item = await shelf.draft(resources_http, coordinator, **details)
    answer = await shelf.try_to(resources_http, coordinator, item, "publication")
    assert pointer in shelf.pointers(answer)


async def test_what_is_published_stays_complete(resources_http, coordinator):
    item = await shelf.published(resources_http, coordinator)
    answer = await shelf.try_to(resources_http, coordinator, item, "edit", body=None)
    assert shelf.pointers(answer) == {"/link"}
    answer = await shelf.try_to(resources_http, coordinator, item, "edit", title=None)
    assert shelf.pointers(answer) == {"/title"}


async def test_nobody_overwrites_what_they_have_not_seen(resources_http, coordinator):
    item = await shelf.draft(resources_http, coordinator)
    path = f"/items/{item['item_key']}"
    first = {**coordinator, "If-Match": '"1"'}
    done = await resources_http.patch(path, json={"tags": ["visits"]}, headers=first)
    assert (done.status_code, done.headers["etag"]) == (200, '"2"')
    late = await resources_http.patch(path, json={"tags": ["late"]}, headers=first)
    assert late.status_code == 412
    blind = await resources_http.patch(path, json={"tags": ["blind"]}, headers=coordinator)
    assert blind.status_code == 428
    history = (await resources_http.get(f"{path}/history", headers=coordinator)).json()
    [change] = history["changes"]
    assert (change["what"], change["was"]) == (["tags"], {"tags": []})


async def test_two_items_do_not_share_a_key(resources_http, coordinator):
    item = await shelf.draft(resources_http, coordinator)
    form = shelf.words(item_key=item["item_key"])
    answer = await resources_http.post("/items", json=form, headers={**coordinator, **a.key()})
    assert answer.status_code == 409


async def test_what_was_known_from_records_keeps_what_was_done_with_it(
    resources_http, resources_database, coordinator
):
    item = await shelf.draft(resources_http, coordinator)
    await resources_database.pool.execute(
        "INSERT INTO item (item_id, item_key, kind, state) VALUES ($1, $2, 'resource', 'imported')",
        item["item_id"],
        item["item_key"],
    )
    await shelf.step(resources_http, coordinator, item, "publication")
    state = await resources_database.pool.fetchval(
        "SELECT state FROM item WHERE item_key = $1", item["item_key"]
    )
    assert state == "published"


async def test_a_review_says_when_to_look_again(resources_http, resources_database, coordinator):
    item = await shelf.published(resources_http, coordinator, type="link", link="https://e.org/a")
    today = local_day(await utc_now())
    assert item["review_due_on"] == (today + timedelta(days=182)).isoformat()
    tomorrow = (today + timedelta(days=1)).isoformat()
    await shelf.step(resources_http, coordinator, item, "review", review_due_on=tomorrow)
    [message] = await told(resources_database, "ResourceReviewed", item["item_key"])
    assert message.review_due_on.isoformat() == tomorrow
    answer = await resources_http.get("/library/review-due?limit=100", headers=coordinator)
    assert item["item_key"] in {one["item_key"] for one in answer.json()["items"]}
    answer = await shelf.try_to(
        resources_http, coordinator, item, "review", review_due_on=today.isoformat()
    )
    assert shelf.pointers(answer) == {"/review_due_on"}


async def test_what_is_archived_can_be_seen_with_what_is_offered_instead(
    resources_http, resources_database, coordinator
):
    old = await shelf.published(resources_http, coordinator)
    new = await shelf.published(resources_http, coordinator)
    put_away = {"reason_code": "out_of_date", "replaced_by": new["item_key"]}
    await shelf.step(resources_http, coordinator, old, "archive", **put_away)
    seen = (await resources_http.get(f"/items/{old['item_key']}")).json()
    assert (seen["state"], seen["replaced_by"]) == ("archived", new["item_key"])
    listed = await resources_http.get("/items?limit=100")
    assert old["item_key"] not in {one["item_key"] for one in listed.json()["items"]}
    [message] = await told(resources_database, "ResourceArchived", old["item_key"])
    assert str(message.replaced_by) == new["item_id"]
    answer = await shelf.try_to(
        resources_http, coordinator, new, "archive", reason_code="x", replaced_by=new["item_key"]
    )
    assert shelf.pointers(answer) == {"/replaced_by"}


@pytest.mark.parametrize(
    ("details", "pointer"),
    [
        ({"workstreams": ["alchemy"]}, "/workstreams/0"),
        ({"learning_event_id": str(uuid4())}, "/learning_event_id"),
        ({"session_id": str(uuid4())}, "/session_id"),
        ({"link": "http://example.org/"}, "/link"),
        ({"link": "javascript:alert(1)"}, "/link"),
        ({"tags": ["<script>"]}, "/tags/0"),
        ({"item_key": "../etc/passwd"}, "/item_key"),
        ({"issued": "2019-13"}, "/issued"),
        ({"minutes": 0}, "/minutes"),
        ({"title": "Ring 07700 900123"}, "/title"),
    ],
)
async def test_what_cannot_be_said_of_an_item_is_refused(
    resources_http, coordinator, details, pointer
):
    form = shelf.words(**details)
    answer = await resources_http.post("/items", json=form, headers={**coordinator, **a.key()})
    assert pointer in shelf.pointers(answer)


async def test_the_text_of_an_item_is_shown_without_script(resources_http, coordinator):
    text = "# Steps\n\n<script>alert(1)</script> [here](javascript:alert(1)) [there](https://e.org)"
    item = await shelf.published(resources_http, coordinator, body=text)
    html = item["body_html"]
    assert "<h1>Steps</h1>" in html
    assert 'href="https://e.org"' in html
    assert "<script" not in html
    assert 'href="javascript' not in html
