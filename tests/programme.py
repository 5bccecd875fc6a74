"""Builders and questions about the programme: what a coordinator does to it, and what was told."""

from datetime import timedelta
from uuid import uuid4

import httpx

import a
from pdu_shared.identity import uuid7

Http = httpx.AsyncClient
Headers = dict[str, str]


def word() -> str:
    """A code that no other test uses."""
    return f"w{uuid4().hex[:12]}"


def at(hour: int, *, days: int = 30, minute: int = 0) -> str:
    """A local time on a poster."""
    day = a.local_now() + timedelta(days=days)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0).isoformat()


async def draft(http: Http, coordinator: Headers, **details) -> dict:
    answer = await http.post(
        "/learning-events", json=a.learning_event(**details), headers={**coordinator, **a.key()}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def post(http: Http, coordinator: Headers, path: str, body=None) -> httpx.Response:
    return await http.post(path, json=body, headers={**coordinator, **a.key()})


async def done(http: Http, coordinator: Headers, event: dict, what: str, body=None) -> dict:
    """What the event is after something was done to it."""
    path = f"/learning-events/{event['learning_event_id']}/{what}"
    answer = await post(http, coordinator, path, body)
    assert answer.status_code < 300, answer.text
    return answer.json()


async def edit(http: Http, coordinator: Headers, event: dict, **changes) -> httpx.Response:
    """The answer to somebody who edits what they have read."""
    return await http.patch(
        f"/learning-events/{event['learning_event_id']}",
        json=changes,
        headers={**coordinator, "If-Match": f'"{event["version"]}"'},
    )


async def move(http: Http, coordinator: Headers, event: dict, **changes) -> httpx.Response:
    session_id = event["sessions"][0]["session_id"]
    return await http.patch(f"/sessions/{session_id}", json=changes, headers=coordinator)


async def told(database, *ids: str) -> list[str]:
    """The names of the messages about these, in their order."""
    rows = await database.pool.fetch(
        "SELECT routing_key FROM outbox WHERE split_part(subject, '/', 2) = ANY ($1::text[])"
        " AND exchange = 'pdu.messages' ORDER BY position",
        list(ids),
    )
    return [row["routing_key"].partition(".")[2] for row in rows]


async def facts(database, name: str, subject_id: str) -> list[str]:
    """The bodies of the messages with this name about one thing."""
    rows = await database.pool.fetch(
        "SELECT body FROM outbox WHERE routing_key = $1 AND split_part(subject, '/', 2) = $2"
        " ORDER BY position",
        f"bookings.{name}",
        subject_id,
    )
    return [row["body"] for row in rows]


async def over(database, event: dict, *, came: tuple[str, ...] = ()) -> None:
    """Let a learning event be over, with these persons at it."""
    sessions = [one["session_id"] for one in event["sessions"]]
    await database.pool.execute(
        "UPDATE session SET starts_at = starts_at - interval '60 days',"
        " ends_at = ends_at - interval '60 days' WHERE session_id = ANY ($1::text[]::uuid[])",
        sessions,
    )
    for person_id in came:
        attendance_id = uuid7()
        await database.pool.execute(
            "INSERT INTO attendance (attendance_id, session_id, person_id, sector, work_field,"
            " role_level, area) VALUES ($1, $2::text::uuid, $3::text::uuid, 'voluntary', 'health',"
            " 'front_line', 'national')",
            attendance_id,
            sessions[0],
            person_id,
        )
        await database.pool.execute(
            "INSERT INTO attendance_entry (entry_id, attendance_id, state, method,"
            " recorded_by_role, recorded_at)"
            " VALUES ($1, $1, 'present', 'register', 'coordinator', now())",
            attendance_id,
        )
