"""Who belongs to a community: by joining or by an invitation, on a break, and no longer."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

import a
import communities
from pdu_bookings.community.forgetting import forget_due
from pdu_bookings.link import Purpose
from pdu_bookings.rules.community import why_it_stays
from pdu_shared.contracts.vocabulary import MembershipState as Belongs
from pdu_shared.database import transaction
from pdu_shared.identity import person_id
from pdu_shared.links import token_of

WHO = {name: a.person()[name] for name in ("sector", "work_field", "role_level", "area")}


@pytest.fixture
def link(house):
    """The path of a member's own link, which no answer over HTTP ever holds."""
    key = house.secrets.link_key.encode()
    return lambda membership_id: f"/m/{token_of(key, Purpose.MEMBERSHIP, UUID(membership_id))}"


async def told(database, membership_id):
    rows = await database.pool.fetch(
        "SELECT routing_key FROM outbox WHERE subject = $1 ORDER BY position",
        f"membership/{membership_id}",
    )
    return [row["routing_key"].partition(".")[2] for row in rows]


async def invited(http, token, key):
    email = a.person()["email"]
    answer = await communities.invite(http, token("coordinator"), key, email)
    return email, answer.json()["membership_id"]


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        (Belongs.INVITED, {Belongs.LEFT}),
        (Belongs.ACTIVE, {Belongs.ON_BREAK, Belongs.LEFT}),
        (Belongs.ON_BREAK, {Belongs.ACTIVE, Belongs.LEFT}),
        (Belongs.LEFT, set()),
    ],
)
def test_how_somebody_belongs_changes_only_where_it_makes_sense(state, possible):
    wanted = set(Belongs) - {Belongs.INVITED, state}
    assert {one for one in wanted if not why_it_stays(state, one)} == possible


async def test_a_visitor_joins_with_name_and_address(bookings_http, bookings_database, token):
    key = await communities.formed(bookings_http, token)
    membership_id = await communities.joined(bookings_http, token, key)
    assert await told(bookings_database, membership_id) == [
        "CopMemberJoined",
        "CopMemberLinkIssued",
    ]
    assert (await bookings_http.get(f"/communities/{key}")).json()["members"] == 1


async def test_joining_does_not_tell_who_belongs_already(bookings_http, bookings_database, token):
    key, email = await communities.formed(bookings_http, token), a.person()["email"]
    answers = await asyncio.gather(
        *(communities.join(bookings_http, key, email=email) for _ in range(4))
    )
    assert {answer.text for answer in answers} == {f'{{"community":"{key}","state":"active"}}'}
    [member] = await communities.members(bookings_http, token, key)
    assert len(await told(bookings_database, member["membership_id"])) == 2


async def test_a_join_repeated_with_its_key_has_the_same_answer(bookings_http, token):
    key, form, headers = await communities.formed(bookings_http, token), a.person(), a.key()
    path = f"/communities/{key}/members"
    first, again = [await bookings_http.post(path, json=form, headers=headers) for _ in range(2)]
    assert (first.status_code, again.text) == (201, first.text)
    assert len(await communities.members(bookings_http, token, key)) == 1


async def test_nobody_joins_what_is_proposed_or_closed(bookings_http, token):
    key = (await communities.proposed(bookings_http, token))["key"]
    assert (await communities.join(bookings_http, key)).status_code == 404
    await communities.move(bookings_http, token, key, "closed")
    assert (await communities.join(bookings_http, key)).status_code == 409


async def test_whoever_is_invited_is_no_member_before_they_accept(
    bookings_http, bookings_database, token, link
):
    key = await communities.formed(bookings_http, token)
    _, membership_id = await invited(bookings_http, token, key)
    assert (await bookings_http.get(f"/communities/{key}")).json()["members"] == 0
    path = link(membership_id)
    early = await bookings_http.put(f"{path}/state", json={"state": "active"})
    assert early.status_code == 409
    answers = [await bookings_http.post(f"{path}/acceptance", json=WHO) for _ in range(2)]
    assert [answer.json()["state"] for answer in answers] == ["active", "active"]
    assert await told(bookings_database, membership_id) == [
        "CopMemberLinkIssued",
        "CopMemberJoined",
    ]


async def test_whoever_is_invited_twice_gets_one_letter(bookings_http, bookings_database, token):
    key = await communities.formed(bookings_http, token)
    email, membership_id = await invited(bookings_http, token, key)
    again = await communities.invite(bookings_http, token("coordinator"), key, email)
    assert again.json() == {"membership_id": membership_id, "state": "invited"}
    assert await told(bookings_database, membership_id) == ["CopMemberLinkIssued"]


async def test_whoever_is_invited_may_also_join_by_the_form(bookings_http, token):
    key = await communities.formed(bookings_http, token)
    email, membership_id = await invited(bookings_http, token, key)
    await communities.join(bookings_http, key, email=email)
    [member] = await communities.members(bookings_http, token, key)
    assert (member["membership_id"], member["state"]) == (membership_id, "active")


async def test_leaving_by_the_link_is_told_once_and_joining_again_begins_anew(
    bookings_http, bookings_database, token, link
):
    key, email = await communities.formed(bookings_http, token), a.person()["email"]
    first = await communities.joined(bookings_http, token, key, email=email)
    for _ in range(2):
        answer = await bookings_http.put(f"{link(first)}/state", json={"state": "left"})
        assert answer.json()["state"] == "left"
    assert (await told(bookings_database, first)).count("CopMemberLeft") == 1
    back = await bookings_http.put(f"{link(first)}/state", json={"state": "active"})
    assert back.status_code == 409
    assert await communities.joined(bookings_http, token, key, email=email) != first


async def test_who_says_no_to_an_invitation_is_not_told_of(
    bookings_http, bookings_database, token, link
):
    key = await communities.formed(bookings_http, token)
    _, membership_id = await invited(bookings_http, token, key)
    await bookings_http.put(f"{link(membership_id)}/state", json={"state": "left"})
    late = await bookings_http.post(f"{link(membership_id)}/acceptance", json=WHO)
    assert late.status_code == 409
    assert await told(bookings_database, membership_id) == ["CopMemberLinkIssued"]


async def test_members_see_only_who_agrees(bookings_http, token, link):
    key = await communities.formed(bookings_http, token)
    email = a.person()["email"]
    hidden = await communities.joined(bookings_http, token, key, name="Will Scarlet", email=email)
    await communities.joined(bookings_http, token, key, name="Much Miller", shares_name=True)
    seen = (await bookings_http.get(link(hidden))).json()
    assert [fellow["name"] for fellow in seen["fellows"]] == ["Much Miller"]
    await bookings_http.put(f"{link(hidden)}/sharing", json={"shares_name": True})
    own = token("member", sub=person_id(b"pdu-test-key", email))
    fellows = await bookings_http.get(f"/communities/{key}/fellows", headers=own)
    assert [one["name"] for one in fellows.json()["items"]] == ["Much Miller", "Will Scarlet"]
    stranger = await bookings_http.get(f"/communities/{key}/fellows", headers=token("member"))
    assert stranger.status_code == 404


async def test_the_list_of_members_is_for_whoever_convenes_this_community(bookings_http, token):
    key = await communities.formed(bookings_http, token)
    path = f"/communities/{key}/members"
    answers = [
        await bookings_http.get(path, headers=token(role)) for role in ("member", "cop_convenor")
    ]
    assert [answer.status_code for answer in answers] == [403, 404]
    uninvited = await communities.invite(
        bookings_http, token("cop_convenor"), key, "marian@example.org"
    )
    assert uninvited.status_code == 404


async def test_a_member_who_signed_in_changes_their_own_membership_and_no_other(
    bookings_http, token
):
    key, email = await communities.formed(bookings_http, token), a.person()["email"]
    membership_id = await communities.joined(bookings_http, token, key, email=email)
    own = token("member", sub=person_id(b"pdu-test-key", email))
    listed = (await bookings_http.get("/memberships", headers=own)).json()["items"]
    assert [one["membership_id"] for one in listed] == [membership_id]
    path, form = f"/memberships/{membership_id}/state", {"state": "on_break"}
    stranger = await bookings_http.put(path, json=form, headers=token("member"))
    assert stranger.status_code == 404
    assert (await bookings_http.put(path, json=form, headers=own)).json()["state"] == "on_break"


async def test_a_community_that_closes_lets_its_members_go(bookings_http, bookings_database, token):
    key = await communities.formed(bookings_http, token)
    membership_id = await communities.joined(bookings_http, token, key)
    await communities.move(bookings_http, token, key, "closed")
    assert (await told(bookings_database, membership_id))[-1] == "CopMemberLeft"


async def test_names_of_whoever_left_or_never_answered_are_forgotten(
    bookings_http, bookings_database, token, link
):
    key = await communities.formed(bookings_http, token)
    stays = await communities.joined(bookings_http, token, key)
    leaves = await communities.joined(bookings_http, token, key)
    await bookings_http.put(f"{link(leaves)}/state", json={"state": "left"})
    _, silent = await invited(bookings_http, token, key)
    for days, kept in ((27, {stays, leaves, silent}), (28, {stays})):
        async with transaction(bookings_database) as conn:
            await forget_due(conn, datetime.now(UTC) + timedelta(days=days))
        rows = await bookings_database.pool.fetch(
            "SELECT membership_id FROM member_contact WHERE membership_id = ANY ($1::uuid[])",
            [stays, leaves, silent],
        )
        assert {str(row["membership_id"]) for row in rows} == kept
    assert (await bookings_http.get(link(silent))).json()["state"] == "left"


async def test_a_link_that_we_did_not_make_for_a_membership_is_nothing(bookings_http, house):
    key = house.secrets.link_key.encode()
    for forged in (
        token_of(b"another key", Purpose.MEMBERSHIP, uuid4()),
        token_of(key, Purpose.BOOKING, uuid4()),
        token_of(key, Purpose.MEMBERSHIP, uuid4()),
    ):
        assert (await bookings_http.get(f"/m/{forged}")).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"email": "a@example.org, b@example.org"}, "/email"),
        ({"name": "two\nlines"}, "/name"),
        ({"colour": "red"}, "/colour"),
        ({"shares_name": "perhaps"}, "/shares_name"),
    ],
)
async def test_a_form_that_will_not_do(bookings_http, token, wrong, pointer):
    key = await communities.formed(bookings_http, token)
    answer = await communities.join(bookings_http, key, **wrong)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert await communities.members(bookings_http, token, key) == []
