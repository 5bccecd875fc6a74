"""A place that came free is offered: what becomes of the offer, and that no place is lost."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

import a
from pdu_bookings.place.expiry import expire_next
from places import counters, post, state_of, three_who_asked, told, very_soon, who_asked


@pytest.fixture
async def offered(bookings_http, token, link):
    """Three who asked for one place; the first has left, and the second is asked."""
    three = await three_who_asked(bookings_http, token("coordinator"))
    await post(bookings_http, f"/b/{link(three[0])}/cancellation")
    return three


async def say(http, link, booking, *, accept):
    return await http.post(f"/b/{link(booking)}/offer", json={"accept": accept})


async def everything_expires(database, *, after):
    while await expire_next(database, now=datetime.now(UTC) + after):
        pass


async def test_an_offer_is_shown_with_its_end_and_what_can_be_done(bookings_http, link, offered):
    seen = (await bookings_http.get(f"/b/{link(offered[1])}")).json()
    assert (seen["state"], seen["can"]) == ("offered", ["accept", "decline"])
    ends_in = datetime.fromisoformat(seen["offer_expires_at"]) - datetime.now(UTC)
    assert timedelta(hours=47) < ends_in < timedelta(hours=61)
    waits = (await bookings_http.get(f"/b/{link(offered[2])}")).json()
    assert (waits["position"], waits["can"]) == (1, ["cancel"])


async def test_who_accepts_holds_the_place_and_twice_is_once(
    bookings_http, bookings_database, link, offered
):
    answers = [await say(bookings_http, link, offered[1], accept=True) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["state"] == "confirmed"
    assert await told(bookings_database, offered[1]) == [
        "BookingWaitlisted",
        "WaitlistPlaceOffered",
        "EventBooked",
    ]


async def test_who_declines_makes_way_for_the_next(bookings_http, bookings_database, link, offered):
    _, second, third = offered
    for _ in range(2):
        answer = await say(bookings_http, link, second, accept=False)
        assert (answer.status_code, answer.json()["state"]) == (200, "offer_declined")
    assert (await told(bookings_database, second))[-1] == "WaitlistOfferDeclined"
    assert await state_of(bookings_database, third) == "offered"
    late = await say(bookings_http, link, second, accept=True)
    assert late.status_code == 409


async def test_an_offer_nobody_answers_ends_and_the_next_is_asked(
    bookings_http, bookings_database, link, offered
):
    _, second, third = offered
    await everything_expires(bookings_database, after=timedelta(hours=70))
    assert (await told(bookings_database, second))[-1] == "WaitlistOfferExpired"
    assert await state_of(bookings_database, third) == "offered"
    assert (await say(bookings_http, link, second, accept=True)).status_code == 409


async def test_who_let_an_offer_pass_waits_again_only_by_asking(bookings_http, token, link):
    event = await a.published_event(
        bookings_http, token("coordinator"), sessions=[a.session(capacity=1)]
    )
    first, person = (await who_asked(bookings_http, event, 1))[0], a.person()
    second = (await a.ask_for_place(bookings_http, event, **person)).json()
    await who_asked(bookings_http, event, 1)
    await post(bookings_http, f"/b/{link(first)}/cancellation")
    await say(bookings_http, link, second, accept=False)
    again = (await a.ask_for_place(bookings_http, event, **person)).json()
    assert (again["state"], again["places"][0]["position"]) == ("waitlisted", 1)


async def test_two_workers_at_once_end_an_offer_once(bookings_database, offered):
    later = datetime.now(UTC) + timedelta(hours=70)
    await asyncio.gather(*(expire_next(bookings_database, now=later) for _ in range(4)))
    await everything_expires(bookings_database, after=timedelta(hours=70))
    assert (await told(bookings_database, offered[1])).count("WaitlistOfferExpired") == 1


async def test_yes_and_no_at_once_leave_one_of_them_and_lose_no_place(
    bookings_http, bookings_database, link, offered
):
    _, second, third = offered
    answers = await asyncio.gather(
        *(say(bookings_http, link, second, accept=n % 2 == 0) for n in range(8))
    )
    assert {answer.status_code for answer in answers} == {200, 409}
    states = {await state_of(bookings_database, one) for one in (second, third)}
    assert states in ({"confirmed", "waitlisted"}, {"offer_declined", "offered"})


async def test_nobody_else_gets_what_is_offered(bookings_http, offered):
    event = {"learning_event_id": offered[0]["learning_event_id"]}
    stranger = (await a.ask_for_place(bookings_http, event)).json()
    assert (stranger["state"], stranger["places"][0]["position"]) == ("waitlisted", 2)


async def test_an_event_of_several_sessions_is_offered_as_a_whole(
    bookings_http, bookings_database, token, link
):
    event = await a.published_event(
        bookings_http,
        token("coordinator"),
        sessions=[a.session(capacity=2), a.session(capacity=1)],
    )
    first, second = await who_asked(bookings_http, event, 2)
    await post(bookings_http, f"/b/{link(first)}/cancellation")
    accepted = await say(bookings_http, link, second, accept=True)
    assert accepted.json()["state"] == "confirmed"
    rows = await bookings_database.pool.fetch(
        "SELECT taken, waiting FROM session WHERE learning_event_id = $1::text::uuid",
        event["learning_event_id"],
    )
    assert [tuple(row) for row in rows] == [(1, 0), (1, 0)]


async def test_shortly_before_the_start_the_first_to_come_has_the_place(
    bookings_http, bookings_database, token, link
):
    event = await a.published_event(
        bookings_http, token("coordinator"), sessions=[very_soon(capacity=1)]
    )
    first, second, third = await who_asked(bookings_http, event, 3)
    await post(bookings_http, f"/b/{link(first)}/cancellation")
    for one in (second, third):
        assert await told(bookings_database, one) == ["BookingWaitlisted", "WaitlistOpened"]
    seen = (await bookings_http.get(f"/b/{link(third)}")).json()
    assert seen["can"] == ["take", "cancel"]
    takes = [await say(bookings_http, link, one, accept=True) for one in (third, second)]
    assert [one.status_code for one in takes] == [200, 409]
    assert "quicker" in takes[1].json()["detail"]
    assert await counters(bookings_database, event) == {"taken": 1, "waiting": 1}


async def test_shortly_before_the_start_a_stranger_may_be_the_first_to_come(
    bookings_http, token, link
):
    event = await a.published_event(
        bookings_http, token("coordinator"), sessions=[very_soon(capacity=1)]
    )
    first, second = await who_asked(bookings_http, event, 2)
    await post(bookings_http, f"/b/{link(first)}/cancellation")
    stranger, *_ = await who_asked(bookings_http, event, 1)
    assert stranger["state"] == "confirmed"
    assert (await say(bookings_http, link, second, accept=True)).status_code == 409


async def test_shortly_before_the_start_who_waits_may_ask_again_and_be_the_first(
    bookings_http, bookings_database, token, link
):
    event = await a.published_event(
        bookings_http, token("coordinator"), sessions=[very_soon(capacity=1)]
    )
    person = a.person()
    [first] = await who_asked(bookings_http, event, 1)
    waits = (await a.ask_for_place(bookings_http, event, **person)).json()
    await post(bookings_http, f"/b/{link(first)}/cancellation")
    again = (await a.ask_for_place(bookings_http, event, **person)).json()
    assert (waits["booking_id"], "confirmed") == (again["booking_id"], again["state"])
    assert (await told(bookings_database, waits))[-1] == "EventBooked"
    late = (await who_asked(bookings_http, event, 1))[0]
    assert late["state"] == "waitlisted"


async def test_who_waits_cannot_help_themselves_before_their_turn(bookings_http, link, offered):
    answer = await say(bookings_http, link, offered[2], accept=True)
    assert answer.status_code == 409
    assert (await say(bookings_http, link, offered[2], accept=False)).status_code == 409


@pytest.mark.parametrize("body", [{}, {"accept": "yes"}, {"accept": 1}, {"accept": True, "x": 1}])
async def test_an_answer_is_yes_or_no(bookings_http, bookings_database, link, offered, body):
    answer = await bookings_http.post(f"/b/{link(offered[1])}/offer", json=body)
    assert answer.status_code == 422
    assert await state_of(bookings_database, offered[1]) == "offered"


async def test_a_coordinator_answers_for_somebody_on_the_telephone(bookings_http, token, offered):
    path = f"/bookings/{offered[1]['booking_id']}/offer"
    stranger = await bookings_http.post(path, json={"accept": True}, headers=token("member"))
    assert stranger.status_code == 404
    answer = await post(bookings_http, path, {"accept": True}, headers=token("coordinator"))
    assert answer["state"] == "confirmed"


async def test_whom_a_coordinator_puts_first_is_asked_before_those_who_waited_longer(
    bookings_http, bookings_database, token, link
):
    first, second, third = await three_who_asked(bookings_http, token("coordinator"))
    path = f"/bookings/{third['booking_id']}/first-in-line"
    for _ in range(2):
        answer = await bookings_http.put(path, headers=token("coordinator"))
        assert (answer.status_code, answer.json()["position"]) == (200, 1)
    await post(bookings_http, f"/b/{link(first)}/cancellation")
    assert await state_of(bookings_database, third) == "offered"
    assert await state_of(bookings_database, second) == "waitlisted"
    recorded = await bookings_database.pool.fetch(
        "SELECT role FROM put_first WHERE booking_id = $1::text::uuid", third["booking_id"]
    )
    assert [row["role"] for row in recorded] == ["coordinator"]
