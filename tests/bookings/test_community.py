"""Communities of Practice: proposed, seconded, and where they go from there."""

import asyncio
from uuid import uuid4

import pytest

import a
import communities
from pdu_bookings.rules.community import forms, key_of, why_it_cannot_become
from pdu_shared.contracts.vocabulary import CommunityState as State


async def told(database, key):
    rows = await database.pool.fetch(
        """
        SELECT routing_key, body::json->'data'->>'state' AS state
          FROM outbox
         WHERE subject = (SELECT 'community/' || community_id FROM community WHERE key = $1)
         ORDER BY position
        """,
        key,
    )
    return [(row["routing_key"].partition(".")[2], row["state"]) for row in rows]


async def second(http, headers, key):
    return await http.post(f"/communities/{key}/seconding", headers=headers)


def test_a_name_gives_a_key():
    assert key_of("  Womens' Needs & Café ") == "womens_needs_cafe"
    assert key_of("…") == ""


def test_a_proposal_forms_with_the_third_who_seconds_it():
    assert [forms(State.PROPOSED, seconds) for seconds in (2, 3)] == [False, True]
    assert not forms(State.CLOSED, 3)


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        (State.PROPOSED, {State.FORMING, State.CLOSED}),
        (State.FORMING, {State.ACTIVE, State.CLOSED}),
        (State.ACTIVE, {State.PAUSED, State.WORKING_GROUP, State.CLOSED}),
        (State.PAUSED, {State.ACTIVE, State.CLOSED}),
        (State.WORKING_GROUP, {State.CLOSED}),
        (State.CLOSED, set()),
    ],
)
def test_a_community_goes_only_where_a_way_leads(state, possible):
    assert {one for one in State if not why_it_cannot_become(state, one)} == {state, *possible}


async def test_a_community_is_proposed_in_few_words(bookings_http, bookings_database, token):
    community = await communities.proposed(bookings_http, token, name=f"PIE & Café {uuid4().hex}")
    assert community["key"].startswith("pie_cafe_")
    assert (community["state"], community["members"], community["next_session"]) == (
        "proposed",
        0,
        None,
    )
    assert await told(bookings_database, community["key"]) == [("CopCreated", "proposed")]


async def test_a_proposal_repeated_with_its_key_is_one(bookings_http, token):
    headers, form = {**token("member"), **a.key()}, communities.proposal()
    first, again = [
        await bookings_http.post("/communities", json=form, headers=headers) for _ in range(2)
    ]
    assert (first.status_code, again.text) == (201, first.text)
    other = await bookings_http.post("/communities", json=form, headers={**headers, **a.key()})
    assert other.status_code == 409
    assert "join it" in other.json()["detail"]


async def test_a_proposal_is_not_for_everybody_s_eyes_before_it_forms(bookings_http, token):
    key = (await communities.proposed(bookings_http, token))["key"]
    path = f"/communities/{key}"
    seen = [await bookings_http.get(path), await bookings_http.get(path, headers=token("member"))]
    assert [answer.status_code for answer in seen] == [404, 200]
    listed = await bookings_http.get("/communities", params={"state": "proposed"})
    assert listed.json()["items"] == []
    await communities.move(bookings_http, token, key, "forming")
    assert (await bookings_http.get(path)).json()["state"] == "forming"


async def test_three_who_second_at_once_form_it_once(bookings_http, bookings_database, token):
    key = (await communities.proposed(bookings_http, token))["key"]
    people = [token("member") for _ in range(3)]
    answers = await asyncio.gather(
        *(second(bookings_http, person, key) for person in people for _ in range(2))
    )
    assert {answer.status_code for answer in answers} == {200}
    community = (await bookings_http.get(f"/communities/{key}")).json()
    assert (community["state"], community["seconds"]) == ("forming", 3)
    assert await told(bookings_database, key) == [
        ("CopCreated", "proposed"),
        ("CopStateChanged", "forming"),
    ]


async def test_nobody_seconds_their_own_proposal(bookings_http, token):
    proposer = token("member")
    form, headers = communities.proposal(), {**proposer, **a.key()}
    community = await bookings_http.post("/communities", json=form, headers=headers)
    answer = await second(bookings_http, proposer, community.json()["key"])
    assert answer.status_code == 409


async def test_each_step_has_its_reason_and_is_kept(bookings_http, token):
    key = await communities.formed(bookings_http, token)
    for state in ("active", "paused", "paused", "active", "working_group"):
        assert (await communities.move(bookings_http, token, key, state)).status_code == 200
    back = await communities.move(bookings_http, token, key, "active")
    assert back.status_code == 409
    assert back.json()["detail"] == "From working group a community can only become closed."
    history = await bookings_http.get(f"/communities/{key}/history", headers=token("coordinator"))
    steps = [(step["state"], step["changed_by_role"]) for step in history.json()["items"]]
    assert steps == [
        ("proposed", "member"),
        ("forming", "coordinator"),
        ("active", "coordinator"),
        ("paused", "coordinator"),
        ("active", "coordinator"),
        ("working_group", "coordinator"),
    ]


async def test_communities_are_listed_page_by_page(bookings_http, token):
    keys = sorted(
        [
            await communities.formed(bookings_http, token, key=f"pages_{n}_{uuid4().hex}")
            for n in range(3)
        ]
    )
    await communities.move(bookings_http, token, keys[2], "closed")
    page = {"limit": 1, "after": "pages"}
    first = (await bookings_http.get("/communities", params=page)).json()
    second_page = (
        await bookings_http.get("/communities", params={**page, "after": first["next"]})
    ).json()
    assert [one["key"] for one in first["items"] + second_page["items"]] == keys[:2]
    closed = await bookings_http.get(
        "/communities", params={"state": "closed", "after": keys[1], "limit": 1}
    )
    assert [one["key"] for one in closed.json()["items"]] == [keys[2]]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"purpose": "Write to marian@example.org"}, "/purpose"),
        ({"key": "Not A Key"}, "/key"),
        ({"name": "…"}, "/key"),
        ({"colour": "red"}, "/colour"),
    ],
)
async def test_a_proposal_that_will_not_do(bookings_http, token, wrong, pointer):
    form, headers = communities.proposal(**wrong), {**token("member"), **a.key()}
    answer = await bookings_http.post("/communities", json=form, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_a_community_that_is_not_there(bookings_http, token):
    for headers in (token("member"), token("coordinator")):
        assert (await second(bookings_http, headers, "nowhere")).status_code == 404
        assert (
            await bookings_http.get("/communities/No%20Key", headers=headers)
        ).status_code == 404
