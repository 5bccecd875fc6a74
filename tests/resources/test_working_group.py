"""Working groups: led by people from outside the unit, who show what they made."""

from uuid import uuid4

import pytest

import a
import governed
from governed import day, get, post, put, try_to_put, wrong


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture
async def led(resources_http, coordinator, token):
    """A group, and the headers of who leads it."""
    sub = uuid4()
    group = await post(resources_http, coordinator, "/working-groups", governed.group())
    path = f"/working-groups/{group['group_id']}"
    lead = {"name": "Will Scarlet", "person_id": str(sub), "leads": True}
    await post(resources_http, coordinator, f"{path}/members", lead)
    return path, token("member", sub=sub)


async def test_whoever_leads_a_group_runs_it(resources_http, led):
    path, lead = led
    much = {"name": "Much Miller", "organisation": governed.organisation()}
    member = await post(resources_http, lead, f"{path}/members", much)
    await post(
        resources_http,
        lead,
        f"{path}/outputs",
        {"title": "How we visit", "url": "https://pdu.example.org/visit", "made_on": day()},
    )
    action = governed.action(membership_id=member["membership_id"])
    await post(resources_http, lead, f"{path}/actions", action)
    await put(resources_http, lead, path, governed.group(title="Hoarding together"), seen=1)
    group = await get(resources_http, lead, path)
    assert (group["title"], group["members"], group["actions_open"]) == ("Hoarding together", 2, 1)
    assert [one["title"] for one in group["made"]] == ["How we visit"]
    assert {one["name"] for one in group["who"]} == {"Will Scarlet", "Much Miller"}


async def test_others_see_what_it_is_for_and_not_who_they_are(resources_http, led, token):
    path, _ = led
    group = await get(resources_http, token("member"), path)
    assert (group["purpose"], group["who"]) == (governed.group()["purpose"], None)
    lines = await get(resources_http, token("member"), "/working-groups", limit=100)
    assert path.endswith(tuple(one["group_id"] for one in lines["items"]))


@pytest.mark.parametrize("role", ["member", "steering_group", "organisation_lead"])
async def test_nobody_else_runs_it(resources_http, led, token, role):
    path, _ = led
    stranger = token(role)
    forms = {
        "members": {"name": "Much"},
        "outputs": {"title": "Ours", "made_on": day()},
        "actions": governed.action(),
    }
    for what, form in forms.items():
        answer = await resources_http.post(
            f"{path}/{what}", json=form, headers={**stranger, **a.key()}
        )
        assert answer.status_code == 404, what
    answer = await try_to_put(resources_http, stranger, path, governed.group(), seen=1)
    assert answer.status_code == 404


async def test_whoever_leaves_leads_no_more(resources_http, coordinator, led):
    path, lead = led
    [one] = (await get(resources_http, lead, path))["who"]
    departure = f"{path}/members/{one['membership_id']}/departure"
    for headers in (lead, coordinator):
        await put(resources_http, headers, departure)
    assert (await get(resources_http, lead, path))["who"] is None
    answer = await try_to_put(resources_http, lead, path, governed.group(), seen=1)
    assert answer.status_code == 404
    [one] = (await get(resources_http, coordinator, path))["who"]
    assert one["left_on"] == day()
    unknown = f"{path}/members/{uuid4()}/departure"
    assert (await try_to_put(resources_http, coordinator, unknown)).status_code == 404


async def test_a_group_that_has_ended_takes_in_nobody_and_sets_nothing(
    resources_http, coordinator, led
):
    path, _ = led
    await put(resources_http, coordinator, path, governed.group(ends_on=day()), seen=1)
    for what, form in (("members", {"name": "Much"}), ("actions", governed.action())):
        answer = await resources_http.post(
            f"{path}/{what}", json=form, headers={**coordinator, **a.key()}
        )
        assert answer.status_code == 409


async def test_a_person_belongs_to_a_group_once(resources_http, coordinator, led):
    path, _ = led
    form = {"name": "Much", "person_id": str(uuid4())}
    await post(resources_http, coordinator, f"{path}/members", form)
    again = await resources_http.post(
        f"{path}/members", json=form, headers={**coordinator, **a.key()}
    )
    assert again.status_code == 409


async def test_a_group_that_does_not_fit_is_refused(resources_http, coordinator):
    for details, fault in (
        ({"workstream": "atlantis"}, ("/workstream", "unknown-code")),
        ({"ends_on": "1990-01-01"}, ("", "value_error")),
    ):
        answer = await resources_http.post(
            "/working-groups",
            json=governed.group(**details),
            headers={**coordinator, **a.key()},
        )
        assert wrong(answer) == {fault}
