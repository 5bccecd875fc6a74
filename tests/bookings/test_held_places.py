"""Places kept for some, and what a coordinator sees of all."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

import a
from pdu_bookings.place.holding import release_next
from places import (
    an_event,
    counters,
    post,
    put,
    set_capacity,
    state_of,
    who_asked,
)


@pytest.fixture
def coordinator(token):
    return token("coordinator")


async def hold(http, event, coordinator, **details):
    until = (a.local_now() + timedelta(days=7)).isoformat(timespec="minutes")
    asked = {"scheme": "sector", "code": "statutory", "places": 1, "until": until, **details}
    path = f"/learning-events/{event['learning_event_id']}/held-places"
    return await put(http, path, asked, coordinator)


async def test_a_kept_place_is_for_those_it_is_kept_for(
    bookings_http, bookings_database, coordinator
):
    event = await an_event(bookings_http, coordinator, capacity=2)
    answers = [await hold(bookings_http, event, coordinator) for _ in range(2)]
    assert [answer.json()["filled"] for answer in answers] == [0, 0]
    await who_asked(bookings_http, event, 1)
    asked = [
        (await a.ask_for_place(bookings_http, event, sector=sector)).json()["state"]
        for sector in ("voluntary", "statutory", "statutory")
    ]
    assert asked == ["waitlisted", "confirmed", "waitlisted"]
    assert await counters(bookings_database, event) == {"taken": 2, "waiting": 2}


async def test_a_kept_place_given_back_goes_to_the_first_it_is_kept_for(
    bookings_http, bookings_database, coordinator, link
):
    event = await an_event(bookings_http, coordinator, capacity=1)
    await hold(bookings_http, event, coordinator)
    has_it, waits, entitled = [
        (await a.ask_for_place(bookings_http, event, sector=sector)).json()
        for sector in ("statutory", "voluntary", "statutory")
    ]
    await post(bookings_http, f"/b/{link(has_it)}/cancellation")
    assert await state_of(bookings_database, entitled) == "offered"
    await post(bookings_http, f"/b/{link(entitled)}/offer", {"accept": False})
    assert await state_of(bookings_database, waits) == "waitlisted", "it is still kept"
    assert await counters(bookings_database, event) == {"waiting": 1, "held": 1}


async def test_when_its_time_is_over_a_kept_place_is_offered_to_who_waits(
    bookings_http, bookings_database, coordinator
):
    event = await an_event(bookings_http, coordinator, capacity=1)
    await hold(bookings_http, event, coordinator)
    [waits] = await who_asked(bookings_http, event, 1)
    later = datetime.now(UTC) + timedelta(days=8)
    while any(
        await asyncio.gather(*(release_next(bookings_database, now=later) for _ in range(3)))
    ):
        pass
    assert await state_of(bookings_database, waits) == "offered"
    assert await counters(bookings_database, event) == {"taken": 1}


async def test_no_more_is_kept_than_is_free_and_no_less_than_is_filled(bookings_http, coordinator):
    event = await an_event(bookings_http, coordinator, capacity=3)
    await who_asked(bookings_http, event, 1)
    too_many = await hold(bookings_http, event, coordinator, places=3)
    assert (too_many.status_code, "Only 2" in too_many.json()["detail"]) == (409, True)
    assert (await hold(bookings_http, event, coordinator, places=2)).status_code == 200
    fewer = await set_capacity(bookings_http, event, coordinator, capacity=2)
    assert "2 are kept for some" in fewer.json()["detail"]
    await a.ask_for_place(bookings_http, event, sector="statutory")
    assert (await hold(bookings_http, event, coordinator, places=0)).status_code == 409


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"scheme": "area"}, "/scheme"),
        ({"places": -1}, "/places"),
        ({"until": "2019-01-01T10:00"}, "/until"),
    ],
)
async def test_what_is_kept_is_said_properly(bookings_http, coordinator, wrong, pointer):
    event = await an_event(bookings_http, coordinator)
    answer = await hold(bookings_http, event, coordinator, **wrong)
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


async def test_a_coordinator_sees_who_has_places_who_waits_and_what_is_kept(
    bookings_http, coordinator
):
    event = await an_event(bookings_http, coordinator, capacity=6)
    await hold(bookings_http, event, coordinator)
    for _ in range(4):
        await a.ask_for_place(bookings_http, event, organisation="Sherwood Housing")
    await who_asked(bookings_http, event, 3)
    path = f"/learning-events/{event['learning_event_id']}/places"
    seen = (await bookings_http.get(path, headers=coordinator)).json()
    assert seen["bookings"] == {"confirmed": 5, "waitlisted": 2}
    assert [one["position"] for one in seen["waiting"]] == [1, 2]
    [kept] = seen["held_places"]
    assert (kept["code"], kept["places"], kept["filled"]) == ("statutory", 1, 0)
    [session] = seen["sessions"]
    assert (session["taken"], session["held"], session["waiting"]) == (5, 1, 2)
    assert seen["large_shares"] == [{"organisation": "Sherwood Housing", "places": 4, "share": 0.8}]


async def test_only_a_coordinator_sees_the_places_of_an_event(bookings_http, token, coordinator):
    event = await an_event(bookings_http, coordinator)
    path = f"/learning-events/{event['learning_event_id']}/places"
    assert (await bookings_http.get(path, headers=token("member"))).status_code == 403
    assert (await bookings_http.get(f"{path[:-8]}x/places", headers=coordinator)).status_code == 404
