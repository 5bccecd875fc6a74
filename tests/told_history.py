"""Rows of records: `event()`, `attendance(event)`. A test says what matters, they add the rest."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx

Take = Callable[..., Awaitable[tuple[int, list[dict[str, Any]]]]]


def event(**columns: str) -> dict[str, str]:
    """A session that was held in 2018."""
    return {
        "event_key": f"LE-{uuid4().hex[:12]}",
        "title": "What makes a good hostel?",
        "kind": "learning_event",
        "series": "",
        "workstream": "housing",
        "delivery_mode": "in_person",
        "starts_at": "2018-05-15T09:30",
        "ends_at": "2018-05-15T12:30",
        "capacity": "30",
        "status": "held",
        **columns,
    }


def attendance(at: dict[str, str], **columns: str) -> dict[str, str]:
    """Somebody who booked and came: nobody who exists."""
    return {
        "event_key": at["event_key"],
        "person_email": f"person-{uuid4().hex[:12]}@example.org",
        "organisation": "",
        "sector": "voluntary",
        "work_field": "housing_homelessness",
        "role_level": "front_line",
        "area": "nottingham_city",
        "booked_at": "2018-05-01T10:00",
        "state": "present",
        "heard_about": "",
        **columns,
    }


def member(**columns: str) -> dict[str, str]:
    """An account of the hub."""
    return {
        "person_email": f"person-{uuid4().hex[:12]}@example.org",
        "organisation": "",
        "sector": "voluntary",
        "work_field": "housing_homelessness",
        "role_level": "front_line",
        "area": "nottingham_city",
        "registered_at": "2018-06-01T10:00",
        **columns,
    }


def importer(http: httpx.AsyncClient, headers: dict[str, str]) -> Take:
    """`take("events", row, …)`: how many rows changed something, and what was wrong."""

    async def take(
        file: str, *rows: dict[str, str], batch_id: object = None
    ) -> tuple[int, list[dict[str, Any]]]:
        answer = await http.post(
            f"/imports/{file}?batch_id={batch_id or uuid4()}",
            content="\n".join(json.dumps(row) for row in rows),
            headers={**headers, "Content-Type": "application/x-ndjson"},
        )
        answer.raise_for_status()
        taken = answer.json()
        assert taken["rows"] == len(rows)
        return taken["changed"], taken["problems"]

    return take
