"""Head counts: how many were there, where nobody took names."""

import pytest

import speaking
from attending import booked_session, move, told, write


async def a_session_that_is_on(http, database, token, people=0):
    session_id, bookings = await booked_session(http, token, people=people)
    await move(database, session_id, hours=-4)
    return session_id, bookings


async def count(http, headers, session_id, people, **by_sector):
    form = {
        "people": people,
        "by_sector": [{"sector": name, "people": n} for name, n in by_sector.items()],
    }
    return await http.put(f"/sessions/{session_id}/head-count", json=form, headers=headers)


async def test_a_head_count_holds_a_session_and_is_nobodys_attendance(
    bookings_http, bookings_database, token
):
    session_id, _ = await a_session_that_is_on(bookings_http, bookings_database, token)
    answer = await count(bookings_http, token("coordinator"), session_id, 40, voluntary=25)
    assert answer.json()["by_sector"] == [{"sector": "voluntary", "people": 25}]
    assert await told(bookings_database, session_id) == [
        ("HeadCountRecorded", None),
        ("EventHeld", None),
    ]


async def test_a_later_count_supersedes_and_the_same_count_is_no_other(
    bookings_http, bookings_database, token
):
    session_id, _ = await a_session_that_is_on(bookings_http, bookings_database, token)
    facilitator = token(
        "facilitator_speaker", sub=await speaking.runs(bookings_database, session_id)
    )
    for people in (40, 40, 42):
        answer = await count(bookings_http, facilitator, session_id, people)
    assert answer.json()["people"] == 42
    assert await told(bookings_database, session_id) == [
        ("HeadCountRecorded", None),
        ("EventHeld", None),
        ("HeadCountRecorded", None),
    ]


async def test_a_session_that_has_names_and_a_count_is_held_once(
    bookings_http, bookings_database, token
):
    session_id, [one] = await a_session_that_is_on(
        bookings_http, bookings_database, token, people=1
    )
    headers = token("coordinator")
    await write(bookings_http, headers, session_id, [(one, "present")])
    await count(bookings_http, headers, session_id, 12)
    await write(bookings_http, headers, session_id, [(one, "absent_no_show")])
    assert [name for name, _ in await told(bookings_database, session_id)] == [
        "AttendanceRecorded",
        "EventHeld",
        "HeadCountRecorded",
        "AttendanceCorrected",
    ]


async def test_a_session_at_which_nobody_was_counted_after_all_was_not_held(
    bookings_http, bookings_database, token
):
    session_id, _ = await a_session_that_is_on(bookings_http, bookings_database, token)
    for people in (3, 0):
        await count(bookings_http, token("coordinator"), session_id, people)
    assert (await told(bookings_database, session_id))[-1] == ("EventHeldWithdrawn", None)


@pytest.mark.parametrize(
    ("people", "by_sector"), [(5, {"voluntary": 6}), (5, {"voluntary": 3, "statutory": 3})]
)
async def test_sectors_have_no_more_people_than_there_were(
    bookings_http, bookings_database, token, people, by_sector
):
    session_id, _ = await a_session_that_is_on(bookings_http, bookings_database, token)
    answer = await count(bookings_http, token("coordinator"), session_id, people, **by_sector)
    assert answer.json()["errors"][0]["pointer"] == "/by_sector"
    assert await told(bookings_database, session_id) == []


async def test_nobody_is_counted_before_a_session_starts(bookings_http, token):
    session_id, _ = await booked_session(bookings_http, token, people=0)
    answer = await count(bookings_http, token("coordinator"), session_id, 5)
    assert answer.status_code == 409
