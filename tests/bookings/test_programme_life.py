"""What becomes of a learning event: closed, postponed, moved, cancelled, put away."""

import asyncio
import json
from datetime import timedelta
from uuid import uuid4

import pytest

import a
import attending
import programme

REASON = {"reason_code": "speaker_unwell"}


@pytest.fixture
def coordinator(token):
    return token("coordinator")


async def counted(database, event):
    row = await database.pool.fetchrow(
        "SELECT taken, waiting FROM session WHERE session_id = $1::text::uuid",
        event["sessions"][0]["session_id"],
    )
    return row["taken"], row["waiting"]


async def test_cancelling_ends_every_booking_and_tells_everybody(
    bookings_http, bookings_database, coordinator
):
    event = await a.published_event(bookings_http, coordinator, sessions=[a.session(capacity=2)])
    booked = [(await a.ask_for_place(bookings_http, event)).json() for _ in range(3)]
    for _ in range(2):  # twice is once
        cancelled = await programme.done(bookings_http, coordinator, event, "cancellation", REASON)
    assert (cancelled["state"], cancelled["reason_code"]) == ("cancelled", "speaker_unwell")
    assert await counted(bookings_database, event) == (0, 0)
    for booking in booked:
        told = await programme.told(bookings_database, booking["booking_id"])
        assert told.count("BookingCancelled") == 1
    states = await bookings_database.pool.fetch(
        "SELECT DISTINCT booking.state, place.state AS place FROM booking JOIN place"
        " USING (booking_id) WHERE learning_event_id = $1::text::uuid",
        event["learning_event_id"],
    )
    assert [tuple(row) for row in states] == [("cancelled_by_pdu", "cancelled_by_pdu")]
    told = await programme.told(bookings_database, event["learning_event_id"])
    assert told == ["EventDrafted", "EventPublished", "EventCancelled"]


async def test_nobody_gets_a_place_at_what_is_being_cancelled(
    bookings_http, bookings_database, coordinator
):
    event = await a.published_event(bookings_http, coordinator)
    *answers, _ = await asyncio.gather(
        *(a.ask_for_place(bookings_http, event) for _ in range(20)),
        programme.done(bookings_http, coordinator, event, "cancellation", REASON),
    )
    assert {answer.status_code for answer in answers} <= {201, 404, 409}
    assert await counted(bookings_database, event) == (0, 0)
    active = await bookings_database.pool.fetchval(
        "SELECT count(*) FROM booking WHERE learning_event_id = $1::text::uuid AND active",
        event["learning_event_id"],
    )
    assert active == 0


async def test_once_it_is_over_only_what_it_counts_for_is_said_otherwise(
    bookings_http, bookings_database, coordinator
):
    event = await a.published_event(bookings_http, coordinator)
    await programme.over(bookings_database, event)
    answers = [
        await programme.edit(bookings_http, coordinator, event, purpose="Another."),
        await programme.edit(bookings_http, coordinator, event, purpose="Another.", cpd_hours=2.5),
        await programme.edit(bookings_http, coordinator, event, cpd_hours=2.5),
    ]
    assert [answer.status_code for answer in answers] == [409, 409, 200]
    assert answers[-1].json()["cpd_hours"] == 2.5


async def test_what_is_cancelled_changes_no_more(bookings_http, coordinator):
    event = await a.published_event(bookings_http, coordinator)
    event = await programme.done(bookings_http, coordinator, event, "cancellation", REASON)
    path = f"/learning-events/{event['learning_event_id']}"
    answers = [
        await programme.edit(bookings_http, coordinator, event, purpose="Another."),
        await programme.move(bookings_http, coordinator, event, place="Elsewhere"),
        await bookings_http.post(f"{path}/publish", headers=coordinator),
        await bookings_http.put(f"{path}/booking-closed", headers=coordinator),
        await programme.post(bookings_http, coordinator, f"{path}/postponement", REASON),
    ]
    assert {answer.status_code for answer in answers} == {409}


async def test_a_draft_is_put_away_and_not_cancelled(bookings_http, coordinator):
    event = await programme.draft(bookings_http, coordinator)
    path = f"/learning-events/{event['learning_event_id']}"
    refused = await programme.post(bookings_http, coordinator, f"{path}/cancellation", REASON)
    assert refused.status_code == 409
    put_away = await programme.done(bookings_http, coordinator, event, "archiving")
    assert put_away["state"] == "archived"


async def test_what_people_are_invited_to_is_not_put_away(bookings_http, coordinator):
    event = await a.published_event(bookings_http, coordinator)
    path = f"/learning-events/{event['learning_event_id']}/archiving"
    assert (await bookings_http.post(path, headers=coordinator)).status_code == 409


async def test_once_it_has_begun_it_is_neither_cancelled_nor_moved(
    bookings_http, bookings_database, coordinator
):
    event = await a.published_event(
        bookings_http, coordinator, sessions=[attending.starting_soon()]
    )
    await attending.move(bookings_database, event["sessions"][0]["session_id"], hours=-4)
    path = f"/learning-events/{event['learning_event_id']}"
    answers = [
        await programme.post(bookings_http, coordinator, f"{path}/cancellation", REASON),
        await programme.post(bookings_http, coordinator, f"{path}/postponement", REASON),
        await programme.move(bookings_http, coordinator, event, place="Elsewhere"),
    ]
    assert {answer.status_code for answer in answers} == {409}


async def test_postponed_it_keeps_its_bookings_and_comes_back_with_a_new_date(
    bookings_http, bookings_database, coordinator
):
    event = await a.published_event(bookings_http, coordinator)
    await a.ask_for_place(bookings_http, event)
    postponed = await programme.done(bookings_http, coordinator, event, "postponement", REASON)
    assert (postponed["state"], postponed["stage"]) == ("postponed", "postponed")
    assert (await a.ask_for_place(bookings_http, event)).status_code in {404, 409}
    moved = await programme.move(
        bookings_http,
        coordinator,
        event,
        starts_at=programme.at(13, days=60),
        ends_at=programme.at(16, days=60),
    )
    assert moved.json()["state"] == "postponed"
    back = await programme.done(bookings_http, coordinator, event, "publish")
    assert (back["state"], back["reason_code"]) == ("published", None)
    assert await counted(bookings_database, event) == (1, 0)
    assert (await a.ask_for_place(bookings_http, event)).status_code == 201
    told = await programme.told(
        bookings_database, event["learning_event_id"], event["sessions"][0]["session_id"]
    )
    assert told == [
        "EventDrafted",
        "EventPublished",
        "SessionScheduled",
        "EventPostponed",
        "SessionRescheduled",
        "EventPublished",
    ]


async def test_postponed_it_comes_back_as_it_was_and_everybody_is_told(
    bookings_http, bookings_database, coordinator
):
    sessions = [a.session(), a.session(starts_in=timedelta(days=40))]
    event = await a.published_event(bookings_http, coordinator, sessions=sessions)
    for _ in range(2):
        await programme.done(bookings_http, coordinator, event, "postponement", REASON)
        new = {"starts_at": programme.at(13, days=60), "ends_at": programme.at(16, days=60)}
        await programme.move(bookings_http, coordinator, event, **new)
        await programme.done(bookings_http, coordinator, event, "publish")
    moved, stands = [
        [
            (fact["ical_sequence"], fact["previous_starts_at"] == fact["starts_at"])
            for body in await programme.facts(bookings_database, "SessionRescheduled", session_id)
            for fact in [json.loads(body)["data"]]
        ]
        for session_id in [one["session_id"] for one in event["sessions"]]
    ]
    # The second time it was given no other time.
    assert moved == [(1, False), (2, True)]
    assert stands == [(1, True), (2, True)]


async def test_a_new_time_is_told_with_the_old_one_and_counts_on(
    bookings_http, bookings_database, coordinator
):
    event = await a.published_event(bookings_http, coordinator)
    new = {"starts_at": programme.at(18, days=40), "ends_at": programme.at(20, days=40)}
    for _ in range(2):  # twice is once
        moved = (await programme.move(bookings_http, coordinator, event, **new)).json()
    [session] = moved["sessions"]
    assert session["out_of_hours"] is True
    [fact] = await programme.facts(bookings_database, "SessionRescheduled", session["session_id"])
    data = json.loads(fact)["data"]
    assert data["previous_place"] == data["place"]
    assert data["previous_starts_at"] < data["starts_at"]
    assert (data["ical_sequence"], data["out_of_hours"]) == (1, True)


async def test_a_session_moves_online_and_its_history_says_from_where(
    bookings_http, bookings_database, coordinator
):
    event = await a.published_event(bookings_http, coordinator)
    moved = await programme.move(
        bookings_http, coordinator, event, mode="online", place="Online",
        joining_link="https://meet.example.org/j",
    )  # fmt: skip
    [session] = moved.json()["sessions"]
    assert session["mode"] == "online"
    [fact] = await programme.facts(bookings_database, "SessionMovedOnline", session["session_id"])
    data = json.loads(fact)["data"]
    assert (data["previous_mode"], data["previous_place"]) == ("in_person", "Sneinton Hermitage")
    path = f"/learning-events/{event['learning_event_id']}/changes"
    *_, change = (await bookings_http.get(path, headers=coordinator)).json()["items"]
    assert change["was"] == {
        "mode": "in_person",
        "place": "Sneinton Hermitage",
        "joining_link": None,
    }


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"ends_at": programme.at(12)}, 422),
        ({"starts_at": programme.at(13, days=-2)}, 422),
        ({"mode": "hybrid"}, 409),
        ({"capacity": 30}, 422),
        ({"venue_id": str(uuid4())}, 422),
        ({"place": ""}, 422),
    ],
)
async def test_a_session_does_not_move_to_where_it_cannot(
    bookings_http, coordinator, changes, status
):
    event = await a.published_event(bookings_http, coordinator)
    answer = await programme.move(bookings_http, coordinator, event, **changes)
    assert answer.status_code == status, answer.text
    read = await bookings_http.get(f"/learning-events/{event['learning_event_id']}")
    assert read.json() == event


async def test_a_session_that_is_not_there_is_not_moved(bookings_http, coordinator):
    answer = await bookings_http.patch(
        f"/sessions/{uuid4()}", json={"place": "Elsewhere"}, headers=coordinator
    )
    assert answer.status_code == 404


async def test_booking_closes_and_opens_and_closing_twice_is_once(bookings_http, coordinator):
    event = await a.published_event(bookings_http, coordinator)
    path = f"/learning-events/{event['learning_event_id']}/booking-closed"
    closed = [(await bookings_http.put(path, headers=coordinator)).json() for _ in range(2)]
    assert closed[0] == closed[1]
    assert closed[0]["stage"] == "closed"
    opened = (await bookings_http.delete(path, headers=coordinator)).json()
    assert opened["stage"] == "booking_open"
