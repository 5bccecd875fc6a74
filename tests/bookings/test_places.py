"""Capacity, hybrid sessions, and where people join them."""

from datetime import timedelta

import pytest

import a
from places import (
    an_event,
    counters,
    post,
    set_capacity,
    state_of,
    who_asked,
)


@pytest.fixture
def coordinator(token):
    return token("coordinator")


async def test_more_places_are_offered_at_once_to_all_whom_they_are_enough_for(
    bookings_http, bookings_database, coordinator
):
    event = await an_event(bookings_http, coordinator, capacity=1)
    booked = await who_asked(bookings_http, event, 5)
    answers = [await set_capacity(bookings_http, event, coordinator, capacity=4) for _ in range(2)]
    assert [answer.json()["taken"] for answer in answers] == [4, 4]
    states = [await state_of(bookings_database, one) for one in booked]
    assert states == ["confirmed", "offered", "offered", "offered", "waitlisted"]


async def test_there_are_never_fewer_places_than_are_taken(bookings_http, coordinator):
    event = await an_event(bookings_http, coordinator, capacity=5)
    await who_asked(bookings_http, event, 3)
    answer = await set_capacity(bookings_http, event, coordinator, capacity=2)
    assert answer.status_code == 409
    assert "3 places are taken" in answer.json()["detail"]
    assert (await set_capacity(bookings_http, event, coordinator, capacity=3)).status_code == 200
    [next_one] = await who_asked(bookings_http, event, 1)
    assert next_one["state"] == "waitlisted"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"capacity": 0}, 422),
        ({"capacity": "12"}, 422),
        ({"capacity": 12, "online_capacity": 3}, 422),  # nobody comes online
        ({}, 422),
    ],
)
async def test_a_capacity_is_a_number_of_places(bookings_http, coordinator, body, status):
    event = await an_event(bookings_http, coordinator)
    answer = await set_capacity(bookings_http, event, coordinator, **body)
    assert answer.status_code == status


async def a_hybrid_event(http, coordinator, **session):
    details = {"mode": "hybrid", "capacity": 1, "online_capacity": 1, **session}
    return await an_event(http, coordinator, **details)


async def test_the_room_and_online_have_places_and_lines_of_their_own(
    bookings_http, bookings_database, coordinator, link
):
    event = await a_hybrid_event(bookings_http, coordinator)
    asked = [
        (await a.ask_for_place(bookings_http, event, attending=way)).json()
        for way in ("in_person", "in_person", "online", "online")
    ]
    assert [one["state"] for one in asked] == ["confirmed", "waitlisted"] * 2
    assert [one["places"][0]["position"] for one in asked] == [None, 1] * 2
    await post(bookings_http, f"/b/{link(asked[2])}/cancellation")
    states = [await state_of(bookings_database, one) for one in asked]
    assert states == ["confirmed", "waitlisted", "cancelled_by_person", "offered"]
    assert await counters(bookings_database, event) == {
        "taken": 1,
        "waiting": 1,
        "online_taken": 1,
    }


async def test_who_comes_to_a_hybrid_session_says_how(bookings_http, coordinator):
    event = await a_hybrid_event(bookings_http, coordinator)
    answer = await a.ask_for_place(bookings_http, event)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/attending"]


async def test_both_capacities_of_a_hybrid_session_change(
    bookings_http, bookings_database, coordinator
):
    event = await a_hybrid_event(bookings_http, coordinator)
    online = [
        (await a.ask_for_place(bookings_http, event, attending="online")).json() for _ in range(2)
    ]
    answer = await set_capacity(bookings_http, event, coordinator, capacity=1, online_capacity=2)
    assert answer.json()["online_taken"] == 2
    assert await state_of(bookings_database, online[1]) == "offered"
    fewer = await set_capacity(bookings_http, event, coordinator, capacity=1, online_capacity=1)
    assert "2 online places are taken" in fewer.json()["detail"]


@pytest.mark.parametrize("hours", [20, 28])
async def test_the_joining_link_is_shown_to_who_has_a_place_from_a_day_before(
    bookings_http, bookings_database, coordinator, link, hours
):
    starts = a.local_now().replace(microsecond=0) + timedelta(hours=hours)
    event = await an_event(
        bookings_http,
        coordinator,
        capacity=1,
        mode="online",
        starts_at=starts.isoformat(),
        ends_at=(starts + timedelta(hours=1)).isoformat(),
    )
    await bookings_database.pool.execute(
        "UPDATE session SET joining_link = $2 WHERE session_id = $1::text::uuid",
        event["sessions"][0]["session_id"],
        "https://meet.example.org/42",
    )
    has_it, waits = await who_asked(bookings_http, event, 2)
    seen = [(await bookings_http.get(f"/b/{link(one)}")).json() for one in (has_it, waits)]
    assert [bool(one["join_online"]) for one in seen] == [hours < 24, False]
    assert (
        "meet.example.org"
        not in (await bookings_http.get(f"/learning-events/{event['learning_event_id']}")).text
    )
