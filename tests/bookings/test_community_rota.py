"""Who convenes a community, for how many sessions, and where nobody does."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

import a
import communities
from pdu_bookings.rules.rota import Commitment, turns
from pdu_shared.identity import person_id

ANA, BEN = UUID(int=1), UUID(int=2)
SPRING = [date(2027, 3, day) for day in (1, 8, 15, 22)]


def promise(who, sessions, starts_on=SPRING[0], ends_on=SPRING[-1]):
    return Commitment(who, sessions, starts_on, ends_on)


@pytest.mark.parametrize(
    ("promised", "expected"),
    [
        ([], [None, None, None, None]),
        ([promise(ANA, 9)], [ANA, ANA, ANA, ANA]),
        ([promise(ANA, 9), promise(BEN, 9)], [ANA, BEN, ANA, BEN]),
        ([promise(ANA, 1), promise(BEN, 2)], [ANA, BEN, BEN, None]),
        ([promise(ANA, 9, ends_on=SPRING[1])], [ANA, ANA, None, None]),
        ([promise(ANA, 9), promise(BEN, 9, starts_on=SPRING[2])], [ANA, ANA, BEN, BEN]),
        ([promise(ANA, 1, ends_on=SPRING[0]), promise(ANA, 1)], [ANA, ANA, None, None]),
    ],
)
def test_who_had_the_fewest_turns_convenes_next_within_what_they_promised(promised, expected):
    assert turns(promised, SPRING) == expected


def test_two_sessions_on_one_day_are_two_turns():
    assert turns([promise(ANA, 1), promise(BEN, 1)], [SPRING[0]] * 3) == [ANA, BEN, None]


async def rota(http, headers, key):
    answer = await http.get(f"/communities/{key}/rota", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def meeting(http, token, key, sessions):
    for number in range(sessions):
        days = timedelta(days=30 + number)
        answer = await communities.open_session(
            http, token("coordinator"), key, **a.session(starts_in=days)
        )
        assert answer.status_code == 201, answer.text


async def test_coming_sessions_have_convenors_and_gaps_show(bookings_http, token):
    key = await communities.formed(bookings_http, token)
    ana, ben = [await communities.joined(bookings_http, token, key) for _ in range(2)]
    await meeting(bookings_http, token, key, sessions=4)
    assert (await bookings_http.get(f"/communities/{key}")).json()["gaps"] == 4
    await communities.write_rota(bookings_http, token, key, (ana, 1), (ben, 2))
    seen = await rota(bookings_http, token("coordinator"), key)
    assert [one["convenor"] for one in seen["sessions"]] == [ana, ben, ben, None]
    assert (await bookings_http.get(f"/communities/{key}")).json()["gaps"] == seen["gaps"] == 1


async def test_whoever_is_new_in_the_rota_is_told_once(bookings_http, bookings_database, token):
    key = await communities.formed(bookings_http, token)
    ana, ben = [await communities.joined(bookings_http, token, key) for _ in range(2)]
    for promised in ([(ana, 5)], [(ana, 5)], [(ben, 5), (ana, 3)]):
        await communities.write_rota(bookings_http, token, key, *promised)
    told = await bookings_database.pool.fetch(
        """
        SELECT membership_id
          FROM outbox
          JOIN community ON outbox.subject = 'community/' || community_id
          JOIN membership ON membership.community_id = community.community_id
                         AND person_id::text = body::json->'data'->>'person_id'
         WHERE key = $1 AND routing_key = 'bookings.CopConvenorAssigned'
         ORDER BY position
        """,
        key,
    )
    assert [str(row["membership_id"]) for row in told] == [ana, ben]


async def test_whoever_leaves_convenes_no_more(bookings_http, token):
    key = await communities.formed(bookings_http, token)
    ana = await communities.joined(bookings_http, token, key)
    await meeting(bookings_http, token, key, sessions=1)
    await communities.write_rota(bookings_http, token, key, (ana, 5))
    await communities.belong(bookings_http, token, ana, "left")
    seen = await rota(bookings_http, token("coordinator"), key)
    assert (seen["convenors"], seen["gaps"]) == ([], 1)


async def test_members_see_the_rota_with_the_names_of_those_who_share_them(bookings_http, token):
    key, email = await communities.formed(bookings_http, token), a.person()["email"]
    ana = await communities.joined(bookings_http, token, key, name="Ana", shares_name=True)
    ben = await communities.joined(bookings_http, token, key, name="Ben", email=email)
    await communities.write_rota(bookings_http, token, key, (ana, 1), (ben, 1))
    own = token("cop_member", sub=person_id(b"pdu-test-key", email))
    for headers, names in ((own, ["Ana", None]), (token("coordinator"), ["Ana", "Ben"])):
        seen = await rota(bookings_http, headers, key)
        assert [one["name"] for one in seen["convenors"]] == names
    stranger = await bookings_http.get(f"/communities/{key}/rota", headers=token("member"))
    assert stranger.status_code == 404


async def test_convenors_are_members(bookings_http, token):
    key = await communities.formed(bookings_http, token)
    ana = await communities.joined(bookings_http, token, key)
    answer = await communities.write_rota(bookings_http, token, key, (ana, 1), (str(uuid4()), 1))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/convenors/1/membership_id"
    assert (await rota(bookings_http, token("coordinator"), key))["convenors"] == []


async def test_a_commitment_ends_after_it_starts(bookings_http, token):
    key = await communities.formed(bookings_http, token)
    ana = await communities.joined(bookings_http, token, key)
    form = {"membership_id": ana, "sessions": 1, "starts_on": "2027-02-01", "ends_on": "2027-01-01"}
    answer = await bookings_http.put(
        f"/communities/{key}/rota", json={"convenors": [form]}, headers=token("coordinator")
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/convenors/0"


async def test_who_convenes_a_community_adds_notes_to_its_sessions_and_to_no_others(
    bookings_http, token
):
    email = a.person()["email"]
    key = await communities.formed(bookings_http, token)
    one = await communities.joined(bookings_http, token, key, email=email)
    await communities.write_rota(bookings_http, token, key, (one, 5))
    convenor = token("cop_convenor", sub=person_id(b"pdu-test-key", email))
    opened = await communities.open_session(bookings_http, token("coordinator"), key)
    other = await a.published_event(bookings_http, token("coordinator"))
    notes = {"kind": "handout", "title": "What we said", "url": "https://hub.example.org/notes"}

    async def add(event, who):
        path = f"/learning-events/{event['learning_event_id']}/materials"
        return path, await bookings_http.post(path, json=notes, headers={**who, **a.key()})

    path, added = await add(opened.json(), convenor)
    assert added.status_code == 201, added.text
    _, refused = await add(other, convenor)
    assert refused.status_code == 404
    _, stranger = await add(opened.json(), token("cop_convenor"))
    assert stranger.status_code == 404
    off = f"{path}/{added.json()['material_id']}"
    assert (await bookings_http.delete(off, headers=token("cop_convenor"))).status_code == 404
    assert (await bookings_http.delete(off, headers=convenor)).status_code == 204
