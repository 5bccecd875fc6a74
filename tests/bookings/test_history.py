"""Records of the past come in: each once, as they were at the time, and nobody hears of it."""

import pytest

import a
from past_told import names, subjects_of, told
from pdu_shared.identity import derived_id
from told_history import attendance, event


async def test_a_session_that_was_held_is_told_whole(take, bookings_database):
    row = event(status="held", series="care-act", kind="cop_session", capacity="12")
    assert await take("events", row) == (1, [])
    messages = await told(bookings_database, *subjects_of(row))
    assert names(messages) == ["EventPublished", "SessionScheduled", "EventHeld"]
    published, scheduled, held = (message["data"] for message in messages)
    assert (published["series"], published["kind"]) == ("care-act", "cop_session")
    assert (published["workstreams"], scheduled["capacity"]) == (["housing"], 12)
    assert held["held_on"] == "2018-05-15"


async def test_a_cancelled_session_is_told_as_cancelled_and_cannot_be_booked(
    take, bookings_http, bookings_database
):
    row = event(status="cancelled", starts_at="2027-05-15T09:30", ends_at="2027-05-15T12:30")
    await take("events", row)
    assert names(await told(bookings_database, *subjects_of(row))) == [
        "EventPublished",
        "SessionScheduled",
        "EventCancelled",
    ]
    learning_event_id = derived_id("learning_event", row["event_key"])
    answer = await a.ask_for_place(bookings_http, {"learning_event_id": learning_event_id})
    assert answer.status_code == 409


async def test_a_session_belongs_to_the_local_day_on_which_it_starts(take, bookings_database):
    row = event(starts_at="2018-03-31T23:30", ends_at="2018-04-01T01:00")
    late = event(starts_at="2018-04-01T00:30", ends_at="2018-04-01T02:00")
    await take("events", row, late)
    days = [
        message["data"]["held_on"]
        for message in await told(bookings_database, *subjects_of(row), *subjects_of(late))
        if "held_on" in message["data"]
    ]
    assert days == ["2018-03-31", "2018-04-01"]


@pytest.mark.parametrize(
    ("change", "news"),
    [
        ({}, []),
        ({"title": "Another title"}, ["EventPublished"]),
        ({"series": "care-act"}, ["EventPublished"]),
        ({"capacity": "31"}, ["SessionScheduled"]),
        ({"starts_at": "2018-05-15T10:00"}, ["SessionScheduled"]),
        (
            {"starts_at": "2018-05-16T10:00", "ends_at": "2018-05-16T11:00"},
            ["SessionScheduled", "EventHeld"],
        ),
        ({"status": "scheduled"}, ["EventHeldWithdrawn"]),
        ({"status": "cancelled"}, ["EventCancelled", "EventHeldWithdrawn"]),
    ],
)
async def test_a_later_copy_tells_what_is_another(take, bookings_database, change, news):
    row = event()
    await take("events", row)
    before = len(await told(bookings_database, *subjects_of(row)))
    for changes in (int(bool(change)), 0):
        assert await take("events", {**row, **change}) == (changes, [])
    messages = await told(bookings_database, *subjects_of(row))
    assert names(messages)[before:] == news


async def test_a_cancelled_session_that_was_held_after_all(take, bookings_database):
    row = event(status="cancelled")
    await take("events", row)
    await take("events", {**row, "status": "held"})
    messages = await told(bookings_database, *subjects_of(row))
    assert names(messages)[3:] == ["EventPublished", "EventHeld"]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"workstream": "knitting"}, "/workstream", "unknown-code"),
        ({"kind": "party"}, "/kind", "enum"),
        ({"status": "planned"}, "/status", "literal_error"),
        ({"capacity": "0"}, "/capacity", "greater_than_equal"),
        ({"capacity": "many"}, "/capacity", "int_parsing"),
        ({"starts_at": "2018-02-30T10:00"}, "/starts_at", "value_error"),
        ({"starts_at": "2018-03-25T01:30"}, "/starts_at", "value_error"),
        ({"ends_at": "2018-05-15T09:30"}, "", "value_error"),
        ({"title": "Call 0115 496 0123"}, "/title", "value_error"),
        ({"venue": "Sneinton"}, "/venue", "extra_forbidden"),
    ],
)
async def test_a_wrong_session_is_named_and_the_next_one_taken(take, change, pointer, code):
    changed, problems = await take("events", event(**change), event())
    assert changed == 1
    assert [(one["line"], one["pointer"], one["code"]) for one in problems] == [(1, pointer, code)]


async def test_nobody_was_at_a_cancelled_session(take):
    cancelled = event(status="cancelled")
    await take("events", cancelled)
    changed, [problem] = await take(
        "attendances", attendance(cancelled), attendance(cancelled, state="absent_apologies")
    )
    assert (changed, problem["code"]) == (1, "event-cancelled")


async def test_a_session_at_which_somebody_was_cannot_have_been_cancelled(take):
    held = event()
    await take("events", held)
    await take("attendances", attendance(held))
    changed, [problem] = await take("events", {**held, "status": "cancelled"})
    assert (changed, problem["code"]) == (0, "people-came")


async def test_the_first_who_was_there_says_that_it_was_held(take, bookings_database):
    planned = event(status="scheduled")
    await take("events", planned)
    await take("attendances", attendance(planned), attendance(planned))
    assert names(await told(bookings_database, *subjects_of(planned)))[2:] == ["EventHeld"]
    assert await take("events", planned) == (0, [])


async def test_more_people_than_places_were_at_a_session_that_is_over(take):
    small = event(capacity="1")
    await take("events", small)
    assert await take("attendances", *(attendance(small) for _ in range(5))) == (5, [])


async def test_a_session_still_to_come_is_not_oversold(take):
    small = event(
        status="scheduled", capacity="3", starts_at="2027-05-15T09:30", ends_at="2027-05-15T12:30"
    )
    await take("events", small)
    rows = [attendance(small, state="") for _ in range(5)]
    changed, problems = await take("attendances", *rows)
    assert changed == 3
    assert [(one["line"], one["code"]) for one in problems] == [
        (4, "session-full"),
        (5, "session-full"),
    ]
    changed, [problem] = await take("events", {**small, "capacity": "2"})
    assert (changed, problem["pointer"]) == (0, "/capacity")


async def test_more_places_of_a_session_still_to_come_are_offered_to_those_who_wait(
    take, bookings_http, bookings_database
):
    small = event(
        status="scheduled", capacity="1", starts_at="2027-05-15T09:30", ends_at="2027-05-15T12:30"
    )
    await take("events", small)
    coming = {"learning_event_id": derived_id("learning_event", small["event_key"])}
    _, first, second = [(await a.ask_for_place(bookings_http, coming)).json() for _ in range(3)]
    assert await take("events", {**small, "capacity": "2"}) == (1, [])
    *_, offered = await told(bookings_database, f"booking/{first['booking_id']}")
    assert offered["type"] == "pdu.bookings.WaitlistPlaceOffered"
    assert offered["origin"] == "live"  # whoever waits is written to
    assert names(await told(bookings_database, f"booking/{second['booking_id']}"))[1:] == [
        "BookingWaitlisted"
    ]


async def test_nobody_can_book_what_is_over(take, bookings_http):
    held = event()
    await take("events", held)
    learning_event_id = derived_id("learning_event", held["event_key"])
    answer = await a.ask_for_place(bookings_http, {"learning_event_id": learning_event_id})
    assert answer.status_code == 409
