"""Two ids that turn out to be one person: they belong to a community once, with one place."""

import asyncio

import pytest

import a
import communities
from bus import deliver
from pdu_bookings.app import service
from pdu_bookings.rules.same_person import membership_stays
from pdu_shared.contracts.resources.member import PersonMerged, PersonUnmerged
from pdu_shared.contracts.vocabulary import MembershipState
from pdu_shared.identity import person_id, uuid7
from places import counters


@pytest.fixture
def emails():
    return a.person()["email"], a.person()["email"]


def merged(emails):
    """That the second address is the first one's person."""
    kept_id, merged_id = (person_id(b"pdu-test-key", email) for email in emails)
    return PersonMerged(kept_id=kept_id, merged_id=merged_id, basis="told_us")


async def standing(http, token, key):
    return [one["membership_id"] for one in await communities.members(http, token, key)]


@pytest.mark.parametrize(
    ("states", "stays"),
    [(("active", "active"), 0), (("invited", "on_break"), 1), (("on_break", "active"), 1)],
)
def test_the_membership_nearest_to_belonging_stays_then_the_older(states, stays):
    ids = uuid7(), uuid7()
    both = dict(zip(ids, map(MembershipState, states), strict=True))
    assert membership_stays(both) == ids[stays]


async def test_whoever_belonged_twice_belongs_once_with_one_place_and_all_their_turns(
    bookings_http, bookings_database, token, emails
):
    key = await communities.formed(bookings_http, token)
    elder, younger = [
        await communities.joined(bookings_http, token, key, email=email) for email in emails
    ]
    opened = await communities.open_session(bookings_http, token("coordinator"), key)
    await communities.write_rota(bookings_http, token, key, (younger, 2))
    for _ in range(2):  # twice is once
        await deliver(service, bookings_database, merged(emails))
    assert await standing(bookings_http, token, key) == [elder]
    assert await counters(bookings_database, opened.json()) == {"taken": 1}
    for email in emails:
        convenor = token("cop_convenor", sub=person_id(b"pdu-test-key", email))
        rota = await bookings_http.get(f"/communities/{key}/rota", headers=convenor)
        assert [one["membership_id"] for one in rota.json()["convenors"]] == [elder]
    left = await bookings_database.pool.fetch(
        "SELECT subject FROM outbox WHERE routing_key = 'bookings.CopMemberLeft'"
        " AND subject IN ($1, $2)",
        *(f"membership/{one}" for one in (elder, younger)),
    )
    assert [row["subject"] for row in left] == [f"membership/{younger}"]
    await communities.belong(bookings_http, token, elder, "left")
    assert await counters(bookings_database, opened.json()) == {}


async def test_a_member_may_act_under_either_id(bookings_http, bookings_database, token, emails):
    key = await communities.formed(bookings_http, token)
    await deliver(service, bookings_database, merged(emails))
    mine = await communities.joined(bookings_http, token, key, email=emails[1])
    for email, state in zip(emails, ("on_break", "active"), strict=True):
        own = token("member", sub=person_id(b"pdu-test-key", email))
        listed = (await bookings_http.get("/memberships", headers=own)).json()["items"]
        assert [one["membership_id"] for one in listed] == [mine]
        path = f"/memberships/{mine}/state"
        answer = await bookings_http.put(path, json={"state": state}, headers=own)
        assert answer.json()["state"] == state


async def test_both_addresses_at_once_are_one_member_with_one_place(
    bookings_http, bookings_database, token, emails
):
    key = await communities.formed(bookings_http, token)
    opened = await communities.open_session(bookings_http, token("coordinator"), key)
    await asyncio.gather(
        *(communities.join(bookings_http, key, email=emails[n % 2]) for n in range(4)),
        deliver(service, bookings_database, merged(emails)),
    )
    assert len(await standing(bookings_http, token, key)) == 1
    assert await counters(bookings_database, opened.json()) == {"taken": 1}


async def test_who_is_two_people_after_all_may_belong_twice(
    bookings_http, bookings_database, token, emails
):
    key = await communities.formed(bookings_http, token)
    elder = await communities.joined(bookings_http, token, key, email=emails[1])
    message = merged(emails)
    await deliver(service, bookings_database, message)
    await communities.join(bookings_http, key, email=emails[0])
    assert await standing(bookings_http, token, key) == [elder]
    apart = PersonUnmerged(kept_id=message.kept_id, merged_id=message.merged_id)
    await deliver(service, bookings_database, apart)
    other = await communities.joined(bookings_http, token, key, email=emails[0])
    assert set(await standing(bookings_http, token, key)) == {elder, other}
