"""Plans: written as a whole, with objectives that are never taken away, and actions for them."""

import json
from datetime import date
from uuid import uuid4

import pytest

import a
import governed
from governed import day, get, post, put, try_to_put, wrong
from pdu_resources.rules.plan import troubles
from pdu_resources.rules.undertaking import is_open, is_overdue, may_become
from pdu_shared.contracts.resources.steering import UndertakingState

WAYS = {
    "intended": "intended reminded done partly not_done no_answer",
    "reminded": "reminded done partly not_done no_answer",
    "partly": "partly reminded done not_done no_answer",
    "no_answer": "no_answer reminded done partly not_done",
    "not_done": "not_done partly done",
    "done": "done partly",
}


@pytest.fixture
def coordinator(token):
    return token("coordinator")


async def told(database, subject):
    rows = await database.pool.fetch(
        "SELECT body FROM outbox WHERE subject = $1 ORDER BY position", subject
    )
    return [json.loads(row["body"])["data"] for row in rows]


def written(plan, **changes):
    """What a front end sends back of a plan that it has read."""
    seen = {"actions", "actions_settled", "actions_overdue"}
    objectives = [
        {name: value for name, value in one.items() if name not in seen}
        for one in plan["objectives"]
    ]
    kept = ("kind", "workstream", "title", "aims", "starts_on", "state", "milestones", "activities")
    return {**{name: plan[name] for name in kept}, "objectives": objectives, **changes}


@pytest.mark.parametrize("state", UndertakingState)
def test_what_was_taken_on_goes_these_ways_and_no_others(state):
    assert {one for one in UndertakingState if may_become(state, one)} == set(WAYS[state].split())


def test_what_is_not_settled_is_overdue_the_day_after():
    due = date(2027, 1, 31)
    for state in UndertakingState:
        assert is_open(state) == (state not in {"done", "not_done"})
        assert not is_overdue(state, due, due)
        assert is_overdue(state, due, date(2027, 2, 1)) == is_open(state)


def test_no_objective_is_left_out_named_twice_or_from_elsewhere():
    first, second = uuid4(), uuid4()
    intended, done = UndertakingState.INTENDED, UndertakingState.DONE
    there = {first: done, second: intended}
    assert not list(troubles(there, [(second, done), (first, done), (None, intended)]))
    found = troubles(there, [(first, intended), (first, done), (uuid4(), intended)])
    assert [(one.place, one.code) for one in found] == [
        (0, "no-way"),
        (1, "named-twice"),
        (2, "unknown-objective"),
        (None, "left-out"),
    ]


async def test_a_plan_has_objectives_milestones_and_what_is_done_for_them(
    resources_http, resources_database, coordinator, token
):
    event = str(uuid4())
    plan = await post(
        resources_http,
        coordinator,
        "/plans",
        governed.plan(
            objectives=[{"wording": "Ask first.", "partner_plan": "changing_futures"}],
            milestones=[{"wording": "Two agree", "due_on": day(20), "reached_on": day(-1)}],
            activities=[{"kind": "learning_event", "activity_id": event}],
        ),
    )
    [objective] = plan["objectives"]
    assert (plan["objectives_set"], plan["milestones_reached"]) == (1, 1)
    [message] = await told(resources_database, f"objective/{objective['objective_id']}")
    assert (message["workstream"], message["partner_plan"]) == ("housing", "changing_futures")
    assert "Ask first" not in json.dumps(message)

    anew = written(plan, title="A room of one's own")
    anew["objectives"][0] |= {"state": "partly", "wording": "Hostels ask."}
    anew["objectives"].insert(0, {"wording": "Nobody sleeps rough."})
    path = f"/plans/{plan['plan_id']}"
    changed = await put(resources_http, coordinator, path, anew, seen=1)
    assert [one["wording"] for one in changed["objectives"]] == [
        "Nobody sleeps rough.",
        "Hostels ask.",
    ]
    again = await told(resources_database, f"objective/{objective['objective_id']}")
    assert [one["state"] for one in again] == ["intended", "partly"]
    [change] = (await get(resources_http, coordinator, f"/changes/{plan['plan_id']}"))["items"]
    assert change["was"]["title"] == plan["title"]
    assert change["was"]["objectives"][0]["wording"] == "Ask first."
    group = token("steering_group")
    assert (await get(resources_http, group, path))["activities"] == [
        {"kind": "learning_event", "activity_id": event}
    ]
    lines = await get(resources_http, group, "/plans", limit=100, workstream="housing")
    assert plan["plan_id"] in [one["plan_id"] for one in lines["items"]]
    assert (await try_to_put(resources_http, coordinator, path, anew, seen=1)).status_code == 412


async def test_a_plan_that_does_not_fit_is_refused_with_everything_that_is_wrong(
    resources_http, coordinator
):
    plan = await post(resources_http, coordinator, "/plans", governed.plan())
    path = f"/plans/{plan['plan_id']}"
    wrongly = written(
        plan,
        workstream="atlantis",
        group_id=str(uuid4()),
        objectives=[{"objective_id": str(uuid4()), "wording": "Somebody else's."}],
    )
    answer = await try_to_put(resources_http, coordinator, path, wrongly, seen=1)
    assert wrong(answer) == {
        ("/workstream", "unknown-code"),
        ("/objectives/0", "unknown-objective"),
        ("/objectives", "left-out"),
        ("/group_id", "unknown-group"),
    }
    other = written(plan, kind="programme_of_change")
    assert (await try_to_put(resources_http, coordinator, path, other, seen=1)).status_code == 409
    assert (await get(resources_http, coordinator, path))["version"] == 1


async def test_a_programme_of_change_spans_work_streams(resources_http, coordinator):
    programme = governed.plan(kind="programme_of_change", workstream=None)
    plan = await post(resources_http, coordinator, "/plans", programme)
    assert plan["workstream"] is None
    nameless = governed.plan(workstream=None)
    answer = await resources_http.post("/plans", json=nameless, headers={**coordinator, **a.key()})
    assert answer.status_code == 422


async def test_whoever_an_action_is_for_says_how_far_it_is(
    resources_http, resources_database, coordinator, token
):
    sub = uuid4()
    seat = await post(
        resources_http, coordinator, "/steering/seats", governed.seat(person_id=str(sub))
    )
    plan = await post(resources_http, coordinator, "/plans", governed.plan())
    objective_id = plan["objectives"][0]["objective_id"]
    action = await post(
        resources_http,
        coordinator,
        f"/objectives/{objective_id}/actions",
        governed.action(seat_id=seat["seat_id"]),
    )
    path, mine = f"/actions/{action['action_id']}", token("steering_group", sub=sub)
    [own] = (await get(resources_http, mine, "/actions/mine"))["items"]
    assert (own["action_id"], own["what"]) == (action["action_id"], "Ask two more hostels.")
    somebody = token("steering_group")
    assert (await get(resources_http, somebody, "/actions/mine"))["items"] == []
    assert (await resources_http.get(path, headers=somebody)).status_code == 404

    report = {"state": "partly", "percent": 50, "note": "One has agreed."}
    answer = await try_to_put(resources_http, somebody, f"{path}/progress", report, seen=1)
    assert answer.status_code == 404
    await put(resources_http, mine, f"{path}/progress", report, seen=1)
    done = await put(resources_http, mine, f"{path}/progress", {"state": "done"}, seen=2)
    assert (done["state"], done["version"]) == ("done", 3)
    back = {"state": "intended"}
    answer = await try_to_put(resources_http, mine, f"{path}/progress", back, seen=3)
    assert answer.status_code == 409
    messages = await told(resources_database, f"action/{action['action_id']}")
    assert [one["state"] for one in messages] == ["intended", "partly", "done"]
    assert "agreed" not in json.dumps(messages)
    assert {one["of"] for one in messages} == {"workstream_plan"}
    [seen] = (await get(resources_http, coordinator, f"/plans/{plan['plan_id']}"))["objectives"]
    assert (seen["actions"], seen["actions_settled"]) == (1, 1)


async def test_what_is_overdue_stands_in_a_queue_of_its_own(
    resources_http, resources_database, coordinator
):
    plan = await post(resources_http, coordinator, "/plans", governed.plan())
    path = f"/objectives/{plan['objectives'][0]['objective_id']}/actions"
    late, other = [
        await post(resources_http, coordinator, path, governed.action()) for _ in range(2)
    ]
    await resources_database.pool.execute(
        "UPDATE action SET set_on = set_on - 60, due_on = due_on - 60 WHERE action_id = $1",
        late["action_id"],
    )
    asked = {"plan_id": plan["plan_id"], "limit": 1}
    found = await get(resources_http, coordinator, "/actions", **asked, overdue=True)
    assert [one["action_id"] for one in found["items"]] == [late["action_id"]]
    first = await get(resources_http, coordinator, "/actions", **asked)
    rest = await get(resources_http, coordinator, "/actions", **asked, after=first["next"])
    assert [one["action_id"] for one in rest["items"]] == [other["action_id"]]


@pytest.mark.parametrize(
    ("form", "faults"),
    [
        ({"due_on": "2020-01-01"}, {("/due_on", "in-the-past")}),
        ({"seat_id": str(uuid4())}, {("/seat_id", "unknown-seat")}),
        ({"membership_id": str(uuid4())}, {("/membership_id", "unknown-member")}),
        ({"role": None}, {("", "value_error")}),
        ({"organisation": "Outreach", "role": "coordinator"}, {("", "value_error")}),
    ],
)
async def test_an_action_is_for_one_that_there_is_and_a_day_to_come(
    resources_http, coordinator, form, faults
):
    plan = await post(resources_http, coordinator, "/plans", governed.plan())
    path = f"/objectives/{plan['objectives'][0]['objective_id']}/actions"
    action = governed.action(**form)
    answer = await resources_http.post(path, json=action, headers={**coordinator, **a.key()})
    assert wrong(answer) == faults


async def test_nothing_is_set_for_a_plan_that_is_closed(resources_http, coordinator):
    plan = await post(resources_http, coordinator, "/plans", governed.plan(state="closed"))
    path = f"/objectives/{plan['objectives'][0]['objective_id']}/actions"
    headers = {**coordinator, **a.key()}
    answer = await resources_http.post(path, json=governed.action(), headers=headers)
    assert answer.status_code == 409
    nowhere = f"/objectives/{uuid4()}/actions"
    answer = await resources_http.post(nowhere, json=governed.action(), headers=headers)
    assert answer.status_code == 404
