"""Who has signed in sees and changes what they get without a link from a letter."""

from uuid import uuid4

import pytest


@pytest.fixture
def me(token):
    return token("member", sub=uuid4())


async def test_who_never_asked_for_anything_sees_what_there_is(notifications_http, me):
    seen = (await notifications_http.get("/own/preferences", headers=me)).json()
    assert {one["state"] for one in seen["lists"]} == {None}
    assert seen["topics"] == []


async def test_what_is_chosen_counts_at_once_and_is_mine_alone(notifications_http, me, token):
    wishes = {"lists": ["bulletin", "surveys"], "topics": []}
    answer = await notifications_http.put("/own/preferences", json=wishes, headers=me)
    assert answer.status_code == 200, answer.text
    gets = {one["list"]: one["state"] for one in answer.json()["lists"]}
    assert (gets["bulletin"], gets["surveys"], gets["alerts"]) == (
        "active",
        "active",
        None,
    )
    again = (await notifications_http.get("/own/preferences", headers=me)).json()
    assert again == answer.json()
    other = token("member", sub=uuid4())
    seen = (await notifications_http.get("/own/preferences", headers=other)).json()
    assert {one["state"] for one in seen["lists"]} == {None}


async def test_a_topic_that_nobody_knows_changes_nothing(notifications_http, me):
    wishes = {"lists": [], "topics": ["nothing-like-it"]}
    answer = await notifications_http.put("/own/preferences", json=wishes, headers=me)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/topics/0"
    seen = (await notifications_http.get("/own/preferences", headers=me)).json()
    assert {one["state"] for one in seen["lists"]} == {None}


async def test_nobody_but_people_have_preferences(notifications_http, token):
    assert (await notifications_http.get("/own/preferences")).status_code == 401
    machine = token("integration")
    assert (await notifications_http.get("/own/preferences", headers=machine)).status_code == 403
