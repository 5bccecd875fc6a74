"""Whoever was invited answers by their link, and again, and is linked only if they agree."""

import asyncio

import pytest
import time_machine

from resources.surveys import AGREED, consenting, counts, told


async def test_an_invited_person_sees_their_survey(resources_http, survey, invited):
    answer = await resources_http.get(f"/s/{invited.token}")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    seen = answer.json()
    assert (seen["survey"], seen["answered"]) == (survey, False)
    assert seen["learning_event_id"] == str(invited.learning_event_id)


async def test_answering_again_replaces_what_was_answered(
    resources_http, resources_database, survey, invited
):
    code = survey["questions"][0]["code"]
    path = f"/s/{invited.token}/responses"
    first, second = [
        (await resources_http.post(path, json=consenting({"question": code, "options": [said]})))
        for said in ("yes", "no")
    ]
    assert (first.status_code, second.status_code) == (200, 200)
    response_id = first.json()["response_id"]
    assert second.json()["response_id"] == response_id
    rows = await resources_database.pool.fetch(
        "SELECT sequence FROM outbox WHERE subject = $1 ORDER BY position",
        f"response/{response_id}",
    )
    assert [row["sequence"] for row in rows] == [1, 2]
    messages = await told(resources_database, "SurveySubmitted", response_id)
    assert [one.answers[0].options for one in messages] == [("yes",), ("no",)]
    kept = await resources_database.pool.fetch(
        "SELECT option_code FROM answer_option WHERE response_id = $1::text::uuid", response_id
    )
    assert [row["option_code"] for row in kept] == ["no"]
    assert (await resources_http.get(f"/s/{invited.token}")).json()["answered"] is True


async def test_answering_ten_times_at_once_is_one_response(resources_http, invited):
    path = f"/s/{invited.token}/responses"
    answers = await asyncio.gather(
        *(resources_http.post(path, json=consenting()) for _ in range(10))
    )
    assert {one.status_code for one in answers} == {200}
    assert len({one.json()["response_id"] for one in answers}) == 1


@pytest.mark.parametrize("agreed", [True, False])
async def test_only_who_agrees_is_linked(resources_http, resources_database, invited, agreed):
    form = {"consent": {**AGREED, "link": agreed}, "answers": []}
    answer = await resources_http.post(f"/s/{invited.token}/responses", json=form)
    response_id = answer.json()["response_id"]
    [message] = await told(resources_database, "SurveySubmitted", response_id)
    assert message.person_id == (invited.person_id if agreed else None)
    assert (message.sector, message.learning_event_id) == (None, invited.learning_event_id)
    kept = await resources_database.pool.fetchval(
        "SELECT person_id FROM response WHERE response_id = $1::text::uuid", response_id
    )
    assert kept == message.person_id


async def test_who_no_longer_agrees_is_linked_no_more(resources_http, resources_database, invited):
    path = f"/s/{invited.token}/responses"
    for agreed in (True, False):
        form = {"consent": {**AGREED, "link": agreed}, "answers": []}
        answer = await resources_http.post(path, json=form)
    messages = await told(resources_database, "SurveySubmitted", answer.json()["response_id"])
    assert [one.person_id for one in messages] == [invited.person_id, None]


async def test_a_link_is_for_three_weeks(
    resources_http, resources_database, coordinator, survey, invited
):
    soon, late = await resources_database.pool.fetchrow(
        "SELECT expires_at - interval '1 minute', expires_at + interval '1 minute' FROM"
        " invitation WHERE invitation_id = $1",
        invited.invitation_id,
    )
    with time_machine.travel(soon, tick=True):
        assert (await resources_http.get(f"/s/{invited.token}")).status_code == 200
    with time_machine.travel(late, tick=True):
        closed = await resources_http.get(f"/s/{invited.token}")
        assert closed.status_code == 409
        assert "closed on" in closed.json()["detail"]
        answer = await resources_http.post(f"/s/{invited.token}/responses", json=consenting())
        assert answer.status_code == 409
    await resources_database.pool.execute(
        "UPDATE invitation SET expires_at = now() WHERE invitation_id = $1", invited.invitation_id
    )
    assert await counts(resources_http, coordinator, survey) == (1, {"expired": 1})


@pytest.mark.parametrize("token", ["x", "1" * 43, "%00", "é" * 40])
async def test_a_token_that_we_did_not_make_is_nothing(resources_http, token):
    assert (await resources_http.get(f"/s/{token}")).status_code == 404
    answer = await resources_http.post(f"/s/{token}/responses", json=consenting())
    assert answer.status_code == 404


async def test_what_is_wrong_with_answers_changes_nothing(
    resources_http, coordinator, survey, invited
):
    form = {"consent": {}, "answers": []}
    answer = await resources_http.post(f"/s/{invited.token}/responses", json=form)
    assert answer.status_code == 422
    assert await counts(resources_http, coordinator, survey) == (1, {"planned": 1})
