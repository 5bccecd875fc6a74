"""Agreeing to something in the words one was shown, and taking that back."""

import asyncio
from uuid import uuid4

import pytest

import a
from protection.rights import somebody


@pytest.fixture
def lead(token):
    return token("data_protection_lead")


@pytest.fixture
async def purpose(resources_http, lead):
    """A purpose of its own, with a first wording."""
    code = f"test-{uuid4().hex[:12]}"
    path = f"/purposes/{code}"
    defined = await resources_http.put(path, json={"label": "A test"}, headers=lead)
    assert defined.status_code == 204, defined.text
    await word(resources_http, lead, code, "You may test.")
    return code


async def word(http, lead, purpose, wording):
    path = f"/purposes/{purpose}/wordings"
    answer = await http.post(path, json={"wording": wording}, headers={**lead, **a.key()})
    assert answer.status_code == 201, answer.text
    return answer.json()["version"]


async def agree(http, me, purpose, version=1):
    return await http.put(f"/consents/{purpose}", json={"version": version}, headers=me)


async def mine(http, me, purpose):
    items = (await http.get("/consents", headers=me)).json()["items"]
    return [
        (one["version"], one["wording"], one["withdrawn_at"] is None)
        for one in items
        if one["purpose"] == purpose
    ]


async def told(database, person_id):
    rows = await database.pool.fetch(
        "SELECT routing_key FROM outbox WHERE body LIKE $1 ORDER BY position",
        f'%"person_id":"{person_id}"%',
    )
    return [row["routing_key"].partition(".")[2] for row in rows]


async def test_there_is_something_to_agree_to(resources_http):
    items = (await resources_http.get("/purposes")).json()["items"]
    assert {"bulletin", "evaluation", "quote", "contact_research"} <= {
        one["purpose"] for one in items
    }


async def test_somebody_agrees_once_and_takes_it_back_once(
    resources_http, resources_database, token, purpose
):
    me, person_id = somebody(token)
    answers = await asyncio.gather(*(agree(resources_http, me, purpose) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert await mine(resources_http, me, purpose) == [(1, "You may test.", True)]
    for _ in range(2):
        answer = await resources_http.delete(f"/consents/{purpose}", headers=me)
        assert answer.status_code == 204
    assert await mine(resources_http, me, purpose) == [(1, "You may test.", False)]
    assert await told(resources_database, person_id) == ["ConsentGiven", "ConsentWithdrawn"]


async def test_the_words_stay_as_they_were_shown(resources_http, token, lead, purpose):
    me, _ = somebody(token)
    await agree(resources_http, me, purpose)
    version = await word(resources_http, lead, purpose, "You may test twice.")
    assert (await agree(resources_http, me, purpose, 1)).status_code == 409
    assert await mine(resources_http, me, purpose) == [(1, "You may test.", True)]
    assert (await agree(resources_http, me, purpose, version)).status_code == 200
    assert await mine(resources_http, me, purpose) == [
        (2, "You may test twice.", True),
        (1, "You may test.", False),
    ]


async def test_two_who_word_it_at_once_make_two_versions(resources_http, lead, purpose):
    made = await asyncio.gather(
        *(word(resources_http, lead, purpose, f"Words {n}") for n in range(3))
    )
    assert sorted(made) == [2, 3, 4]


async def test_what_was_said_on_the_telephone_is_written_down_as_such(
    resources_http, token, purpose
):
    coordinator, (me, person_id) = token("coordinator"), somebody(token)
    path = f"/persons/{person_id}/consents/{purpose}"
    said = {"version": 1, "channel": "telephone"}
    answer = await resources_http.put(path, json=said, headers=coordinator)
    assert answer.json()["items"][0]["channel"] == "telephone"
    assert await mine(resources_http, me, purpose) == [(1, "You may test.", True)]
    back = await resources_http.post(
        f"{path}/withdrawal", json={"channel": "paper"}, headers=coordinator
    )
    assert back.status_code == 204
    seen = await resources_http.get(f"/persons/{person_id}/consents", headers=coordinator)
    assert seen.json()["items"][0]["withdrawn_at"] is not None


async def test_there_is_nothing_to_agree_to_where_there_is_no_purpose(resources_http, token):
    me, _ = somebody(token)
    assert (await agree(resources_http, me, "no-such-thing")).status_code == 404
    path = "/purposes/no-such-thing/wordings"
    headers = {**token("data_protection_lead"), **a.key()}
    answer = await resources_http.post(path, json={"wording": "Words"}, headers=headers)
    assert answer.status_code == 404


@pytest.mark.parametrize("form", [{}, {"version": 0}, {"version": 1, "said": "yes"}])
async def test_what_is_no_consent_changes_nothing(resources_http, token, purpose, form):
    me, _ = somebody(token)
    answer = await resources_http.put(f"/consents/{purpose}", json=form, headers=me)
    assert answer.status_code == 422
    assert await mine(resources_http, me, purpose) == []
