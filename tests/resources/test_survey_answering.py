"""Partial saves, links for everybody, taking answers back, and questions of one event alone."""

from uuid import uuid4

import pytest
import time_machine

import a
from resources.surveys import (
    AGREED,
    a_survey,
    ask,
    attendance,
    came,
    consenting,
    invite,
    links,
    respond,
    told,
)


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture
async def survey(resources_http, coordinator):
    text = await ask(
        resources_http, coordinator, type="text", options=[], wording="What was missing?"
    )
    return await a_survey(resources_http, coordinator, await ask(resources_http, coordinator), text)


@pytest.fixture
async def link(house, resources_http, resources_database, coordinator, survey):
    """The link of one person who was invited to it."""
    event = uuid4()
    await came(resources_database, attendance(event))
    await invite(resources_http, coordinator, survey, event)
    [link] = (await links(house, resources_database, survey)).values()
    return link


def said(survey, option="yes", **details):
    return consenting({"question": survey["questions"][0]["code"], "options": [option]}, **details)


async def stopped(database, link):
    return await database.pool.fetchval(
        """
        SELECT count(*) FROM outbox
         WHERE routing_key = 'resources.SurveyRemindersStopped' AND subject = $1
        """,
        f"invitation/{link.invitation_id}",
    )


async def test_what_is_saved_can_be_gone_on_with_and_counts_for_nothing(
    resources_http, resources_database, survey, link
):
    path = f"/s/{link.token}"
    for option in ("yes", "no"):
        saved = await resources_http.put(f"{path}/draft", json=said(survey, option))
        assert saved.status_code == 200, saved.text
    seen = (await resources_http.get(path)).json()
    assert seen["draft"]["answers"][0]["options"] == ["no"]
    assert seen["answered"] is False
    [started] = await told(resources_database, "SurveyStarted", survey["survey_key"])
    assert await told(resources_database, "SurveySubmitted", survey["survey_key"]) == []
    answer = await resources_http.post(f"{path}/responses", json=said(survey))
    assert answer.json()["response_id"] == str(started.response_id)
    seen = (await resources_http.get(path)).json()
    assert (seen["draft"], seen["answered"]) == (None, True)
    assert await stopped(resources_database, link) == 1
    left = await resources_database.pool.fetchval(
        "SELECT count(*) FROM survey_due WHERE invitation_id = $1", link.invitation_id
    )
    assert left == 0


@pytest.mark.parametrize(
    "wrong",
    [
        (({"consent": {"evaluation": False}, "answers": []}, "consent")),
        (({"consent": AGREED, "answers": [{"question": "core.other"}]}, "unknown-question")),
    ],
)
async def test_nothing_is_stored_without_consent_or_of_what_is_wrong(
    resources_http, resources_database, survey, link, wrong
):
    form, code = wrong
    answer = await resources_http.put(f"/s/{link.token}/draft", json=form)
    assert answer.status_code == 422
    assert code in {one["code"] for one in answer.json()["errors"]}
    kept = await resources_database.pool.fetchval(
        "SELECT count(*) FROM survey_draft WHERE invitation_id = $1", link.invitation_id
    )
    assert kept == 0
    assert await told(resources_database, "SurveyStarted", survey["survey_key"]) == []


async def test_who_takes_answers_back_has_left_nothing(
    resources_http, resources_database, survey, link
):
    text = {"question": survey["questions"][1]["code"], "text": "A word about Much."}
    form = said(survey, sector="voluntary")
    form["answers"].append(text)
    answer = await resources_http.post(f"/s/{link.token}/responses", json=form)
    response_id = answer.json()["response_id"]
    gone = await resources_http.delete(f"/s/{link.token}/responses")
    assert gone.status_code == 204
    for again in (
        await resources_http.delete(f"/s/{link.token}/responses"),
        await resources_http.get(f"/s/{link.token}"),
        await resources_http.put(f"/s/{link.token}/draft", json=form),
        await resources_http.post(f"/s/{link.token}/responses", json=form),
    ):
        assert again.status_code == 409
        assert "took your answers back" in again.json()["detail"]
    [withdrawn] = await told(resources_database, "SurveyResponseWithdrawn", response_id)
    assert withdrawn.learning_event_id == link.learning_event_id
    row = await resources_database.pool.fetchrow(
        """
        SELECT person_id, sector, (SELECT count(*) FROM answer WHERE response_id = $1),
               (SELECT count(*) FROM answer_text WHERE response_id = $1)
          FROM response WHERE response_id = $1
        """,
        withdrawn.response_id,
    )
    assert tuple(row) == (None, None, 0, 0)


async def an_open_link(http, coordinator, survey, **details):
    answer = await http.post(
        f"/surveys/{survey['survey_key']}/open-links",
        json={"channel": "room_screen", **details},
        headers={**coordinator, **a.key()},
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_everybody_answers_through_an_open_link_and_can_take_it_back(
    resources_http, resources_database, coordinator, survey
):
    event = uuid4()
    opened = await an_open_link(resources_http, coordinator, survey, learning_event_id=str(event))
    await an_open_link(resources_http, coordinator, survey, channel="bulletin")
    seen = (await resources_http.get(f"/{opened['path']}")).json()
    assert seen["survey"] == survey
    assert seen["learning_event_id"] == str(event)
    path, key = f"/{opened['path']}/responses", a.key()
    first = await resources_http.post(path, json=said(survey), headers=key)
    again = await resources_http.post(path, json=said(survey), headers=key)
    assert (first.status_code, again.json()) == (201, first.json())
    await resources_http.post(path, json=said(survey, "no"), headers=a.key())

    async def through():
        answer = await resources_http.get(
            f"/surveys/{survey['survey_key']}/open-links", headers=coordinator
        )
        return {one["channel"]: one["responses"] for one in answer.json()["items"]}

    assert await through() == {"room_screen": 2, "bulletin": 0}
    [submitted] = await told(resources_database, "SurveySubmitted", first.json()["response_id"])
    assert (submitted.channel, submitted.person_id) == ("room_screen", None)
    assert submitted.consent.evaluation
    receipt = f"/receipts/{first.json()['receipt']}"
    for _ in range(2):
        assert (await resources_http.delete(receipt)).status_code == 204
    assert await through() == {"room_screen": 1, "bulletin": 0}
    closed = await resources_http.put(
        f"/open-links/{opened['open_link_id']}/closure", headers=coordinator
    )
    assert closed.status_code == 200
    late = await resources_http.post(path, json=said(survey), headers=a.key())
    assert late.status_code == 409


async def test_a_link_opens_only_what_it_is_for(resources_http, coordinator, survey, link):
    opened = await an_open_link(resources_http, coordinator, survey)
    token = opened["path"].removeprefix("o/")
    for path in (f"/o/{link.token}", f"/s/{token}"):
        assert (await resources_http.get(path)).status_code == 404
    assert (await resources_http.delete(f"/receipts/{token}")).status_code == 404
    with time_machine.travel("2030-01-01", tick=True):
        assert (await resources_http.get(f"/o/{token}")).status_code == 409


async def test_an_event_asks_about_its_own_outcomes_beside_the_common_core(
    resources_http, coordinator
):
    event = uuid4()
    path = f"/learning-events/{event}/outcomes"
    outcomes = ["Know whom to ring.", "Know what hoarding is."]
    for _ in range(2):
        answer = await resources_http.put(path, json={"outcomes": outcomes}, headers=coordinator)
        assert answer.status_code == 200, answer.text
    query = {"learning_event_id": str(event)}
    seen = (await resources_http.get("/surveys/post_event", params=query)).json()
    own = seen["questions"][-2:]
    assert [(one["code"], one["about"]) for one in own] == [
        ("event.outcome.1", outcomes[0]),
        ("event.outcome.2", outcomes[1]),
    ]
    form = consenting(
        {"question": "event.outcome.2", "options": ["mostly"]}, learning_event_id=str(event)
    )
    assert (await respond(resources_http, seen, form)).status_code == 201
    elsewhere = {**form, "learning_event_id": str(uuid4())}
    answer = await respond(resources_http, seen, elsewhere)
    assert [one["code"] for one in answer.json()["errors"]] == ["unknown-question"]
    changed = await resources_http.put(path, json={"outcomes": []}, headers=coordinator)
    assert changed.status_code == 409


async def test_what_depends_on_an_answer_is_filtered_out_and_refused(
    resources_http, resources_database, coordinator
):
    first = await ask(resources_http, coordinator)
    depends = await ask(
        resources_http,
        coordinator,
        asked_if={"question": first["code"], "options": ["yes"]},
    )
    assert depends["asked_if"] == {"question": first["code"], "options": ["yes"]}
    survey = await a_survey(resources_http, coordinator, first, depends)
    assert survey["questions"][1]["asked_if"] == depends["asked_if"]
    both = said(survey, "no")
    both["answers"].append({"question": depends["code"], "options": ["yes"]})
    answer = await respond(resources_http, survey, both)
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/answers/1/question", "not-asked")
    answer = await respond(resources_http, survey, said(survey, "no"))
    [message] = await told(resources_database, "SurveySubmitted", answer.json()["response_id"])
    assert [one.state for one in message.answers] == ["answered", "filtered_out"]
    left_out = await respond(resources_http, survey, consenting())
    [message] = await told(resources_database, "SurveySubmitted", left_out.json()["response_id"])
    assert [one.state for one in message.answers] == ["not_answered", "not_answered"]


@pytest.mark.parametrize(
    ("asked_if", "code"),
    [
        ({"question": "core.improve", "options": ["yes"]}, "unknown-question"),
        ({"question": "nowhere", "options": ["yes"]}, "unknown-question"),
        ({"question": "fu.contacts", "options": ["perhaps"]}, "unknown-option"),
    ],
)
async def test_a_question_cannot_depend_on_what_is_not_there(
    resources_http, coordinator, asked_if, code
):
    question = {"code": f"test.{uuid4().hex[:20]}", "type": "text", "wording": "Why?"}
    answer = await resources_http.post(
        "/questions",
        json={**question, "asked_if": asked_if},
        headers={**coordinator, **a.key()},
    )
    assert [one["code"] for one in answer.json()["errors"]] == [code]


async def test_who_read_another_version_is_asked_to_read_it_again(resources_http, survey):
    form = said(survey)
    form["answers"][0]["version"] = 2
    answer = await respond(resources_http, survey, form)
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/answers/0/version", "wrong-version")


async def test_what_people_mean_to_do_is_played_back_and_asked_about(
    house, resources_http, resources_database, coordinator
):
    event, person = uuid4(), uuid4()
    await came(resources_database, attendance(event, person_id=person))

    async def link_of(survey_key):
        await invite(resources_http, coordinator, {"survey_key": survey_key}, event)
        found = await links(house, resources_database, {"survey_key": survey_key})
        return found[person]

    post_event = await link_of("post_event")
    form = {
        "consent": {**AGREED, "link": True},
        "answers": [
            {"question": "core.intends_change", "options": ["yes"]},
            {"question": "core.intends_change.what", "text": "Ask before we evict."},
        ],
    }
    await resources_http.post(f"/s/{post_event.token}/responses", json=form)
    [intended] = await told(resources_database, "ActionIntended", str(person))
    assert (intended.learning_event_id, intended.state) == (event, "intended")
    planned = await resources_database.pool.fetchval(
        "SELECT reason FROM survey_due WHERE person_id = $1 AND survey_key = 'outcome'", person
    )
    assert planned == "180 days after saying what they want to change"

    follow_up = await link_of("follow_up")
    seen = (await resources_http.get(f"/s/{follow_up.token}")).json()
    assert [(one["action_id"], one["said"]) for one in seen["intentions"]] == [
        (str(intended.action_id), "Ask before we evict.")
    ]
    happened = {
        "consent": {**AGREED, "link": True},
        "answers": [
            {"question": "fu.action", "options": ["yes"]},
            {"question": "fu.outcomes", "options": ["not_sure"]},
        ],
    }
    await resources_http.post(f"/s/{follow_up.token}/responses", json=happened)
    [reported] = await told(resources_database, "ActionReported", str(intended.action_id))
    assert (reported.state, reported.outcome_code) == ("done", "not_sure")
    await resources_http.delete(f"/s/{post_event.token}/responses")
    [withdrawn] = await told(resources_database, "ActionWithdrawn", str(intended.action_id))
    assert withdrawn.person_id is None


async def test_who_does_not_agree_to_be_linked_is_played_nothing_back(
    house, resources_http, resources_database, coordinator
):
    event, person = uuid4(), uuid4()
    await came(resources_database, attendance(event, person_id=person))
    await invite(resources_http, coordinator, {"survey_key": "post_event"}, event)
    found = (await links(house, resources_database, {"survey_key": "post_event"}))[person]
    form = consenting({"question": "core.intends_change", "options": ["yes"]})
    answer = await resources_http.post(f"/s/{found.token}/responses", json=form)
    [intended] = await told(resources_database, "ActionIntended", str(event))
    assert intended.person_id is None
    assert answer.status_code == 200
    await invite(resources_http, coordinator, {"survey_key": "follow_up"}, event)
    found = (await links(house, resources_database, {"survey_key": "follow_up"}))[person]
    seen = (await resources_http.get(f"/s/{found.token}")).json()
    assert seen["intentions"] == []
