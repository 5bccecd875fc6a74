"""Somebody decides on each who asks."""

import asyncio

import pytest

from places import (
    an_event,
    counters,
    post,
    put,
    state_of,
    told,
    who_asked,
)


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture
async def approved_event(bookings_http, coordinator):
    """Two places, and somebody who decides on each who asks."""
    event = await an_event(bookings_http, coordinator, capacity=2)
    path = f"/learning-events/{event['learning_event_id']}/approval"
    answer = await put(bookings_http, path, {"needed": True}, coordinator)
    assert answer.json()["needed"] is True
    return event


async def decide(http, booking, coordinator, decision, **why):
    path = f"/bookings/{booking['booking_id']}/approval"
    return await http.post(path, json={"decision": decision, **why}, headers=coordinator)


async def test_a_request_keeps_its_place_until_somebody_says_yes(
    bookings_http, bookings_database, coordinator, approved_event
):
    first, second, third = await who_asked(bookings_http, approved_event, 3)
    states = [one["state"] for one in (first, second, third)]
    assert states == ["awaiting_approval", "awaiting_approval", "waitlisted"]
    answers = [await decide(bookings_http, first, coordinator, "approve") for _ in range(2)]
    assert [answer.json()["state"] for answer in answers] == ["confirmed", "confirmed"]
    assert await told(bookings_database, first) == ["BookingRequested", "EventBooked"]


async def test_a_no_gives_the_place_to_the_next_whose_yes_needs_ours_too(
    bookings_http, bookings_database, coordinator, approved_event, link
):
    first, _, third = await who_asked(bookings_http, approved_event, 3)
    for _ in range(2):
        answer = await decide(bookings_http, first, coordinator, "decline", reason_code="full")
        assert answer.json()["state"] == "declined"
    assert await told(bookings_database, first) == ["BookingRequested", "BookingDeclined"]
    accepted = await post(bookings_http, f"/b/{link(third)}/offer", {"accept": True})
    assert accepted["state"] == "awaiting_approval"


async def test_a_yes_after_a_no_is_refused_and_changes_nothing(
    bookings_http, bookings_database, coordinator, approved_event
):
    [first] = await who_asked(bookings_http, approved_event, 1)
    await decide(bookings_http, first, coordinator, "decline")
    answer = await decide(bookings_http, first, coordinator, "approve")
    assert answer.status_code == 409
    assert await counters(bookings_database, approved_event) == {}


async def test_yes_and_no_at_once_are_one_of_them(
    bookings_http, bookings_database, coordinator, approved_event
):
    [first] = await who_asked(bookings_http, approved_event, 1)
    words = ["approve", "decline"] * 3
    answers = await asyncio.gather(
        *(decide(bookings_http, first, coordinator, word) for word in words)
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [409] * 3
    taken = {"confirmed": {"taken": 1}, "declined": {}}
    assert (
        await counters(bookings_database, approved_event)
        == taken[await state_of(bookings_database, first)]
    )
