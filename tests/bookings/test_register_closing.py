"""A register is closed, and people send apologies: before, in time, or late."""

from uuid import UUID

import pytest

from attending import (
    booked_session,
    link,
    move,
    states,
    told,
    write,
)
from pdu_bookings.rules.attendance import Entry, recording, told_us
from pdu_shared.contracts.vocabulary import AttendanceMethod, AttendanceState, CorrectionReason


async def close(http, headers, session_id):
    return await http.post(f"/sessions/{session_id}/register/closing", headers=headers)


async def apologise(http, house, booking_id, session_id):
    return await http.post(
        f"/b/{link(house, booking_id)}/apologies", json={"session_id": session_id}
    )


async def test_closing_a_register_makes_absent_whoever_is_missing(
    bookings_http, bookings_database, token
):
    session_id, (one, two, three) = await booked_session(bookings_http, token)
    headers = token("coordinator")
    await write(bookings_http, headers, session_id, [(one, "present"), (two, "absent_apologies")])
    assert (await close(bookings_http, headers, session_id)).status_code == 409
    await move(bookings_database, session_id, hours=-7)
    closed = [(await close(bookings_http, headers, session_id)).json() for _ in range(2)]
    assert closed[0] == closed[1]
    assert closed[0]["held"]
    assert closed[0]["by_state"] == {"present": 1, "absent_apologies": 1, "absent_no_show": 1}
    assert (await states(bookings_http, headers, session_id))[three] == "absent_no_show"
    assert len(await told(bookings_database, session_id)) == 4


async def test_closing_the_register_of_a_session_nobody_came_to_holds_it_not(
    bookings_http, bookings_database, token
):
    session_id, _ = await booked_session(bookings_http, token, people=1)
    await move(bookings_database, session_id, hours=-7)
    answer = (await close(bookings_http, token("coordinator"), session_id)).json()
    assert (answer["held"], answer["by_state"]) == (False, {"absent_no_show": 1})


async def test_apologies_are_sent_by_the_link_and_once(
    bookings_http, bookings_database, token, house
):
    session_id, (one, *_) = await booked_session(bookings_http, token)
    for _ in range(2):
        answer = await apologise(bookings_http, house, one, session_id)
        assert answer.json() == {"session_id": session_id, "state": "absent_apologies"}
    assert await told(bookings_database, session_id) == [("AttendanceRecorded", "absent_apologies")]


async def test_apologies_that_come_late_still_are_apologies(
    bookings_http, bookings_database, token, house
):
    session_id, (one, *_) = await booked_session(bookings_http, token)
    await move(bookings_database, session_id, hours=-7)
    await close(bookings_http, token("coordinator"), session_id)
    assert (await apologise(bookings_http, house, one, session_id)).status_code == 200
    assert (await states(bookings_http, token("coordinator"), session_id))[one] == (
        "absent_apologies"
    )


@pytest.mark.parametrize("hours", [48, -48])
async def test_apologies_have_their_time(bookings_http, bookings_database, token, house, hours):
    session_id, (one, *_) = await booked_session(bookings_http, token, people=1)
    await move(bookings_database, session_id, hours=hours)
    assert (await apologise(bookings_http, house, one, session_id)).status_code == 409
    assert await told(bookings_database, session_id) == []


async def test_whoever_was_there_does_not_apologise(bookings_http, token, house):
    session_id, (one, *_) = await booked_session(bookings_http, token)
    await write(bookings_http, token("coordinator"), session_id, [(one, "present")])
    assert (await apologise(bookings_http, house, one, session_id)).status_code == 409


async def test_a_link_speaks_for_its_own_sessions_only(bookings_http, token, house):
    session_id, _ = await booked_session(bookings_http, token)
    _, (stranger, *_) = await booked_session(bookings_http, token, people=1)
    answer = await apologise(bookings_http, house, stranger, session_id)
    assert answer.json()["errors"][0]["pointer"] == "/session_id"
    unknown = await bookings_http.post(f"/b/{'1' * 44}/apologies", json={"session_id": session_id})
    assert (answer.status_code, unknown.status_code) == (422, 404)


def stood(state, method):
    return Entry(UUID(int=1), AttendanceState(state), AttendanceMethod(method))


def test_apologies_change_what_a_closing_wrote_and_leave_what_was_corrected():
    assert told_us(stood("absent_no_show", "register_closed")).supersedes == UUID(int=1)
    assert told_us(stood("absent_no_show", "late_correction")) is None
    assert told_us(stood("absent_apologies", "register")) is None


def test_a_register_that_says_what_stands_writes_nothing():
    standing = stood("present", "self_check_in")
    why = CorrectionReason.MISTAKE
    assert recording(AttendanceState.PRESENT, standing, walk_in=False, reason=why) is None
    corrected = recording(AttendanceState.PARTIAL, standing, walk_in=False, reason=why)
    assert corrected.method is AttendanceMethod.LATE_CORRECTION
