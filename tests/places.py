"""A full event and those who wait for it, what they do, and what is told of them."""

from datetime import timedelta
from typing import Any

import httpx

import a
from pdu_shared.database import Database

Booking = dict[str, Any]


def very_soon(**details: Any) -> dict[str, Any]:
    """A session in two hours: too near to ask one after the other."""
    starts = a.local_now().replace(microsecond=0) + timedelta(hours=2)
    ends = starts + timedelta(hours=1)
    return a.session(starts_at=starts.isoformat(), ends_at=ends.isoformat(), **details)


async def who_asked(http: a.Http, event: dict[str, Any], people: int) -> list[Booking]:
    """The bookings of so many who asked one after the other."""
    return [(await a.ask_for_place(http, event)).json() for _ in range(people)]


async def three_who_asked(
    http: a.Http, coordinator: dict[str, str], **session: Any
) -> list[Booking]:
    """One who has the only place, and two who wait for it."""
    sessions = [a.session(capacity=1, **session)]
    event = await a.published_event(http, coordinator, sessions=sessions)
    return await who_asked(http, event, 3)


async def post(http: a.Http, path: str, body: object = None, **how: Any) -> Booking:
    """The booking after something was done with it."""
    answer = await http.post(path, json=body, **how)
    assert answer.status_code == 200, answer.text
    seen: Booking = answer.json()
    return seen


async def told(database: Database, booking: Booking) -> list[str]:
    """The names of the messages about a booking, in their order."""
    rows = await database.pool.fetch(
        "SELECT routing_key FROM outbox WHERE subject = $1 AND exchange = 'pdu.messages'"
        " ORDER BY position",
        f"booking/{booking['booking_id']}",
    )
    return [row["routing_key"].partition(".")[2] for row in rows]


async def state_of(database: Database, booking: Booking) -> str:
    """How a booking stands."""
    state: str = await database.pool.fetchval(
        "SELECT state FROM booking WHERE booking_id = $1::text::uuid", booking["booking_id"]
    )
    return state


async def counters(database: Database, event: dict[str, Any]) -> dict[str, int]:
    """What the first session of an event counts."""
    row = await database.pool.fetchrow(
        """
        SELECT taken, waiting, held, online_taken, online_waiting
          FROM session WHERE session_id = $1::text::uuid
        """,
        event["sessions"][0]["session_id"],
    )
    assert row is not None
    return {name: number for name, number in row.items() if number}


async def an_event(http: a.Http, coordinator: dict[str, str], **session: Any) -> dict[str, Any]:
    """A published event with one session."""
    return await a.published_event(http, coordinator, sessions=[a.session(**session)])


async def put(http: a.Http, path: str, body: object, headers: dict[str, str]) -> httpx.Response:
    """The answer to whoever sets something."""
    return await http.put(path, json=body, headers=headers)


async def set_capacity(
    http: a.Http, event: dict[str, Any], coordinator: dict[str, str], **capacity: Any
) -> httpx.Response:
    """The answer to a coordinator who changes how many places the first session has."""
    path = f"/sessions/{event['sessions'][0]['session_id']}/capacity"
    return await put(http, path, capacity, coordinator)
