"""The register: who came, apologies and no-shows apart, corrections, walk-ins."""

from datetime import timedelta
from uuid import uuid4

import a

SOON = timedelta(hours=3)


def starting_soon(**details):
    starts = a.local_now() + SOON
    return a.session(starts_at=starts.isoformat(), ends_at=(starts + SOON).isoformat(), **details)


async def booked_session(http, token, people=3, **details):
    event = await a.published_event(http, token("coordinator"), sessions=[starting_soon(**details)])
    bookings = [(await a.ask_for_place(http, event)).json()["booking_id"] for _ in range(people)]
    return event["sessions"][0]["session_id"], bookings


async def write(http, headers, session_id, entries=(), walk_ins=()):
    return await http.put(
        f"/sessions/{session_id}/attendance",
        json={
            "entries": [{"booking_id": one, "state": state} for one, state in entries],
            "walk_ins": list(walk_ins),
        },
        headers=headers,
    )


async def told(database, session_id):
    rows = await database.pool.fetch(
        "SELECT routing_key, body::json->'data'->>'state' AS state FROM outbox"
        " WHERE body LIKE '%' || $1 || '%' AND routing_key LIKE 'bookings.%'"
        " AND (routing_key LIKE '%Attendance%' OR routing_key LIKE '%EventHeld')"
        " ORDER BY position",
        session_id,
    )
    return [(row["routing_key"].partition(".")[2], row["state"]) for row in rows]


def walk_in(**details):
    person = a.person(**details)
    del person["name"]
    return person


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


async def test_a_register_sent_again_changes_nothing(bookings_http, bookings_database, token):
    session_id, (one, *_) = await booked_session(bookings_http, token)
    for _ in range(2):
        answer = await write(bookings_http, token("coordinator"), session_id, [(one, "present")])
    assert answer.json() == {"recorded": 0, "corrected": 0, "unchanged": 1}
    assert len(await told(bookings_database, session_id)) == 2


async def test_a_correction_supersedes(bookings_http, bookings_database, token):
    session_id, (one, *_) = await booked_session(bookings_http, token)
    headers = token("facilitator_speaker")
    await write(bookings_http, headers, session_id, [(one, "absent_no_show")])
    answer = await write(bookings_http, headers, session_id, [(one, "present")])
    assert answer.json()["corrected"] == 1
    assert ("AttendanceCorrected", "present") in await told(bookings_database, session_id)
    register = await bookings_http.get(f"/sessions/{session_id}/register", headers=headers)
    states = {line["booking_id"]: line["state"] for line in register.json()["expected"]}
    assert states[one] == "present"


async def test_a_walk_in_is_counted_and_the_address_not_kept(
    bookings_http, bookings_database, token
):
    session_id, _ = await booked_session(bookings_http, token, people=0)
    guest = walk_in()
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


async def test_all_of_a_register_or_nothing(bookings_http, bookings_database, token):
    session_id, (one, *_) = await booked_session(bookings_http, token)
    entries = [(one, "present"), (str(uuid4()), "present")]
    answer = await write(bookings_http, token("coordinator"), session_id, entries)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/entries/1/booking_id"
    assert await told(bookings_database, session_id) == []


async def test_the_register_of_a_far_session_is_surely_a_mistake(bookings_http, token):
    event = await a.published_event(bookings_http, token("coordinator"))
    session_id = event["sessions"][0]["session_id"]
    answer = await write(bookings_http, token("coordinator"), session_id, walk_ins=[walk_in()])
    assert answer.status_code == 409


async def test_nobody_but_those_at_the_door_sees_names(bookings_http, token):
    session_id, _ = await booked_session(bookings_http, token, people=1)
    path = f"/sessions/{session_id}/register"
    assert (await bookings_http.get(path)).status_code == 401
    assert (await bookings_http.get(path, headers=token("member"))).status_code == 403
    seen = await bookings_http.get(path, headers=token("facilitator_speaker"))
    assert seen.json()["expected"][0]["name"] == "Alan a Dale"
