"""An issue of the bulletin is collected, written, checked, approved, and read by everybody."""

import shutil
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from xml.etree.ElementTree import fromstring

import pytest

from notifications import told
from notifications.office import tell
from notifications.reading import subscribers
from pdu_shared.contracts.bookings.programme import EventCancelled
from pdu_shared.contracts.resources.library import ResourceArchived, ResourcePublished
from pdu_shared.contracts.resources.vocabulary import WorkstreamDefined
from pdu_shared.contracts.resources.voice import WeDidReported
from pdu_shared.contracts.vocabulary import AccessTier

NEXT_WEEK = datetime.now(UTC) + timedelta(days=7)
ATOM = "{http://www.w3.org/2005/Atom}"


class Editor:
    """Somebody who writes issues over HTTP."""

    def __init__(self, http, token):
        self.http, self.headers = http, token("coordinator", sub=uuid4())

    async def begins(self, **form):
        key = f"test-{uuid4().hex[:12]}"
        told = {"issue_key": key, "title": "The bulletin", "texts": {"headline": "Hello."}} | form
        headers = {**self.headers, "Idempotency-Key": uuid4().hex}
        answer = await self.http.post("/bulletins", json=told, headers=headers)
        assert answer.status_code == 201, answer.text
        return key

    async def sees(self, key):
        return await self.http.get(f"/bulletins/{key}", headers=self.headers)

    async def writes(self, key, **form):
        return await self._put(f"/bulletins/{key}", key, {"title": "The bulletin"} | form)

    async def moves(self, key, state, **more):
        return await self._put(f"/bulletins/{key}/state", key, {"state": state} | more)

    async def moves_on(self, key, *states):
        for state in states:
            answer = await self.moves(key, state)
            assert answer.status_code == 200, answer.text
        return answer.json()

    async def _put(self, path, key, body):
        etag = (await self.sees(key)).headers["ETag"]
        return await self.http.put(path, json=body, headers={**self.headers, "If-Match": etag})


@pytest.fixture
def editor(notifications_http, token):
    return Editor(notifications_http, token)


@pytest.fixture
def second(notifications_http, token):
    return Editor(notifications_http, token)


def published(**more):
    item_id = uuid4()
    return ResourcePublished(
        item_id=item_id,
        item_key=f"item-{item_id.hex[:8]}",
        type="toolkit",
        title=f"A toolkit {item_id.hex[:8]}",
        members_only=False,
        published_on=datetime.now(UTC).date(),
        **more,
    )


async def test_an_issue_collects_what_others_tell(editor, notifications_database):
    stream = f"s{uuid4().hex[:10]}"
    await tell(notifications_database, WorkstreamDefined.model_validate(_workstream(stream)))
    story, gone = told.Story(), told.Story()
    coming = story.published.model_copy(
        update={"workstreams": (stream,), "access_tier": AccessTier.OPEN}
    )
    called_off = gone.published.model_copy(update={"workstreams": (stream,)})
    new, archived = published(workstreams=(stream,)), published(workstreams=(stream,))
    said = WeDidReported(
        item_id=uuid4(),
        state="done",
        learning_event_id=story.learning_event_id,
        workstream=stream,
        said_on=date(2026, 1, 5),
        changed_on=datetime.now(UTC).date(),
    )
    await tell(
        notifications_database,
        *(coming, *story.scheduled, called_off, *gone.scheduled, new, archived, said),
        EventCancelled(learning_event_id=gone.learning_event_id, reason_code="speaker_ill"),
        ResourceArchived(item_id=archived.item_id, item_key=archived.item_key, reason_code="old"),
    )
    key = await editor.begins(topics=[stream])
    entries = (await editor.sees(key)).json()["entries"]
    assert [(one["section"], one["source_id"]) for one in entries] == [
        ("upcoming", str(story.learning_event_id)),
        *sorted(
            [("hub", str(new.item_id)), ("change", str(said.item_id))],
            key=lambda one: [entry["source_id"] for entry in entries].index(one[1]),
        ),
    ]
    assert entries[0]["facts"][-1] == "In person. Open to everybody"
    left_out = await editor.writes(key, topics=[stream], left_out=[str(new.item_id)])
    assert str(new.item_id) not in {one["source_id"] for one in left_out.json()["entries"]}
    assert (await editor.moves(key, "draft")).status_code == 200
    late = published(workstreams=(stream,))
    await tell(notifications_database, late)
    ids = {one["source_id"] for one in (await editor.sees(key)).json()["entries"]}
    assert ids == {str(story.learning_event_id), str(said.item_id)}
    html = await editor.http.get(f"/bulletins/{key}/preview/html", headers=editor.headers)
    assert f"events/{story.learning_event_id}?source={key}" in html.text
    assert "You said, and it is done" in html.text


def _workstream(code):
    return {
        "workstream_id": uuid4(),
        "code": code,
        "label": f"Stream {code}",
        "valid_from": "2026-04-01",
    }


async def test_nobody_overwrites_what_they_have_not_seen(editor, second):
    key = await editor.begins()
    etag = (await editor.sees(key)).headers["ETag"]
    assert (await second.writes(key, texts={"headline": "Other words."})).status_code == 200
    stale = {**editor.headers, "If-Match": etag}
    answer = await editor.http.put(f"/bulletins/{key}", json={"title": "Mine"}, headers=stale)
    assert answer.status_code == 412
    missing = await editor.http.put(
        f"/bulletins/{key}", json={"title": "Mine"}, headers=editor.headers
    )
    assert missing.status_code == 428
    assert (await editor.sees(key)).json()["texts"]["headline"] == "Other words."
    again = await editor.http.post(
        "/bulletins",
        json={"issue_key": key, "title": "The same"},
        headers={**editor.headers, "Idempotency-Key": uuid4().hex},
    )
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("headline", "code"),
    [
        ("![](https://example.org/x.png)", "picture-without-words"),
        ("## Second before first", "heading-order"),
        ("[](https://example.org)", "link-without-words"),
        ("[x](https://)", "link-address"),
        ("[x](https://127.0.0.1/admin)", "link-address"),
        ("[x](https://me:secret@example.org/)", "link-address"),
        ("[x](/events)", "link-address"),
        ("[x](ftp://example.org/x)", "link-address"),
        ("[x](http://127.0.0.1:8000/events/018f0000-0000-7000-8000-00000000dead)", "link-unknown"),
        ("[x](http://127.0.0.1:8000/events/nonsense)", "link-unknown"),
    ],
)
async def test_what_would_shut_readers_out_goes_no_further(editor, headline, code):
    key = await editor.begins(texts={"headline": headline})
    await editor.moves_on(key, "draft")
    found = (await editor.http.get(f"/bulletins/{key}/checks", headers=editor.headers)).json()
    errors = [one for one in found["findings"] if one["severity"] == "error"]
    assert (found["ok"], [one["code"] for one in errors]) == (False, [code])
    assert errors[0]["pointer"] == "/texts/headline"
    assert (await editor.moves(key, "in_review")).status_code == 409
    assert (await editor.writes(key, texts={"headline": "Plain words."})).status_code == 200
    assert (await editor.moves(key, "in_review")).status_code == 200


async def test_what_could_be_better_is_said_and_stops_nothing(editor):
    written = "Read [more](http://example.org) ![Two people](https://example.org/x.png)"
    key = await editor.begins(texts={"headline": written})
    found = (await editor.http.get(f"/bulletins/{key}/checks", headers=editor.headers)).json()
    assert found["ok"]
    assert {one["code"] for one in found["findings"]} == {
        "link-words",
        "link-not-secure",
        "picture-left-out",
    }


async def test_an_issue_with_nothing_in_it_is_none(editor):
    key = await editor.begins(texts={}, topics=[], left_out=[])
    found = (await editor.sees(key)).json()
    await editor.writes(key, left_out=[one["source_id"] for one in found["entries"]])
    await editor.moves_on(key, "draft")
    answer = await editor.moves(key, "in_review")
    assert answer.status_code == 409
    assert "checks" in answer.json()["detail"]


async def test_editors_say_for_which_sectors_and_fields_it_is(editor):
    key = await editor.begins(sectors=["nobody_is_of_this"])
    assert (await editor.sees(key)).json()["recipients"] == 0
    seen = (await editor.writes(key, sectors=[], work_fields=["nor_of_that"])).json()
    assert (seen["sectors"], seen["work_fields"]) == ([], ["nor_of_that"])
    assert (seen["recipients"], seen["bases"]) == (0, {})


async def test_to_more_than_500_nobody_writes_alone(editor, second, notifications_database):
    stream = f"s{uuid4().hex[:10]}"
    await tell(notifications_database, WorkstreamDefined.model_validate(_workstream(stream)))
    await subscribers(notifications_database, 501, "opportunities", topics=[stream])
    key = await editor.begins(list="opportunities", topics=[stream])
    seen = await editor.moves_on(key, "draft", "in_review")
    assert seen["recipients"] >= 501
    assert seen["bases"] == {"consent": seen["recipients"]}
    assert seen["needs_second_person"]
    alone = await editor.moves(key, "approved")
    assert alone.status_code == 409
    assert "did not write it" in alone.json()["detail"]
    assert (await second.moves(key, "approved")).status_code == 200
    assert (await editor.moves(key, "scheduled", **_time("scheduled"))).status_code == 200
    assert (await editor.moves(key, "approved")).status_code == 200  # out of the calendar again
    sent_back = await editor.moves(key, "draft", note="One more link.")
    assert sent_back.json()["note"] == "One more link."
    await editor.moves_on(key, "in_review")
    assert (await editor.moves(key, "approved")).status_code == 409  # asked anew
    await editor.moves_on(key, "withdrawn")


async def test_an_issue_goes_one_step_at_a_time(editor):
    key = await editor.begins(list="alerts", topics=[])
    for state in ("approved", "scheduled", "sending", "paused", "collecting"):
        answer = await editor.moves(key, state, **_time(state))
        assert answer.status_code == 409, state
    await editor.moves_on(key, "draft", "in_review")
    assert (await editor.writes(key, texts={"headline": "Late."})).status_code == 409
    await editor.moves_on(key, "approved")
    without = await editor.moves(key, "scheduled")
    past = await editor.moves(key, "scheduled", scheduled_for="2026-01-05T10:00")
    assert {one.json()["errors"][0]["pointer"] for one in (without, past)} == {"/scheduled_for"}
    assert without.status_code == past.status_code == 422
    answer = await editor.moves(key, "scheduled", **_time("scheduled"))
    assert answer.json()["scheduled_for"]
    assert (await editor.moves_on(key, "approved"))["scheduled_for"] is None
    await editor.moves_on(key, "withdrawn")
    assert (await editor.moves(key, "draft")).status_code == 409


def _time(state):
    local = f"{NEXT_WEEK:%Y-%m-%dT%H:%M}"
    return {"scheduled_for": local} if state == "scheduled" else {}


async def test_bad_words_get_a_clear_answer(editor):
    headers = {**editor.headers, "Idempotency-Key": uuid4().hex}
    for wrong, pointer in (
        ({"issue_key": "Not a key"}, "/issue_key"),
        ({"title": "Two\r\nBcc: everybody"}, "/title"),
        ({"list": "surveys"}, "/list"),
        ({"texts": {"adverts": "x"}}, "/texts/adverts"),
        ({"texts": {"headline": "x" * 4001}}, "/texts/headline"),
        ({"topics": ["no-such-topic"]}, "/topics/0"),
    ):
        form = {"issue_key": f"bad-{uuid4().hex[:8]}", "title": "T"} | wrong
        answer = await editor.http.post("/bulletins", json=form, headers=headers)
        assert answer.status_code == 422, (wrong, answer.text)
        assert answer.json()["errors"][0]["pointer"] == pointer
        headers["Idempotency-Key"] = uuid4().hex


async def test_an_issue_is_seen_beforehand_as_text_html_and_picture(editor):
    key = await editor.begins(
        texts={"headline": "**Bold** <script>alert(1)</script>", "local_news": "# One\n\n- a"}
    )
    text, html = [
        await editor.http.get(f"/bulletins/{key}/preview/{form}", headers=editor.headers)
        for form in ("text", "html")
    ]
    assert text.headers["content-type"].startswith("text/plain")
    assert "Local news\n----------\n\nOne\n\n- a" in text.text
    assert "<h2" in html.text
    assert "<h3>One</h3>" in html.text
    assert "<script" not in html.text
    assert "<img" not in html.text
    assert "default-src 'none'" in html.headers["content-security-policy"]
    picture = await editor.http.get(
        f"/bulletins/{key}/preview/picture", params={"width": 320}, headers=editor.headers
    )
    if shutil.which("chromium") or shutil.which("chromium-browser"):
        assert picture.headers["content-type"] == "image/png"
        assert picture.content.startswith(b"\x89PNG")
    else:
        assert picture.status_code == 409
        assert "Chromium" in picture.json()["detail"]


async def test_everybody_reads_what_went_out_and_nothing_else(editor, notifications_database):
    key = await editor.begins(texts={"headline": "We met & talked."})
    public = editor.http
    paths = (f"/bulletin-archive/{key}", f"/bulletin-archive/{key}/page")
    assert {(await public.get(path)).status_code for path in paths} == {404}
    await notifications_database.pool.execute(
        """
        UPDATE bulletin_issue SET state = 'sent', began_at = now(), sent_at = now(),
               counts = '{"sent": 3}' WHERE issue_key = $1
        """,
        key,
    )
    read, page = [await public.get(path) for path in paths]
    assert read.json()["parts"][0]["html"] == "<p>We met &amp; talked.</p>\n"
    assert "We met &amp; talked." in page.text
    assert "/p/" not in page.text
    assert key in {one["issue_key"] for one in (await public.get("/bulletin-archive")).json()}
    feed = await public.get("/bulletin-feed")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    root = fromstring(feed.content)  # noqa: S314 - our own feed
    ids = [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")]
    assert f"http://127.0.0.1:8000/bulletin/{key}" in ids
    await editor.moves_on(key, "withdrawn")
    assert {(await public.get(path)).status_code for path in paths} == {404}
