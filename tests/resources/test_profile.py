"""A member's own profile: changed with its dates, told to all, and never overwritten unseen."""

import asyncio
import json
from uuid import uuid4

import pytest

import a
from members import a_member
from pdu_shared.identity import organisation_id
from pdu_shared.sealing import Sealer


async def told_of(database, person_id, *names):
    """What was told of a person under these names, oldest first."""
    rows = await database.pool.fetch(
        """
        SELECT body FROM outbox
         WHERE subject = $1 AND routing_key = ANY ($2::text[])
         ORDER BY position
        """,
        f"person/{person_id}",
        [f"resources.{name}" for name in names],
    )
    return [json.loads(row["body"])["data"] for row in rows]


async def test_a_member_reads_what_they_said(resources_http, token):
    member = await a_member(resources_http, token, organisation="Example Housing")
    seen = (await member.profile(resources_http)).json()
    assert {name: seen[name] for name in member.said if name != "email"} == {
        name: value for name, value in member.said.items() if name != "email"
    }
    assert (seen["address"], seen["person_id"]) == (member.email, str(member.person_id))


async def test_a_change_is_dated_told_and_leaves_the_rest(
    resources_http, resources_database, token
):
    member = await a_member(resources_http, token, organisation="Example Housing")
    answer = await member.change(
        resources_http, role_level="team_manager", interests=["women", "housing", "women"]
    )
    assert answer.status_code == 200
    assert answer.json()["sector"] == member.said["sector"]
    [told] = await told_of(resources_database, member.person_id, "MemberProfileChanged")
    assert told["role_level"] == "team_manager"
    assert told["interests"] == ["housing", "women"]
    assert told["organisation_id"] == str(organisation_id("Example Housing"))
    history = await resources_http.get("/members/me/history", headers=member.header)
    present, earlier = history.json()["items"]
    assert (present["role_level"], present["until"]) == ("team_manager", None)
    assert (earlier["role_level"], earlier["until"]) == (
        member.said["role_level"],
        present["since"],
    )


async def test_the_same_again_is_no_change(resources_http, resources_database, token):
    member = await a_member(resources_http, token)
    before = (await member.profile(resources_http)).headers["ETag"]
    answer = await member.change(resources_http, sector=member.said["sector"], interests=[])
    assert answer.headers["ETag"] == before
    assert await told_of(resources_database, member.person_id, "MemberProfileChanged") == []


async def test_a_new_name_is_told_sealed_only(house, resources_http, resources_database, token):
    member = await a_member(resources_http, token)
    await member.change(resources_http, name="Maid Marian")
    assert await told_of(resources_database, member.person_id, "MemberProfileChanged") == []
    *_, sealed = await told_of(resources_database, member.person_id, "ContactPointChanged")
    opened = Sealer(house.secrets.sealing_keys("notifications")).unseal(sealed)
    assert json.loads(opened)["name"] == "Maid Marian"


async def test_an_organisation_can_be_left(resources_http, resources_database, token):
    member = await a_member(resources_http, token, organisation="Example Housing")
    assert (await member.change(resources_http, organisation=None)).json()["organisation"] is None
    [told] = await told_of(resources_database, member.person_id, "MemberProfileChanged")
    assert told["organisation_id"] is None


async def test_of_two_who_change_the_same_version_one_does(resources_http, token):
    member = await a_member(resources_http, token)
    etag = (await member.profile(resources_http)).headers["ETag"]
    answers = await asyncio.gather(
        *(
            resources_http.patch(
                "/members/me",
                json={"area": area},
                headers={**member.header, "If-Match": etag},
            )
            for area in ("national", "nottinghamshire")
        )
    )
    assert sorted(one.status_code for one in answers) == [200, 412]


async def test_a_change_without_a_version_is_refused(resources_http, token):
    member = await a_member(resources_http, token)
    answer = await resources_http.patch("/members/me", json={}, headers=member.header)
    assert answer.status_code == 428


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"sector": "charity"}, "/sector"),
        ({"interests": ["housing", "gardening"]}, "/interests/1"),
        ({"interests": ["housing"] * 31}, "/interests"),
        ({"interests": "housing"}, "/interests"),
        ({"name": "Ana\nBcc: ben@example.org"}, "/name"),
        ({"organisation": ""}, "/organisation"),
        ({"email": "ana@example.org"}, "/email"),
        ({"person_id": str(uuid4())}, "/person_id"),
    ],
)
async def test_what_is_not_valid_is_refused_and_changes_nothing(
    resources_http, token, said, pointer
):
    member = await a_member(resources_http, token)
    before = (await member.profile(resources_http)).json()
    answer = await member.change(resources_http, **said)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert (await member.profile(resources_http)).json() == before


async def test_whoever_has_no_account_has_no_profile(resources_http, token):
    header = token("member")
    for method, path in (
        ("GET", "/members/me"),
        ("GET", "/members/me/history"),
        ("PATCH", "/members/me"),
    ):
        answer = await resources_http.request(
            method, path, json={}, headers={**header, "If-Match": '"1"'}
        )
        assert answer.status_code == 404
    asked = {"email": a.person()["email"]}
    headers = {**header, **a.key()}
    answer = await resources_http.post("/members/me/address-codes", json=asked, headers=headers)
    assert answer.status_code == 404


async def test_whoever_leaves_is_told_of_and_their_name_is_forgotten(
    resources_http, resources_database, token
):
    member = await a_member(resources_http, token, organisation="Example Housing")
    for _ in range(2):
        answer = await resources_http.delete("/members/me", headers=member.header)
        assert answer.status_code == 204
    assert len(await told_of(resources_database, member.person_id, "MemberClosed")) == 1
    row = await resources_database.pool.fetchrow(
        "SELECT * FROM member WHERE person_id = $1", member.person_id
    )
    assert (row["name"], row["address"], row["organisation"]) == (None, None, None)
    assert (await resources_http.get("/members/me", headers=member.header)).status_code == 404


async def test_whoever_left_can_come_back_as_the_same_member(
    resources_http, resources_database, token
):
    member = await a_member(resources_http, token)
    await resources_http.delete("/members/me", headers=member.header)
    again = await a_member(resources_http, token, email=member.email, sector="private")
    assert again.person_id == member.person_id
    assert (await again.profile(resources_http)).json()["sector"] == "private"
    assert len(await told_of(resources_database, member.person_id, "MemberRegistered")) == 1
    [told] = await told_of(resources_database, member.person_id, "MemberProfileChanged")
    assert told["sector"] == "private"
