"""Who was there, as records of the past say it: each once, as they were at the time."""

import asyncio
from uuid import UUID

import pytest

import a
from past_told import names, subjects_at, told
from pdu_shared.identity import derived_id, organisation_id
from told_history import attendance, event


async def test_somebody_who_was_there_is_one_message(take, bookings_database):
    held = event()
    row = attendance(held, organisation="Framework  Housing", heard_about="bulletin")
    await take("events", held)
    assert await take("attendances", row) == (1, [])
    [message] = await told(bookings_database, *subjects_at(row))
    assert (message["type"], message["origin"]) == ("pdu.bookings.AttendanceRecorded", "import")
    assert message["time"] == "2018-05-15T08:30:00+00:00"
    fact = message["data"]
    assert fact["method"] == "import"
    assert fact["booking_id"] == subjects_at(row)[0].partition("/")[2]
    assert (fact["booked_on"], fact["heard_about"]) == ("2018-05-01", "bulletin")
    assert fact["organisation_id"] == str(organisation_id("framework housing"))


async def test_of_somebody_imported_no_address_is_kept(take, bookings_database):
    held = event()
    row = attendance(held)
    await take("events", held)
    await take("attendances", row)
    booking_id = UUID(subjects_at(row)[0].partition("/")[2])
    kept = await bookings_database.pool.fetchval(
        "SELECT count(*) FROM contact WHERE booking_id = $1", booking_id
    )
    assert kept == 0


async def test_an_address_in_other_letters_is_the_same_person(take):
    held = event()
    row = attendance(held)
    await take("events", held)
    await take("attendances", row)
    again = {**row, "person_email": row["person_email"].upper()}
    assert await take("attendances", again) == (0, [])


async def test_a_booking_is_told_and_later_what_became_of_it(take, bookings_database):
    coming = event(status="scheduled", starts_at="2027-05-15T09:30", ends_at="2027-05-15T12:30")
    row = attendance(coming, state="")
    await take("events", coming)
    await take("attendances", row)
    await take("attendances", {**row, "state": "absent_apologies"})
    assert names(await told(bookings_database, *subjects_at(row))) == [
        "EventBooked",
        "AttendanceRecorded",
    ]


@pytest.mark.parametrize(
    ("change", "news"),
    [
        ({}, []),
        ({"state": "absent_no_show"}, ["AttendanceCorrected"]),
        ({"sector": "statutory"}, ["AttendanceCorrected"]),
        ({"organisation": "Emmanuel House"}, ["AttendanceCorrected"]),
        ({"heard_about": "bulletin"}, ["AttendanceCorrected"]),
        ({"booked_at": "2018-05-02T10:00"}, ["AttendanceCorrected"]),
        ({"state": ""}, []),
    ],
)
async def test_a_later_copy_corrects_an_attendance(take, bookings_database, change, news):
    held = event()
    row = attendance(held)
    await take("events", held)
    await take("attendances", row)
    for changes in (len(news), 0):
        assert await take("attendances", {**row, **change}) == (changes, [])
    messages = await told(bookings_database, *subjects_at(row))
    assert names(messages)[1:] == news
    for message in messages[1:]:
        assert message["data"]["supersedes"]


async def test_a_booking_that_changes_is_told_again(take, bookings_database):
    coming = event(status="scheduled", starts_at="2027-05-15T09:30", ends_at="2027-05-15T12:30")
    row = attendance(coming, state="")
    await take("events", coming)
    await take("attendances", row)
    await take("attendances", {**row, "sector": "statutory"})
    first, second = await told(bookings_database, *subjects_at(row))
    assert names([first, second]) == ["EventBooked", "EventBooked"]
    assert (first["data"]["sector"], second["data"]["sector"]) == ("voluntary", "statutory")


async def test_who_was_there_on_another_day_is_corrected_with_the_session(take, bookings_database):
    held = event()
    row = attendance(held)
    await take("events", held)
    await take("attendances", row)
    moved = {"starts_at": "2018-05-16T09:30", "ends_at": "2018-05-16T12:30"}
    await take("events", {**held, **moved})
    recorded, corrected = await told(bookings_database, subjects_at(row)[1])
    assert corrected["type"] == "pdu.bookings.AttendanceCorrected"
    assert corrected["data"] == {
        **recorded["data"],
        "held_on": "2018-05-16",
        "supersedes": corrected["data"]["supersedes"],
        "reason_code": "records",
    }


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"event_key": "nowhere"}, "/event_key", "unknown-event"),
        ({"sector": "charity"}, "/sector", "unknown-code"),
        ({"work_field": ""}, "/work_field", "missing"),
        ({"heard_about": "rumour"}, "/heard_about", "unknown-code"),
        ({"state": "there"}, "/state", "enum"),
        ({"person_email": "marian"}, "/person_email", "value_error"),
        ({"booked_at": "2018-05-01"}, "/booked_at", "value_error"),
        ({"name": "Marian"}, "/name", "extra_forbidden"),
    ],
)
async def test_a_wrong_attendance_is_named_and_the_next_one_taken(take, change, pointer, code):
    held = event()
    await take("events", held)
    rows = [{**attendance(held), **change}, attendance(held)]
    changed, problems = await take("attendances", *rows)
    assert changed == 1
    assert [(one["line"], one["pointer"], one["code"]) for one in problems] == [(1, pointer, code)]


async def test_who_booked_here_keeps_that_booking(take, bookings_http, bookings_database):
    coming = event(status="scheduled", starts_at="2027-05-15T09:30", ends_at="2027-05-15T12:30")
    await take("events", coming)
    learning_event_id = derived_id("learning_event", coming["event_key"])
    row = attendance(coming, state="")
    booked = await a.ask_for_place(
        bookings_http, {"learning_event_id": learning_event_id}, email=row["person_email"]
    )
    assert await take("attendances", {**row, "sector": "statutory"}) == (0, [])
    await take("attendances", {**row, "state": "present"})
    [message] = await told(bookings_database, *subjects_at(row))
    assert message["data"]["booking_id"] == booked.json()["booking_id"]


async def test_a_place_that_was_given_back_here_stays_given_back(
    take, bookings_http, bookings_database, token
):
    coming = event(status="scheduled", starts_at="2027-05-15T09:30", ends_at="2027-05-15T12:30")
    row = attendance(coming, state="")
    await take("events", coming)
    await take("attendances", row)
    booking_id = subjects_at(row)[0].partition("/")[2]
    path = f"/bookings/{booking_id}/cancellation"
    answer = await bookings_http.post(path, headers=token("coordinator"))
    assert answer.json()["state"] == "cancelled_by_pdu"
    assert await take("attendances", {**row, "sector": "statutory"}) == (0, [])
    assert names(await told(bookings_database, *subjects_at(row))) == [
        "EventBooked",
        "BookingCancelled",
    ]


async def test_what_was_corrected_here_stays_until_the_records_say_something_else(
    take, bookings_http, token
):
    held = event()
    row = attendance(held)
    await take("events", held)
    await take("attendances", row)
    booking_id = subjects_at(row)[0].partition("/")[2]
    session_id = derived_id("session", held["event_key"])
    corrected = await bookings_http.put(
        f"/sessions/{session_id}/attendance",
        json={"entries": [{"booking_id": booking_id, "state": "absent_no_show"}]},
        headers=token("coordinator"),
    )
    assert corrected.json()["corrected"] == 1
    assert await take("attendances", row) == (0, [])
    assert await take("attendances", {**row, "state": "partial"}) == (1, [])


async def test_the_same_records_twice_at_once_are_there_once(take, bookings_database):
    held = event()
    rows = [attendance(held) for _ in range(20)]
    await take("events", held)
    both = await asyncio.gather(
        take("attendances", *rows), take("attendances", *rows), return_exceptions=True
    )
    assert (20, []) in both
    assert await take("attendances", *rows) == (0, [])
    subjects = [subject for row in rows for subject in subjects_at(row)]
    assert len(await told(bookings_database, *subjects)) == 20
