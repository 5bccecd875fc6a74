"""Several places in one request: a team at one event, one person at all events of a series."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

import a


def states(answer, of):
    assert answer.status_code == 201, answer.text
    return [one["booking"]["state"] for one in answer.json()[of]]


async def team(http, event, people, headers=None):
    return await http.post(
        f"/learning-events/{event['learning_event_id']}/team-bookings",
        json={"people": people},
        headers=headers or a.key(),
    )


async def bookings_of(database, event):
    return await database.pool.fetchval(
        "SELECT count(*) FROM booking WHERE learning_event_id = $1::text::uuid",
        event["learning_event_id"],
    )


async def test_a_team_is_answered_in_its_order_and_some_may_wait(bookings_http, token):
    event = await a.published_event(
        bookings_http, token("coordinator"), sessions=[a.session(capacity=2)]
    )
    answer = await team(bookings_http, event, [a.person() for _ in range(3)])
    assert states(answer, "people") == ["confirmed", "confirmed", "waitlisted"]
    assert len({one["booking"]["booking_id"] for one in answer.json()["people"]}) == 3


async def test_a_team_that_asks_again_gets_the_same_answer_also_at_once(
    bookings_http, bookings_database, token
):
    event = await a.published_event(bookings_http, token("coordinator"))
    people, key = [a.person() for _ in range(4)], a.key()
    answers = await asyncio.gather(*(team(bookings_http, event, people, key) for _ in range(5)))
    assert len({answer.text for answer in answers}) == 1
    assert await bookings_of(bookings_database, event) == 4


async def test_the_key_of_another_team_books_nobody(bookings_http, bookings_database, token):
    event = await a.published_event(bookings_http, token("coordinator"))
    key = a.key()
    await team(bookings_http, event, [a.person()], key)
    other = await team(bookings_http, event, [a.person() for _ in range(3)], key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-mismatch")
    assert await bookings_of(bookings_database, event) == 1


async def test_one_wrong_person_is_named_and_nobody_is_booked(
    bookings_http, bookings_database, token
):
    event = await a.published_event(bookings_http, token("coordinator"))
    people = [a.person(), a.person(answers={"size": "9"}), a.person(email="nowhere")]
    answer = await team(bookings_http, event, people)
    assert answer.json()["errors"][0]["pointer"] == "/people/2/email"
    answer = await team(bookings_http, event, people[:2])
    assert answer.json()["errors"][0]["pointer"] == "/people/1/answers/size"
    twice = a.person()
    for wrong in ([], [twice, {**twice, "name": "Another"}], [a.person() for _ in range(21)]):
        assert (await team(bookings_http, event, wrong)).status_code == 422
    assert await bookings_of(bookings_database, event) == 0


async def test_a_team_that_nobody_lets_in_hears_why(bookings_http):
    nowhere = {"learning_event_id": uuid4()}
    assert (await team(bookings_http, nowhere, [a.person()])).status_code == 404


@pytest.fixture
async def series(bookings_http, token):
    """Three coming events of one series, the second of them full."""
    key = f"series-{uuid4().hex[:8]}"
    defined = await bookings_http.put(
        f"/series/{key}",
        json={"kind": "series", "title": "Hoarding in depth"},
        headers=token("coordinator"),
    )
    assert defined.is_success, defined.text
    events = [
        await a.published_event(
            bookings_http,
            token("coordinator"),
            series=key,
            sessions=[a.session(starts_in=timedelta(days=days), capacity=capacity)],
        )
        for days, capacity in ((50, 9), (30, 1), (40, 9))
    ]
    await a.ask_for_place(bookings_http, events[1])
    return key, [events[1], events[2], events[0]]


async def ask_for_series(http, key, headers=None, **details):
    return await http.post(
        f"/series/{key}/bookings", json=a.person(**details), headers=headers or a.key()
    )


async def test_a_series_gives_an_answer_for_each_of_its_events_soonest_first(bookings_http, series):
    key, events = series
    answer = await ask_for_series(bookings_http, key)
    assert states(answer, "events") == ["waitlisted", "confirmed", "confirmed"]
    told = [one["learning_event_id"] for one in answer.json()["events"]]
    assert told == [event["learning_event_id"] for event in events]


async def test_repeated_it_books_the_same_events_also_when_others_joined(
    bookings_http, bookings_database, token, series
):
    key, _ = series
    headers, person = a.key(), a.person()
    first = await ask_for_series(bookings_http, key, headers, **person)
    joined = await a.published_event(bookings_http, token("coordinator"), series=key)
    assert (await ask_for_series(bookings_http, key, headers, **person)).text == first.text
    assert await bookings_of(bookings_database, joined) == 0


async def test_a_series_that_is_none_or_asks_something_else(bookings_http, series):
    key, _ = series
    assert (await ask_for_series(bookings_http, "no-such-series")).status_code == 404
    wrong = await ask_for_series(bookings_http, key, answers={"size": "9"})
    assert wrong.json()["errors"][0]["pointer"] == "/answers/size"
