"""A member is reminded of a module on a day that they chose; nobody is reminded unasked."""

import json
from datetime import timedelta

import pytest

import lessons
from lessons import published, read_to_the_end
from pdu_shared.local_time import local_now


@pytest.fixture
async def learner(resources_http, token):
    return (await lessons.member(resources_http, token))[1]


@pytest.fixture
async def key(resources_http, token):
    return await published(resources_http, token("coordinator"))


def in_days(days):
    return (local_now() + timedelta(days=days)).date().isoformat()


async def told(database, key):
    rows = await database.pool.fetch(
        "SELECT body::json->'data' AS data FROM outbox"
        " WHERE routing_key = 'resources.ModuleReminderSet'"
        " AND body::json->'data'->>'module_key' = $1 ORDER BY position",
        key,
    )
    return [json.loads(row["data"])["remind_on"] for row in rows]


async def test_the_day_can_be_changed_and_taken_back(
    resources_http, resources_database, learner, key
):
    path = f"/modules/{key}/reminder"
    assert (await resources_http.get(path, headers=learner)).json() == {"remind_on": None}
    for days in (7, 14):
        form = {"remind_on": in_days(days)}
        answer = await resources_http.put(path, json=form, headers=learner)
        assert answer.json() == form, answer.text
        assert (await resources_http.get(path, headers=learner)).json() == form
    for _ in range(2):
        assert (await resources_http.delete(path, headers=learner)).status_code == 204
    assert await told(resources_database, key) == [in_days(7), in_days(14), None]


async def test_whoever_completes_it_is_reminded_no_more(
    resources_http, resources_database, learner, key
):
    path = f"/modules/{key}/reminder"
    await resources_http.put(path, json={"remind_on": in_days(7)}, headers=learner)
    await read_to_the_end(resources_http, learner, key)
    done = await resources_http.put(f"/modules/{key}/completion", headers=learner)
    assert done.json()["state"] == "completed", done.text
    assert await told(resources_database, key) == [in_days(7), None]
    again = await resources_http.put(path, json={"remind_on": in_days(7)}, headers=learner)
    assert again.status_code == 409


@pytest.mark.parametrize("wrong", [0, -1, 400, "soon"])
async def test_a_day_that_is_not_to_come_is_refused(
    resources_http, resources_database, learner, key, wrong
):
    day = wrong if isinstance(wrong, str) else in_days(wrong)
    path = f"/modules/{key}/reminder"
    answer = await resources_http.put(path, json={"remind_on": day}, headers=learner)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/remind_on"
    assert await told(resources_database, key) == []
    assert (await resources_http.put(path, json={"remind_on": in_days(7)})).status_code == 401
