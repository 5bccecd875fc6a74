"""Whoever has signed in finds the surveys that wait for them, and answers without the letter."""

from datetime import timedelta
from uuid import uuid4

import pytest

from members import a_member
from resources.surveys import (
    a_survey,
    ask,
    attendance,
    came,
    consenting,
    invite,
    links,
    told,
)


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture
async def survey(resources_http, coordinator):
    return await a_survey(resources_http, coordinator, await ask(resources_http, coordinator))


@pytest.fixture
async def member(resources_http, resources_database, coordinator, survey, token):
    """Two members who came and were invited; the first of them looks."""
    both = [await a_member(resources_http, token) for _ in range(2)]
    event = uuid4()
    there = [attendance(event, person_id=one.person_id) for one in both]
    await came(resources_database, *there)
    await invite(resources_http, coordinator, survey, event)
    return both[0]


async def waiting(http, member):
    answer = await http.get("/own/surveys", headers=member.header)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def said(survey, option="yes", **details):
    return consenting({"question": survey["questions"][0]["code"], "options": [option]}, **details)


async def test_a_survey_waits_until_it_is_answered_and_is_answered_once(
    resources_http, resources_database, survey, member
):
    [one] = await waiting(resources_http, member)
    assert (one["title"], one["questions"], one["begun"]) == ("How it went", 1, False)
    path = f"/own/surveys/{one['invitation_id']}"
    seen = await resources_http.get(path, headers=member.header)
    assert seen.json()["survey"]["survey_key"] == survey["survey_key"]
    for option in ("yes", "no"):  # the second takes the place of the first
        form = said(survey, option)
        answer = await resources_http.post(f"{path}/responses", json=form, headers=member.header)
        assert answer.status_code == 200, answer.text
    assert await waiting(resources_http, member) == []
    facts = await told(resources_database, "SurveySubmitted", survey["survey_key"])
    assert len({fact.response_id for fact in facts}) == 1
    # Signed in or not: who answered stands in no message, unless they agreed to that.
    assert {fact.person_id for fact in facts} == {None}


async def test_the_link_and_signing_in_are_one_invitation(
    house, resources_http, resources_database, survey, member
):
    link = (await links(house, resources_database, survey))[member.person_id]
    await resources_http.put(f"/s/{link.token}/draft", json=said(survey))
    [one] = await waiting(resources_http, member)
    assert (one["invitation_id"], one["begun"]) == (str(link.invitation_id), True)
    await resources_http.post(f"/s/{link.token}/responses", json=said(survey))
    assert await waiting(resources_http, member) == []
    seen = await resources_http.get(f"/own/surveys/{one['invitation_id']}", headers=member.header)
    assert seen.json()["answered"] is True


async def test_what_somebody_else_is_asked_is_not_there(
    resources_http, resources_database, survey, member, token
):
    other = await resources_database.pool.fetchval(
        "SELECT invitation_id FROM invitation WHERE survey_key = $1 AND person_id <> $2",
        survey["survey_key"],
        member.person_id,
    )
    for method, path, body in (
        ("GET", f"/own/surveys/{other}", None),
        ("POST", f"/own/surveys/{other}/responses", said(survey)),
    ):
        answer = await resources_http.request(method, path, json=body, headers=member.header)
        assert answer.status_code == 404
    stranger = await a_member(resources_http, token)
    assert await waiting(resources_http, stranger) == []


async def test_what_has_closed_waits_no_more(resources_http, resources_database, member):
    [one] = await waiting(resources_http, member)
    await resources_database.pool.execute(
        "UPDATE invitation SET expires_at = now() - $2::interval WHERE invitation_id = $1::uuid",
        one["invitation_id"],
        timedelta(days=1),
    )
    assert await waiting(resources_http, member) == []
    path = f"/own/surveys/{one['invitation_id']}"
    assert (await resources_http.get(path, headers=member.header)).status_code == 409
