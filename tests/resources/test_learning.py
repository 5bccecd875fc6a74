"""Members learn at their own pace: begin, go on elsewhere, answer, complete; nobody looks on."""

import asyncio
import io
from uuid import uuid4

import pytest
from pypdf import PdfReader

import a
import lessons
from digest import digest
from lessons import QUESTION, folder, published, read_to_the_end, send, zipped
from pdu_resources.learning.manuscript import read as manuscript
from pdu_resources.learning.publishing import publish_shipped
from pdu_resources.learning.seeds import seed
from pdu_resources.usage.activity import item_id_of
from pdu_shared.database import transaction
from resources.surveys import told


@pytest.fixture
def http(resources_http):
    return resources_http


@pytest.fixture
def database(resources_database):
    return resources_database


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture
async def learner(http, token):
    """The header of somebody with an account."""
    return (await lessons.member(http, token))[1]


async def test_the_suite_has_twenty_modules_in_five_groups(http):
    groups = {one["code"]: one for one in (await http.get("/modules")).json()["groups"]}
    assert groups.pop("systems_leadership")["label"] == "Systems leadership"
    assert set(groups) == {"smd", "gender_cultural_responsivity", "tic", "pie", "act"}
    named = {one["title"]: one for group in groups.values() for one in group["modules"]}
    first = [one for group in groups.values() for one in group["modules"][:4]]
    assert len(first) == 20
    begun = named["Trauma informed care: a first look"]
    assert (begun["state"], begun["is_example"], begun["minutes"]) == ("published", True, 25)
    assert named["Spaces that say welcome"]["state"] == "announced"


async def test_anybody_sees_what_a_module_is_about_and_nobody_its_pages(http):
    seen = (await http.get("/modules/tic-introduction")).json()
    assert seen["pages"][1] == "Six principles"
    assert seen["support"]
    assert (await http.get("/modules/tic-introduction/pages/1")).status_code == 401
    assert (await http.get("/modules/pie-spaces")).status_code == 404, "announced"


async def test_seeding_again_changes_nothing_and_leaves_what_was_published_here(
    http, database, coordinator, house
):
    mine = folder("act-first-steps", title="ACT, as we do it", group="act")
    assert (await send(http, coordinator, zipped(mine))).json()["version"] == 2
    before = await digest(database)
    async with house.database("resources") as own, transaction(own) as conn:
        await seed(conn)
    assert await digest(database) == before


async def test_a_newer_example_replaces_an_older_one_and_nothing_that_was_published_here(
    http, house, coordinator
):
    theirs, ours = f"test-{uuid4().hex[:16]}", await published(http, coordinator)
    async with house.database("resources") as own, transaction(own) as conn:
        for key in (theirs, ours):
            for title in ("As it came", "As it comes now"):
                await publish_shipped(conn, manuscript(folder(key, title=title)))
    assert (await http.get(f"/modules/{theirs}")).json()["title"] == "As it comes now"
    assert (await http.get(f"/modules/{ours}")).json()["title"] == "Arriving"


async def test_a_module_that_is_sent_in_is_published_and_told(http, database, coordinator):
    key = await published(http, coordinator, title="Arriving well")
    [fact] = await told(database, "ModulePublished", key)
    assert (fact.title, fact.version, fact.module_id) == ("Arriving well", 1, item_id_of(key))
    assert (await http.get(f"/modules/{key}")).json()["pages"] == ["Hello", "Page 2"]


async def test_the_same_words_are_no_new_version_and_a_dry_run_publishes_nothing(
    http, database, coordinator
):
    key = await published(http, coordinator)
    again = (await send(http, coordinator, zipped(folder(key)))).json()
    assert (again["version"], again["is_new"]) == (1, False)
    tried = (await send(http, coordinator, zipped(folder(key, title="B")), dry_run="true")).json()
    assert (tried["version"], tried["is_new"], tried["dry_run"]) == (2, True, True)
    assert len(await told(database, "ModulePublished", key)) == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b"not a zip", ""),
        (zipped({"../module.toml": "x"}), "/..~1module.toml"),
        (zipped(folder(group="cookery")), "/module.toml"),
        (zipped(folder() | {"02-page.md": "No title\n\n```question one\n"}), "/02-page.md/1"),
    ],
)
async def test_a_bad_module_is_refused_by_file_and_line_and_changes_nothing(
    http, database, coordinator, body, pointer
):
    before = await digest(database)
    answer = await send(http, coordinator, body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert await digest(database) == before


async def test_a_bomb_is_not_unpacked(http, coordinator):
    answer = await send(http, coordinator, zipped({"01-bomb.md": "0" * 10_000_000}))
    assert answer.json()["errors"][0]["code"] == "too-large"
    answer = await send(http, coordinator, b"PK" + bytes(1_100_000))
    assert answer.status_code == 413


async def test_script_in_a_page_does_not_run(http, coordinator, learner):
    pages = folder() | {"02-page.md": "# X\n\n<script>alert(1)</script> [x](javascript:alert(1))\n"}
    key = (await send(http, coordinator, zipped(pages))).json()["module_key"]
    page = (await http.get(f"/modules/{key}/pages/2", headers=learner)).json()
    assert "<script" not in page["parts"][0]["html"]
    assert "href" not in page["parts"][0]["html"]


async def test_a_member_goes_on_with_a_module_on_another_device(http, coordinator, learner):
    key = await published(http, coordinator, pages=3)
    path = f"/modules/{key}"
    assert (await http.get(f"{path}/progress", headers=learner)).json()["state"] == "not_started"
    await http.put(f"{path}/progress", json={}, headers=learner)
    await http.put(f"{path}/progress", json={"page": 2}, headers=learner)
    await http.put(f"{path}/answers/door", json={"options": ["b"]}, headers=learner)
    there = (await http.get(f"{path}/progress", headers=learner)).json()
    assert (there["state"], there["page"], there["answered"]) == ("in_progress", 2, ["door"])
    first = (await http.get(f"{path}/pages/1", headers=learner)).json()
    assert first["parts"][1]["answer"]["options"] == ["b"]


async def test_an_answer_is_met_with_a_thought_and_may_be_changed(http, coordinator, learner):
    key = await published(http, coordinator)
    await http.put(f"/modules/{key}/progress", json={}, headers=learner)
    path = f"/modules/{key}/answers/door"
    first = (await http.put(path, json={"options": ["b"]}, headers=learner)).json()
    assert [(one["fits"], one["html"]) for one in first["about"]] == [(False, "<p>Later.</p>\n")]
    again = (await http.put(path, json={"options": ["a"]}, headers=learner)).json()
    assert [one["fits"] for one in again["about"]] == [True]


async def test_what_a_learner_answers_leaves_resources_in_no_message(
    http, database, coordinator, learner
):
    text = QUESTION + "\n\n```question write mine\nWhat is yours?\n\n> Thanks.\n```"
    pages = folder() | {"01-hello.md": f"# Hello\n\n{text}\n"}
    key = (await send(http, coordinator, zipped(pages))).json()["module_key"]
    await http.put(f"/modules/{key}/progress", json={}, headers=learner)
    await http.put(f"/modules/{key}/answers/mine", json={"said": "Canary 7f3a"}, headers=learner)
    kept = await database.pool.fetchval(
        "SELECT count(*) FROM outbox WHERE body LIKE '%Canary 7f3a%'"
    )
    assert kept == 0
    kept = await database.pool.fetchval(
        "SELECT count(*) FROM idempotency WHERE answer LIKE '%Canary 7f3a%'"
    )
    assert kept == 0


async def test_beginning_and_completing_are_told_once_however_often_they_are_said(
    http, database, coordinator, learner
):
    key = await published(http, coordinator)
    began = [http.put(f"/modules/{key}/progress", json={}, headers=learner) for _ in range(8)]
    assert {one.status_code for one in await asyncio.gather(*began)} == {200}
    await http.put(f"/modules/{key}/progress", json={"page": 2}, headers=learner)
    done = [http.put(f"/modules/{key}/completion", headers=learner) for _ in range(8)]
    assert {one.json()["state"] for one in await asyncio.gather(*done)} == {"completed"}
    assert len(await told(database, "ModuleStarted", key)) == 1
    assert len(await told(database, "ModuleCompleted", key)) == 1


async def test_what_was_not_begun_or_not_read_is_not_completed(http, coordinator, learner):
    key = await published(http, coordinator, pages=3)
    assert (await http.put(f"/modules/{key}/completion", headers=learner)).status_code == 409
    answer = await http.put(
        f"/modules/{key}/answers/door", json={"options": ["a"]}, headers=learner
    )
    assert answer.status_code == 409
    await http.put(f"/modules/{key}/progress", json={"page": 2}, headers=learner)
    answer = await http.put(f"/modules/{key}/completion", headers=learner)
    assert (answer.status_code, "page 3" in answer.json()["detail"]) == (409, True)


async def test_what_is_not_there_is_not_found(http, coordinator, learner):
    key = await published(http, coordinator)
    await http.put(f"/modules/{key}/progress", json={}, headers=learner)
    answer = await http.put(
        f"/modules/{key}/answers/nope", json={"options": ["a"]}, headers=learner
    )
    assert answer.status_code == 404
    assert (await http.get(f"/modules/{key}/pages/3", headers=learner)).status_code == 404
    assert (await http.get("/modules/nope/progress", headers=learner)).status_code == 404
    answer = await http.put(f"/modules/{key}/progress", json={"page": 3}, headers=learner)
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/page"]
    answer = await http.put(
        f"/modules/{key}/answers/door", json={"options": ["z"]}, headers=learner
    )
    assert [one["code"] for one in answer.json()["errors"]] == ["unknown-option"]


async def test_whoever_began_with_a_version_ends_with_it(http, coordinator, learner):
    key = await published(http, coordinator, pages=2)
    await http.put(f"/modules/{key}/progress", json={"page": 2}, headers=learner)
    await send(http, coordinator, zipped(folder(key, pages=4)))
    now = (await http.get(f"/modules/{key}/progress", headers=learner)).json()
    assert (now["version"], now["pages"], now["newer_version"]) == (1, 2, True)
    done = (await http.put(f"/modules/{key}/completion", headers=learner)).json()
    assert (done["state"], done["version"]) == ("completed", 1)
    path = f"/modules/{key}/progress"
    anew = (await http.put(path, json={"newest": True}, headers=learner)).json()
    assert (anew["state"], anew["version"], anew["pages"]) == ("in_progress", 2, 4)


async def test_a_retired_module_is_completed_and_not_begun(http, database, coordinator, token):
    key = await published(http, coordinator)
    (_, early), (_, late) = [await lessons.member(http, token) for _ in range(2)]
    await http.put(f"/modules/{key}/progress", json={"page": 2}, headers=early)
    for _ in range(2):
        assert (await http.delete(f"/modules/{key}", headers=coordinator)).status_code == 204
    assert (await http.put(f"/modules/{key}/completion", headers=early)).status_code == 200
    assert (await http.put(f"/modules/{key}/progress", json={}, headers=late)).status_code == 404
    assert len(await told(database, "ModuleRetired", key)) == 1
    assert (await http.delete("/modules/pie-spaces", headers=coordinator)).status_code == 409
    await published(http, coordinator, key=key)
    assert (await http.put(f"/modules/{key}/progress", json={}, headers=late)).status_code == 200


async def test_a_module_with_pages_is_begun_by_reading_it_and_not_by_saying_so(http, learner):
    form = {"item_key": "tic-introduction", "action": "module_completed"}
    answer = await http.post("/activity", json=form, headers={**learner, **a.key()})
    assert [one["code"] for one in answer.json()["errors"]] == ["has-pages"]


async def test_only_who_has_an_account_learns(http, token):
    answer = await http.put("/modules/tic-introduction/progress", json={}, headers=token("member"))
    assert answer.status_code == 409


async def test_somebody_with_two_ids_goes_on_under_the_one_that_is_kept(http, coordinator, token):
    key = await published(http, coordinator)
    (old, before), (kept, now) = [await lessons.member(http, token) for _ in range(2)]
    await read_to_the_end(http, before, key)
    merge = {"kept_id": str(kept), "merged_id": str(old), "basis": "test"}
    await http.post("/persons/merges", json=merge, headers=coordinator)
    there = (await http.get(f"/modules/{key}/progress", headers=now)).json()
    assert there["state"] == "completed"


async def test_who_completed_a_module_has_a_certificate_that_anybody_can_verify(
    http, coordinator, learner
):
    key = await published(http, coordinator, title="Arriving #1 *well*")
    path = f"/modules/{key}/certificate"
    assert (await http.put(path, json={}, headers=learner)).status_code == 409
    assert (await http.get(path, headers=learner)).status_code == 404
    await read_to_the_end(http, learner, key)
    asked = [http.put(path, json={}, headers=learner) for _ in range(4)]
    [code] = {one.json()["code"] for one in await asyncio.gather(*asked)}
    seen = (await http.get(f"/certificates/{code}")).json()
    assert (seen["title"], seen["holder"]) == ("Arriving #1 *well*", "A. A. D.")
    named = (await http.put(path, json={"show_name": True}, headers=learner)).json()
    assert (named["code"], named["holder"]) == (code, "Alan a Dale")
    assert (await http.get(f"/certificates/{code}")).json()["holder"] == "Alan a Dale"
    assert (await http.get(f"/certificates/{'a' * 24}")).status_code == 404
    paper = await http.get(f"{path}/paper", headers=learner)
    said = PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    assert "Alan a Dale" in said
    assert "Arriving #1 *well*" in said
    assert code in said.replace("\n", "")
