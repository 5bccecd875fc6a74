"""A community meets: its members have places without asking, and give them back when they go."""

import asyncio
from datetime import timedelta

import pytest

import a
import communities
import programme
from pdu_shared.identity import person_id


async def opened(http, token, key, **details):
    answer = await communities.open_session(http, token("coordinator"), key, **details)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def places(database, event):
    """How the bookings of an event stand, by membership."""
    rows = await database.pool.fetch(
        """
        SELECT membership_id, booking.state
          FROM booking
          JOIN learning_event USING (learning_event_id)
          JOIN membership USING (community_id, person_id)
         WHERE learning_event_id = $1::text::uuid AND active
        """,
        event["learning_event_id"],
    )
    return {str(row["membership_id"]): row["state"] for row in rows}


async def told(database, event):
    rows = await database.pool.fetch(
        """
        SELECT routing_key
          FROM outbox
         WHERE body LIKE '%"learning_event_id":"' || $1 || '"%'
         ORDER BY position
        """,
        event["learning_event_id"],
    )
    return [row["routing_key"].partition(".")[2] for row in rows]


async def test_every_active_member_has_a_place_at_once(bookings_http, bookings_database, token):
    key = await communities.formed(bookings_http, token)
    ana, ben, rests = [await communities.joined(bookings_http, token, key) for _ in range(3)]
    await communities.belong(bookings_http, token, rests, "on_break")
    await communities.invite(bookings_http, token("coordinator"), key, a.person()["email"])
    event = await opened(bookings_http, token, key)
    assert (event["kind"], event["series"], event["state"]) == ("cop_session", key, "published")
    assert await places(bookings_database, event) == {ana: "confirmed", ben: "confirmed"}
    facts = await told(bookings_database, event)
    assert (facts[0], facts[-2:]) == ("EventPublished", ["EventBooked", "EventBooked"])
    community = (await bookings_http.get(f"/communities/{key}")).json()
    assert community["next_session"]["learning_event_id"] == event["learning_event_id"]


async def test_a_session_opened_again_with_its_key_is_one(bookings_http, bookings_database, token):
    key = await communities.formed(bookings_http, token)
    await communities.joined(bookings_http, token, key)
    headers = {**token("coordinator"), **a.key()}
    first, again = await asyncio.gather(
        *(communities.open_session(bookings_http, headers, key) for _ in range(2))
    )
    assert (first.status_code, again.text) == (201, first.text)
    assert (await told(bookings_database, first.json())).count("EventBooked") == 1


async def test_whoever_joins_later_has_a_place_in_coming_sessions(
    bookings_http, bookings_database, token
):
    key = await communities.formed(bookings_http, token)
    events = [
        await opened(bookings_http, token, key, **a.session(starts_in=timedelta(days=days)))
        for days in (30, 60)
    ]
    late = await communities.joined(bookings_http, token, key)
    for event in events:
        assert await places(bookings_database, event) == {late: "confirmed"}


async def test_whoever_joins_while_a_session_is_opened_has_a_place(
    bookings_http, bookings_database, token
):
    key = await communities.formed(bookings_http, token)
    event, *_ = await asyncio.gather(
        opened(bookings_http, token, key),
        *(communities.join(bookings_http, key) for _ in range(5)),
    )
    there = await communities.members(bookings_http, token, key)
    assert (await places(bookings_database, event)).keys() == {
        one["membership_id"] for one in there
    }
    assert len(there) == 5


async def test_leaving_and_taking_a_break_give_the_places_back(
    bookings_http, bookings_database, token
):
    key = await communities.formed(bookings_http, token)
    ana, ben = [await communities.joined(bookings_http, token, key) for _ in range(2)]
    event = await opened(bookings_http, token, key)
    for _ in range(2):
        await communities.belong(bookings_http, token, ana, "left")
    await communities.belong(bookings_http, token, ben, "on_break")
    assert await places(bookings_database, event) == {}
    assert (await told(bookings_database, event)).count("BookingCancelled") == 2
    await communities.belong(bookings_http, token, ben, "active")
    assert await places(bookings_database, event) == {ben: "confirmed"}


async def test_whoever_does_not_belong_is_told_kindly_and_comes_when_it_is_open(
    bookings_http, token
):
    key = await communities.formed(bookings_http, token)
    email = a.person()["email"]
    closed = await opened(bookings_http, token, key)
    answer = await a.ask_for_place(bookings_http, closed, email=email)
    assert answer.status_code == 409
    assert "Join the community" in answer.json()["detail"]
    wide = await opened(bookings_http, token, key, open=True)
    answer = await a.ask_for_place(bookings_http, wide, email=email)
    assert answer.json()["state"] == "confirmed"


async def test_a_member_who_gave_a_place_back_may_ask_for_one_again(
    bookings_http, bookings_database, token
):
    key, email = await communities.formed(bookings_http, token), a.person()["email"]
    ana = await communities.joined(bookings_http, token, key, email=email)
    event = await opened(bookings_http, token, key)
    standing = (await a.ask_for_place(bookings_http, event, email=email)).json()
    await bookings_http.post(
        f"/bookings/{standing['booking_id']}/cancellation", headers=token("coordinator")
    )
    assert await places(bookings_database, event) == {}
    await a.ask_for_place(bookings_http, event, email=email)
    assert await places(bookings_database, event) == {ana: "confirmed"}


async def test_members_who_leave_at_once_do_not_wait_for_each_other_in_a_circle(
    bookings_http, bookings_database, token
):
    key = await communities.formed(bookings_http, token)
    people = [await communities.joined(bookings_http, token, key) for _ in range(4)]
    events = [await opened(bookings_http, token, key, open=True) for _ in range(3)]
    await asyncio.gather(
        *(communities.belong(bookings_http, token, one, "left") for one in people),
        *(a.ask_for_place(bookings_http, event) for event in events),
    )
    assert [await places(bookings_database, event) for event in events] == [{}, {}, {}]


async def test_a_session_too_small_for_its_members_is_not_opened(
    bookings_http, bookings_database, token
):
    key = await communities.formed(bookings_http, token)
    for _ in range(2):
        await communities.joined(bookings_http, token, key)
    answer = await communities.open_session(bookings_http, token("coordinator"), key, capacity=1)
    assert answer.status_code == 409
    assert "2 members" in answer.json()["detail"]
    kept = await bookings_database.pool.fetchval(
        "SELECT count(*) FROM learning_event WHERE series = $1", key
    )
    assert kept == 0


async def test_a_community_that_is_proposed_paused_or_closed_does_not_meet(bookings_http, token):
    key = (await communities.proposed(bookings_http, token))["key"]
    for state in ("proposed", "forming", "active", "paused", "active", "closed"):
        await communities.move(bookings_http, token, key, state)
        if state in {"proposed", "paused", "closed"}:
            answer = await communities.open_session(bookings_http, token("coordinator"), key)
            assert answer.status_code == 409, state


async def test_a_community_that_still_meets_does_not_close(bookings_http, token):
    key = await communities.formed(bookings_http, token)
    await opened(bookings_http, token, key)
    answer = await communities.move(bookings_http, token, key, "closed")
    assert answer.status_code == 409
    assert (await bookings_http.get(f"/communities/{key}")).json()["state"] == "forming"


async def test_a_session_announced_like_any_event_is_filled_when_it_is_published(
    bookings_http, bookings_database, token
):
    key = await communities.formed(bookings_http, token)
    ana = await communities.joined(bookings_http, token, key)
    event = await a.published_event(
        bookings_http, token("coordinator"), kind="cop_session", series=key
    )
    assert await places(bookings_database, event) == {ana: "confirmed"}


async def test_a_session_with_a_new_date_is_for_whoever_joined_meanwhile_and_not_for_who_left(
    bookings_http, bookings_database, token
):
    coordinator, key = token("coordinator"), await communities.formed(bookings_http, token)
    ana, leaves = [await communities.joined(bookings_http, token, key) for _ in range(2)]
    event = await opened(bookings_http, token, key, capacity=2)
    await programme.done(
        bookings_http, coordinator, event, "postponement", {"reason_code": "weather"}
    )
    await communities.belong(bookings_http, token, leaves, "left")
    ben, waits = [await communities.joined(bookings_http, token, key) for _ in range(2)]
    assert await places(bookings_database, event) == {ana: "confirmed"}
    times = {"starts_at": programme.at(13, days=60), "ends_at": programme.at(16, days=60)}
    await programme.move(bookings_http, coordinator, event, **times)
    await programme.done(bookings_http, coordinator, event, "publish")
    assert await places(bookings_database, event) == {
        ana: "confirmed",
        ben: "confirmed",
        waits: "waitlisted",
    }


async def test_a_session_for_members_stays_theirs_when_it_is_offered_again(
    bookings_http, bookings_database, token
):
    coordinator, key = token("coordinator"), await communities.formed(bookings_http, token)
    ana = await communities.joined(bookings_http, token, key)
    event = await opened(bookings_http, token, key)
    form = {"sessions": [a.session()], "publish": True}
    copy = await programme.done(bookings_http, coordinator, event, "copies", form)
    kept = {"name": programme.word(), "learning_event_id": event["learning_event_id"]}
    template = (await programme.post(bookings_http, coordinator, "/templates", kept)).json()
    path = f"/templates/{template['template_id']}/learning-events"
    later = (await programme.post(bookings_http, coordinator, path, form)).json()
    for again in (copy, later):
        assert await places(bookings_database, again) == {ana: "confirmed"}
        assert (await a.ask_for_place(bookings_http, again)).status_code == 409


@pytest.mark.parametrize("change", [{"series": None}, {"kind": "conference"}])
async def test_a_session_for_members_is_not_taken_away_from_their_community(
    bookings_http, token, change
):
    key = await communities.formed(bookings_http, token)
    event = await opened(bookings_http, token, key)
    answer = await programme.edit(bookings_http, token("coordinator"), event, **change)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/{next(iter(change))}"


async def test_a_convenor_opens_sessions_of_their_own_community(bookings_http, token):
    key = await communities.formed(bookings_http, token)
    email = a.person()["email"]
    convenor = token("cop_convenor", sub=person_id(b"pdu-test-key", email))
    ana = await communities.joined(bookings_http, token, key, email=email)
    before = await communities.open_session(bookings_http, convenor, key)
    await communities.write_rota(bookings_http, token, key, (ana, 5))
    after = await communities.open_session(bookings_http, convenor, key)
    assert (before.status_code, after.status_code) == (404, 201)
    other = await communities.formed(bookings_http, token)
    assert (await communities.open_session(bookings_http, convenor, other)).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"capacity": 0}, "/capacity"),
        ({"starts_at": "2027-03-28T01:30"}, "/starts_at"),
        ({"mode": "hybrid", "online_capacity": 10}, ""),
        ({"kind": "conference"}, "/kind"),
    ],
)
async def test_a_session_that_will_not_do(bookings_http, token, wrong, pointer):
    key = await communities.formed(bookings_http, token)
    answer = await communities.open_session(bookings_http, token("coordinator"), key, **wrong)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_a_convenor_keeps_the_register_of_their_own_community(bookings_http, token):
    key = await communities.formed(bookings_http, token)
    email = a.person()["email"]
    convenor = token("cop_convenor", sub=person_id(b"pdu-test-key", email))
    ana = await communities.joined(bookings_http, token, key, email=email)
    soon = a.local_now() + timedelta(hours=1)
    times = {
        "starts_at": soon.isoformat(timespec="minutes"),
        "ends_at": (soon + timedelta(hours=2)).isoformat(timespec="minutes"),
    }
    event = await opened(bookings_http, token, key, **times)
    path = f"/sessions/{event['sessions'][0]['session_id']}"
    assert (await bookings_http.get(f"{path}/register", headers=convenor)).status_code == 404
    await communities.write_rota(bookings_http, token, key, (ana, 1))
    [line] = (await bookings_http.get(f"{path}/register", headers=convenor)).json()["expected"]
    entries = [{"booking_id": line["booking_id"], "state": "present"}]
    written = await bookings_http.put(
        f"{path}/attendance", json={"entries": entries}, headers=convenor
    )
    assert written.json()["recorded"] == 1
    assert (await bookings_http.get(f"/communities/{key}")).json()["sessions_held"] == 1
    other = await a.published_event(bookings_http, token("coordinator"))
    path = f"/sessions/{other['sessions'][0]['session_id']}"
    for answer in (
        await bookings_http.get(f"{path}/register", headers=convenor),
        await bookings_http.put(f"{path}/attendance", json={}, headers=convenor),
        await bookings_http.put(f"{path}/head-count", json={"people": 3}, headers=convenor),
        await bookings_http.post(f"{path}/register/closing", headers=convenor),
    ):
        assert answer.status_code == 404
