"""Pathways lead through what the hub has, a little at a time, and end with a badge."""

from uuid import uuid4

import pytest

import a
import lessons
from digest import digest
from lessons import published, read_to_the_end
from pdu_resources.rules.pathway import Aim, Looking, Step, is_completed, next_step, suggested
from pdu_resources.usage.activity import item_id_of
from resources.surveys import attendance, came, told


@pytest.fixture
def http(resources_http):
    return resources_http


@pytest.fixture
def database(resources_database):
    return resources_database


@pytest.fixture
def coordinator(token):
    return token("coordinator")


def step(kind, ref, **details):
    return {"kind": kind, "ref": ref, "title": f"A {kind}", **details}


async def a_pathway(http, coordinator, *steps, **details):
    """The key of a pathway that can be begun."""
    form = {
        "pathway_key": f"test-{uuid4().hex[:16]}",
        "title": "A way through",
        "summary": "In small steps.",
        "gives_badge": True,
        "state": "published",
        "steps": list(steps) or [step("module", "tic-introduction")],
        **details,
    }
    answer = await http.post("/pathways", json=form, headers={**coordinator, **a.key()})
    assert answer.status_code == 201, answer.text
    return answer.json()["pathway_key"]


async def set_out(http, headers, key):
    answer = await http.put(f"/pathways/{key}/progress", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def look(http, headers, key):
    return (await http.get(f"/pathways/{key}/progress", headers=headers)).json()


@pytest.mark.parametrize(
    ("who", "keys"),
    [
        (Looking(), ["start", "any", "pie"]),
        (Looking(is_new=False), ["any", "pie", "start"]),
        (Looking("front_line", is_new=False), ["front", "any", "pie"]),
        (Looking("front_line", None, frozenset({"pie"}), is_new=False), ["pie", "front", "any"]),
        (Looking("commissioner", "housing", is_new=False), ["any", "pie", "start"]),
    ],
)
def test_a_pathway_is_suggested_to_those_it_is_for(who, keys):
    aims = [
        Aim("start", starts_here=True),
        Aim("any"),
        Aim("pie", interests=frozenset({"pie"})),
        Aim("front", role_levels=frozenset({"front_line"})),
        Aim("managers", role_levels=frozenset({"team_manager"}), work_fields=frozenset({"health"})),
    ]
    assert suggested(aims, who) == keys


def test_a_pathway_is_completed_by_what_is_not_optional():
    done, left, nice, gone = stone(1, "done"), stone(2), stone(3, "optional"), stone(4, "gone")
    assert is_completed([done, nice])
    assert not is_completed([done, left])
    assert not is_completed([nice])
    assert is_completed([stone(1, "done", "optional")])
    assert not is_completed([])
    assert [next_step(steps) for steps in ([done, left, nice], [done, nice])] == [2, 3]
    assert [next_step(steps) for steps in ([gone], [done])] == [None, None]


def stone(place, *how):
    """A step as rules see it."""
    return Step(place, optional="optional" in how, done="done" in how, there="gone" not in how)


async def test_the_first_screen_is_small_and_goes_on_where_somebody_is(http, token):
    first = (await http.get("/start-here")).json()
    assert first["pathway_key"] == "start-here"
    assert len(first["first_steps"]) == 3
    assert first["more_steps"] == 0
    _, headers = await lessons.member(http, token)
    await read_to_the_end(http, headers, "smd-understanding")
    now = (await http.get("/start-here", headers=headers)).json()
    assert [one["ref"] for one in now["first_steps"]] == [
        "tic-introduction",
        "pie-reflective-practice",
    ]


async def test_what_is_done_in_any_way_counts_and_the_last_step_completes(
    http, database, coordinator, token
):
    person_id, headers = await lessons.member(http, token)
    module, event_id, item = await published(http, coordinator), uuid4(), f"res-{uuid4().hex[:8]}"
    await database.pool.execute(
        "INSERT INTO item (item_id, item_key, kind, state) VALUES ($1, $2, 'resource', 'imported')",
        item_id_of(item),
        item,
    )
    key = await a_pathway(
        http,
        coordinator,
        step("module", module),
        step("event", str(event_id)),
        step("item", "not-there-yet", optional=True),
        step("recording", item),
    )
    await read_to_the_end(http, headers, module)
    begun = await set_out(http, headers, key)
    assert [one["done"] for one in begun["steps"]] == [True, False, False, False]
    assert ([one["there"] for one in begun["steps"]], begun["next_step"]) == (
        [True, True, False, True],
        2,
    )
    form = {"item_key": item, "action": "viewed"}
    await http.post("/activity", json=form, headers={**headers, **a.key()})
    assert (await look(http, headers, key))["completed_at"] is None
    await came(database, attendance(event_id, person_id=person_id))
    assert (await look(http, headers, key))["completed_at"]
    for _ in range(2):
        await set_out(http, headers, key)
    [started] = await told(database, "PathwayStarted", key)
    [completed] = await told(database, "PathwayCompleted", key)
    [badge] = await told(database, "BadgeIssued", key)
    assert {one.person_id for one in (started, completed, badge)} == {person_id}


async def test_my_pathways_are_those_i_am_on_and_a_few_that_suit_me(http, coordinator, token):
    _, headers = await lessons.member(http, token, role_level="team_manager")
    before = (await http.get("/my-pathways", headers=headers)).json()
    assert before["suggested"][0]["pathway_key"] == "start-here"
    assert len(before["suggested"]) <= 3
    assert "front-line-trauma-informed" not in [one["pathway_key"] for one in before["suggested"]]
    module = await published(http, coordinator)
    key = await a_pathway(http, coordinator, step("module", module), gives_badge=False)
    await set_out(http, headers, key)
    assert [one["pathway_key"] for one in await under_way(http, headers)] == [key]
    await read_to_the_end(http, headers, module)
    after = (await http.get("/my-pathways", headers=headers)).json()
    assert [one["pathway_key"] for one in after["completed"]] == [key]
    assert (await http.get("/my-badges", headers=headers)).json()["items"] == []


async def under_way(http, headers):
    return (await http.get("/my-pathways", headers=headers)).json()["under_way"]


async def test_pathways_are_found_by_role_field_and_interest(http, coordinator):
    key = await a_pathway(
        http, coordinator, role_levels=["commissioner"], work_fields=["housing_homelessness"]
    )
    for query, found in (
        ({"role_level": "commissioner"}, True),
        ({"role_level": "volunteer"}, False),
        ({"work_field": "housing_homelessness"}, True),
        ({"interest": "pie"}, False),
    ):
        listed = (await http.get("/pathways", params=query)).json()["items"]
        assert (key in [one["pathway_key"] for one in listed]) is found, query


async def test_of_two_who_edit_at_once_the_second_reads_a_pathway_first(http, coordinator):
    key = await a_pathway(http, coordinator)
    read = await http.get(f"/pathways/{key}")
    form = {"title": "Another", "summary": "Way.", "steps": [step("module", "act-first-steps")]}
    headers = {**coordinator, "If-Match": read.headers["etag"]}
    first = await http.put(f"/pathways/{key}", json=form, headers=headers)
    assert (first.status_code, first.json()["title"]) == (200, "Another")
    assert (await http.put(f"/pathways/{key}", json=form, headers=headers)).status_code == 412
    assert (await http.put(f"/pathways/{key}", json=form, headers=coordinator)).status_code == 428
    assert (await http.get(f"/pathways/{key}")).status_code == 404, "a draft now"
    assert (await http.get(f"/pathways/{key}", headers=coordinator)).status_code == 200


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"steps": []}, "/steps"),
        ({"steps": [step("event", "soon")]}, "/steps/0/ref"),
        ({"steps": [step("item", "x"), step("item", "x")]}, "/steps/1"),
        ({"role_levels": ["emperor"]}, "/role_levels/0"),
        ({"interests": ["cookery"]}, "/interests/0"),
        ({"starts_here": True, "state": "published"}, "/starts_here"),
    ],
)
async def test_a_bad_pathway_is_refused_and_changes_nothing(
    http, database, coordinator, change, pointer
):
    form = {"pathway_key": f"test-{uuid4().hex}", "title": "A", "summary": "B"}
    form |= {"steps": [step("module", "act-first-steps")], **change}
    before = await digest(database)
    answer = await http.post("/pathways", json=form, headers={**coordinator, **a.key()})
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]
    assert await digest(database) == before


async def test_nobody_sets_out_on_what_is_not_there(http, coordinator, token):
    _, headers = await lessons.member(http, token)
    draft = await a_pathway(http, coordinator, state="draft")
    for key in (draft, "nope"):
        assert (await http.put(f"/pathways/{key}/progress", headers=headers)).status_code == 404
        assert (await http.get(f"/pathways/{key}/progress", headers=headers)).status_code == 404
    form = {"pathway_key": draft, "title": "A", "summary": "B", "steps": [step("item", "x")]}
    answer = await http.post("/pathways", json=form, headers={**coordinator, **a.key()})
    assert answer.status_code == 409
