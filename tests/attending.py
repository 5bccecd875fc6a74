"""Builders of sessions that people come to: now, soon, or over."""

from datetime import timedelta
from uuid import UUID, uuid4

import a
from pdu_bookings.place.link import token_for

SOON = timedelta(hours=3)


def starting_soon(**details):
    starts = a.local_now() + SOON
    return a.session(starts_at=starts.isoformat(), ends_at=(starts + SOON).isoformat(), **details)


async def booked_session(http, token, people=3, **details):
    """A session in three hours, of three hours, and the ids of those who booked it."""
    event = await a.published_event(http, token("coordinator"), sessions=[starting_soon(**details)])
    bookings = [(await a.ask_for_place(http, event)).json()["booking_id"] for _ in range(people)]
    return event["sessions"][0]["session_id"], bookings


async def move(database, session_id, **by):
    """Move a session in time, as only a test can: none is announced for the past."""
    await database.pool.execute(
        "UPDATE session SET starts_at = starts_at + $2, ends_at = ends_at + $2"
        " WHERE session_id = $1::text::uuid",
        session_id,
        timedelta(**by),
    )


async def write(http, headers, session_id, entries=(), walk_ins=(), **details):
    return await http.put(
        f"/sessions/{session_id}/attendance",
        json={
            "entries": [{"booking_id": one, "state": state} for one, state in entries],
            "walk_ins": [one for one in walk_ins if "email" in one],
            "addressless_walk_ins": [one for one in walk_ins if "email" not in one],
            **details,
        },
        headers=headers,
    )


async def told(database, session_id):
    """What was told of a session, in its order: the message, and what it says of a person."""
    rows = await database.pool.fetch(
        "SELECT routing_key, body::json->'data'->>'state' AS state FROM outbox"
        " WHERE body::jsonb->'data'->>'session_id' = $1"
        " AND routing_key ~ 'Attendance|EventHeld|HeadCount' ORDER BY position",
        session_id,
    )
    return [(row["routing_key"].partition(".")[2], row["state"]) for row in rows]


async def register(http, headers, session_id):
    answer = await http.get(f"/sessions/{session_id}/register", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def states(http, headers, session_id):
    """What the register says, by booking."""
    read = await register(http, headers, session_id)
    return {line["booking_id"]: line["state"] for line in read["expected"]}


def link(house, booking_id):
    """The token in a letter, which no answer over HTTP ever holds."""
    return token_for(house.secrets.link_key.encode(), UUID(booking_id))


def walk_in(**details):
    """Somebody without a booking, and without an address unless one is given."""
    known = {} if "email" in details else {"walk_in_id": str(uuid4())}
    person = {**a.person(**details), **known}
    return {
        name: value
        for name, value in person.items()
        if name != "name" and not (known and name == "email")
    }
