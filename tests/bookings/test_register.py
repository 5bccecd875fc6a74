"""The register: who came, apologies and no-shows apart, corrections, walk-ins, and its closing."""

import asyncio
from uuid import uuid4

import pytest

import a
import speaking
from attending import (
    booked_session,
    move,
    register,
    starting_soon,
    told,
    walk_in,
    write,
)


async def test_apologies_and_no_shows_are_kept_apart(bookings_http, bookings_database, token):
    session_id, (one, two, three) = await booked_session(bookings_http, token)
    entries = [(one, "present"), (two, "absent_apologies"), (three, "absent_no_show")]
    answer = await write(bookings_http, token("coordinator"), session_id, entries)
    assert answer.json() == {"recorded": 3, "corrected": 0, "unchanged": 0}
    assert await told(bookings_database, session_id) == [
        ("AttendanceRecorded", "present"),
        ("AttendanceRecorded", "absent_apologies"),
        ("AttendanceRecorded", "absent_no_show"),
        ("EventHeld", None),
    ]


async def test_a_session_where_nobody_was_is_not_held(bookings_http, bookings_database, token):
    session_id, (one, *_) = await booked_session(bookings_http, token)
    await write(bookings_http, token("coordinator"), session_id, [(one, "absent_apologies")])
    assert ("EventHeld", None) not in await told(bookings_database, session_id)


async def test_a_session_is_not_held_when_its_only_guest_was_somebody_else(
    bookings_http, bookings_database, token
):
    session_id, (one, *_) = await booked_session(bookings_http, token, people=1)
    for state in ("present", "absent_no_show"):
        await write(bookings_http, token("coordinator"), session_id, [(one, state)])
    assert await told(bookings_database, session_id) == [
        ("AttendanceRecorded", "present"),
        ("EventHeld", None),
        ("AttendanceCorrected", "absent_no_show"),
        ("EventHeldWithdrawn", None),
    ]


async def test_a_register_sent_again_changes_nothing(bookings_http, bookings_database, token):
    session_id, (one, *_) = await booked_session(bookings_http, token)
    guest = walk_in()
    for _ in range(2):
        answer = await write(
            bookings_http, token("coordinator"), session_id, [(one, "present")], [guest]
        )
    assert answer.json() == {"recorded": 0, "corrected": 0, "unchanged": 2}
    assert len(await told(bookings_database, session_id)) == 3


async def test_a_register_that_two_send_at_once_is_written_once(
    bookings_http, bookings_database, token
):
    session_id, (one, *_) = await booked_session(bookings_http, token)
    await asyncio.gather(
        *(
            write(bookings_http, token("coordinator"), session_id, [(one, "present")])
            for _ in range(4)
        )
    )
    assert await told(bookings_database, session_id) == [
        ("AttendanceRecorded", "present"),
        ("EventHeld", None),
    ]


async def test_a_correction_supersedes_and_says_who_made_it_and_why(
    bookings_http, bookings_database, token
):
    session_id, (one, *_) = await booked_session(bookings_http, token)
    ada, bea = await speaking.runs(bookings_database, session_id), uuid4()
    await write(
        bookings_http,
        token("facilitator_speaker", sub=ada),
        session_id,
        [(one, "absent_no_show")],
    )
    headers = token("coordinator", sub=bea)
    answer = await write(
        bookings_http, headers, session_id, [(one, "present")], reason_code="came_after_all"
    )
    assert answer.json()["corrected"] == 1
    assert ("AttendanceCorrected", "present") in await told(bookings_database, session_id)

    [line, *_] = [
        line
        for line in (await register(bookings_http, headers, session_id))["expected"]
        if line["booking_id"] == one
    ]
    history = await bookings_http.get(
        f"/attendances/{line['attendance_id']}/history", headers=headers
    )
    first, second = history.json()["entries"]
    assert (first["recorded_by"], first["recorded_by_role"], first["reason_code"]) == (
        str(ada),
        "facilitator_speaker",
        None,
    )
    assert (second["recorded_by"], second["recorded_by_role"]) == (str(bea), "coordinator")
    assert (second["supersedes"], second["reason_code"]) == (first["entry_id"], "came_after_all")


async def test_the_history_of_a_line_is_for_coordinators(bookings_http, token):
    path = f"/attendances/{uuid4()}/history"
    seen = await bookings_http.get(path, headers=token("facilitator_speaker"))
    missing = await bookings_http.get(path, headers=token("coordinator"))
    assert (seen.status_code, missing.status_code) == (403, 404)


async def test_a_walk_in_is_counted_and_the_address_not_kept(
    bookings_http, bookings_database, token
):
    session_id, _ = await booked_session(bookings_http, token, people=0)
    guest = walk_in(email=f"guest-{uuid4().hex}@example.org")
    answer = await write(bookings_http, token("coordinator"), session_id, walk_ins=[guest])
    assert answer.json()["recorded"] == 1
    assert await told(bookings_database, session_id) == [
        ("AttendanceRecorded", "present"),
        ("EventHeld", None),
    ]
    kept = await bookings_database.pool.fetchval(
        "SELECT count(*) FROM contact WHERE address = $1", guest["email"]
    )
    assert kept == 0


async def test_a_walk_in_without_an_address_is_somebody_and_can_be_corrected(
    bookings_http, bookings_database, token
):
    session_id, _ = await booked_session(bookings_http, token, people=0)
    headers = token("coordinator")
    await write(bookings_http, headers, session_id, walk_ins=[walk_in(), walk_in()])
    lines = (await register(bookings_http, headers, session_id))["walked_in"]
    assert [(line["state"], line["method"]) for line in lines] == [("present", "walk_in")] * 2
    line = {"attendance_id": lines[0]["attendance_id"], "state": "partial"}
    answer = await write(bookings_http, headers, session_id, lines=[line])
    assert answer.json() == {"recorded": 0, "corrected": 1, "unchanged": 0}
    ids = await bookings_database.pool.fetch(
        "SELECT person_id FROM attendance WHERE session_id = $1::text::uuid", session_id
    )
    assert {row["person_id"].version for row in ids} == {8}


@pytest.mark.parametrize(("part", "named"), [("entries", "booking_id"), ("lines", "attendance_id")])
async def test_all_of_a_register_or_nothing(bookings_http, bookings_database, token, part, named):
    session_id, _ = await booked_session(bookings_http, token)
    answer = await bookings_http.put(
        f"/sessions/{session_id}/attendance",
        json={
            "walk_ins": [walk_in(email="guest@example.org")],
            part: [{named: str(uuid4()), "state": "present"}],
        },
        headers=token("coordinator"),
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/{part}/0/{named}"
    assert await told(bookings_database, session_id) == []


async def test_nobody_is_in_a_register_twice(bookings_http, token):
    session_id, (one, *_) = await booked_session(bookings_http, token, people=1)
    entries = [(one, "present"), (one, "partial")]
    answer = await write(bookings_http, token("coordinator"), session_id, entries)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "repeated")


async def test_the_register_of_a_far_session_is_surely_a_mistake(bookings_http, token):
    event = await a.published_event(bookings_http, token("coordinator"))
    session_id = event["sessions"][0]["session_id"]
    answer = await write(bookings_http, token("coordinator"), session_id, walk_ins=[walk_in()])
    assert answer.status_code == 409


async def test_a_facilitator_writes_for_two_weeks_and_a_coordinator_always(
    bookings_http, bookings_database, token
):
    session_id, (one, *_) = await booked_session(bookings_http, token)
    runs_it = await speaking.runs(bookings_database, session_id)
    facilitator, coordinator = token("facilitator_speaker", sub=runs_it), token("coordinator")
    await move(bookings_database, session_id, days=-13)
    in_time = await write(bookings_http, facilitator, session_id, [(one, "present")])
    await move(bookings_database, session_id, days=-2)
    late = await write(bookings_http, facilitator, session_id, [(one, "partial")])
    always = await write(bookings_http, coordinator, session_id, [(one, "partial")])
    assert (in_time.status_code, late.status_code, always.status_code) == (200, 409, 200)


async def test_nobody_but_those_at_the_door_sees_names_and_they_the_first_ones(
    bookings_http, bookings_database, token
):
    event = await a.published_event(bookings_http, token("coordinator"), sessions=[starting_soon()])
    await a.ask_for_place(
        bookings_http, event, organisation="Emmanuel House", needs={"access": "A ramp."}
    )
    session_id = event["sessions"][0]["session_id"]
    path = f"/sessions/{session_id}/register"
    assert (await bookings_http.get(path)).status_code == 401
    assert (await bookings_http.get(path, headers=token("member"))).status_code == 403
    [full] = (await register(bookings_http, token("coordinator"), session_id))["expected"]
    facilitator = token(
        "facilitator_speaker", sub=await speaking.runs(bookings_database, session_id)
    )
    [seen] = (await register(bookings_http, facilitator, session_id))["expected"]
    assert (full["name"], seen["name"]) == ("Alan a Dale", "Alan")
    assert (seen["organisation"], seen["adjustments_needed"]) == ("Emmanuel House", True)
    assert "ramp" not in str(seen)


async def test_a_session_of_somebody_else_is_not_there_for_a_facilitator(
    bookings_http, bookings_database, token
):
    session_id, (one, *_) = await booked_session(bookings_http, token)
    other, _ = await booked_session(bookings_http, token)
    facilitator = token("facilitator_speaker", sub=await speaking.runs(bookings_database, other))
    path = f"/sessions/{session_id}"
    answers = [
        await write(bookings_http, facilitator, session_id, [(one, "present")]),
        await bookings_http.get(f"{path}/register", headers=facilitator),
        await bookings_http.post(f"{path}/register/closing", headers=facilitator),
        await bookings_http.put(f"{path}/head-count", json={"people": 3}, headers=facilitator),
        await bookings_http.get(f"{path}/check-in-code", headers=facilitator),
        await bookings_http.post(f"{path}/check-in-code", headers={**facilitator, **a.key()}),
    ]
    assert [answer.status_code for answer in answers] == [404] * 6
    assert await told(bookings_database, session_id) == []
