"""Sessions at the same time: people choose one, and may choose another while it has room."""

import asyncio
import json
from uuid import uuid4

import pytest

import a
import attending
import programme
from places import post, state_of


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture
async def event(bookings_http, coordinator):
    """A morning for all of ten, and in the afternoon two rooms for one each."""
    return await conference(bookings_http, coordinator)


async def conference(http, coordinator, rooms=1, **details):
    at = programme.at
    afternoon = {"starts_at": at(14), "ends_at": at(16), "capacity": rooms, "parallel": "afternoon"}
    sessions = [
        a.session(starts_at=at(10), ends_at=at(12), capacity=10),
        a.session(**afternoon, title="Listening"),
        a.session(**afternoon, title="Setting limits"),
    ]
    return await a.published_event(http, coordinator, sessions=sessions, **details)


def room(event, title="Listening"):
    [found] = [one["session_id"] for one in event["sessions"] if one["title"] == title]
    return found


async def ask(http, event, *titles, **person):
    chosen = [room(event, title) for title in titles]
    answer = await a.ask_for_place(http, event, sessions=chosen, **person)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def choose(http, path, event, title):
    return await http.put(f"{path}/sessions", json={"sessions": [room(event, title)]})


async def taken(database, event):
    rows = await database.pool.fetch(
        "SELECT taken, waiting FROM session WHERE learning_event_id = $1::text::uuid"
        " ORDER BY starts_at, title",
        event["learning_event_id"],
    )
    return [tuple(row) for row in rows]


async def test_a_place_is_in_all_of_it_but_the_rooms_not_chosen(
    bookings_http, bookings_database, event, link
):
    booked = await ask(bookings_http, event, "Listening")
    sessions = [one["session_id"] for one in booked["places"]]
    assert set(sessions) == {event["sessions"][0]["session_id"], room(event)}
    seen = (await bookings_http.get(f"/b/{link(booked)}")).json()
    assert set(seen["session_ids"]) == set(sessions)
    assert seen["can"] == ["cancel", "choose"]
    assert await taken(bookings_database, event) == [(1, 0), (1, 0), (0, 0)]


@pytest.mark.parametrize("titles", [(), ("Listening", "Setting limits")])
async def test_whoever_chooses_none_or_both_is_told(bookings_http, event, titles):
    chosen = [room(event, title) for title in titles]
    answer = await a.ask_for_place(bookings_http, event, sessions=chosen)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/sessions"]


async def test_a_full_room_has_a_line_of_its_own(bookings_http, bookings_database, event, link):
    first = await ask(bookings_http, event, "Listening")
    waits, also = [await ask(bookings_http, event, "Listening") for _ in range(2)]
    assert [one["places"][0]["position"] for one in (waits, also)] == [1, 2]
    assert (await ask(bookings_http, event, "Setting limits"))["state"] == "confirmed"
    path = f"/learning-events/{event['learning_event_id']}"
    assert (await bookings_http.get(path)).json()["stage"] == "full"
    assert (await bookings_http.get(f"/b/{link(also)}")).json()["position"] == 2
    await post(bookings_http, f"/b/{link(first)}/cancellation")
    assert await state_of(bookings_database, waits) == "offered"
    assert await taken(bookings_database, event) == [(2, 1), (1, 1), (1, 0)]


async def test_another_room_is_chosen_by_link_and_the_place_is_offered_on(
    bookings_http, bookings_database, event, link
):
    booked = await ask(bookings_http, event, "Listening")
    waits = await ask(bookings_http, event, "Listening")
    path = f"/b/{link(booked)}"
    for _ in range(2):  # twice is once
        chosen = await choose(bookings_http, path, event, "Setting limits")
        assert chosen.status_code == 200, chosen.text
        assert room(event, "Setting limits") in chosen.json()["session_ids"]
    assert await state_of(bookings_database, waits) == "offered"
    assert await taken(bookings_database, event) == [(2, 0), (1, 0), (1, 0)]
    facts = await programme.facts(bookings_database, "EventBooked", booked["booking_id"])
    before, after = (json.loads(fact)["data"] for fact in facts)
    assert before["rechosen_at"] is None
    assert after["rechosen_at"] is not None
    assert room(event, "Setting limits") in after["session_ids"]
    assert room(event) not in after["session_ids"]


async def test_a_full_room_is_not_chosen_and_the_place_stays(bookings_http, event, link):
    await ask(bookings_http, event, "Setting limits")
    booked = await ask(bookings_http, event, "Listening")
    path = f"/b/{link(booked)}"
    refused = await choose(bookings_http, path, event, "Setting limits")
    assert refused.status_code == 409
    assert "You keep the place you have" in refused.json()["detail"]
    assert room(event) in (await bookings_http.get(path)).json()["session_ids"]
    none = await bookings_http.put(f"{path}/sessions", json={"sessions": [str(uuid4())]})
    assert none.status_code == 422


async def test_whoever_waits_chooses_by_asking_again(bookings_http, event, link):
    await ask(bookings_http, event, "Listening")
    waits = await ask(bookings_http, event, "Listening")
    refused = await choose(bookings_http, f"/b/{link(waits)}", event, "Setting limits")
    assert refused.status_code == 409


async def test_many_who_choose_the_last_place_at_once_are_one(
    bookings_http, bookings_database, coordinator, link
):
    event = await conference(bookings_http, coordinator, rooms=4)
    booked = [await ask(bookings_http, event, "Listening") for _ in range(4)]
    for _ in range(3):
        await ask(bookings_http, event, "Setting limits")
    answers = await asyncio.gather(
        *(choose(bookings_http, f"/b/{link(one)}", event, "Setting limits") for one in booked)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert await taken(bookings_database, event) == [(7, 0), (3, 0), (4, 0)]


async def test_of_rooms_at_the_same_time_one_is_enough_to_complete_it(
    bookings_http, bookings_database, coordinator, event, link
):
    booked = await ask(bookings_http, event, "Listening")
    assert len(event["sessions"]) == 3
    await programme.over(bookings_database, event)
    for session_id in (event["sessions"][0]["session_id"], room(event)):
        entries = [(booked["booking_id"], "present")]
        answer = await attending.write(bookings_http, coordinator, session_id, entries)
        assert answer.status_code == 200, answer.text
    certificate = await bookings_http.post(f"/b/{link(booked)}/certificate", json={})
    assert certificate.status_code < 300, certificate.text


async def test_no_places_are_kept_where_people_choose(bookings_http, coordinator, event):
    form = {"scheme": "sector", "code": "statutory", "places": 1, "until": programme.at(9, days=9)}
    path = f"/learning-events/{event['learning_event_id']}/held-places"
    assert (await bookings_http.put(path, json=form, headers=coordinator)).status_code == 409


async def test_a_series_is_booked_with_the_rooms_of_its_events(bookings_http, coordinator):
    key = programme.word()
    defined = {"kind": "series", "title": "Workshops"}
    await bookings_http.put(f"/series/{key}", json=defined, headers=coordinator)
    plain = await a.published_event(bookings_http, coordinator, series=key)
    event = await conference(bookings_http, coordinator, series=key)
    form = a.person(sessions=[room(event)])
    answer = await bookings_http.post(f"/series/{key}/bookings", json=form, headers=a.key())
    assert answer.status_code == 201, answer.text
    states = {one["learning_event_id"]: one["booking"]["state"] for one in answer.json()["events"]}
    assert states == {
        plain["learning_event_id"]: "confirmed", event["learning_event_id"]: "confirmed"
    }  # fmt: skip
    strange = a.person(sessions=[str(uuid4())])
    refused = await bookings_http.post(f"/series/{key}/bookings", json=strange, headers=a.key())
    assert refused.status_code == 422
