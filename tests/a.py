"""Builders: `a.person()`, `a.published_event(…)`. A test says what matters, they add the rest."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

Http = httpx.AsyncClient


def local_now() -> datetime:
    """What a clock on a wall in Nottingham shows."""
    return datetime.now(ZoneInfo("Europe/London")).replace(tzinfo=None)


def key() -> dict[str, str]:
    """A fresh Idempotency-Key."""
    return {"Idempotency-Key": uuid4().hex}


def person(**details: Any) -> dict[str, Any]:
    """Somebody who books: nobody who exists."""
    return {
        "name": "Alan a Dale",
        "email": f"person-{uuid4().hex[:12]}@example.org",
        "sector": "voluntary",
        "work_field": "housing_homelessness",
        "role_level": "front_line",
        "area": "nottingham_city",
        **details,
    }


def session(*, starts_in: timedelta = timedelta(days=30), **details: Any) -> dict[str, Any]:
    """A session a month from now, at one in the afternoon."""
    starts = (local_now() + starts_in).replace(hour=13, minute=0, second=0, microsecond=0)
    return {
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=3)).isoformat(),
        "mode": "in_person",
        "place": "Sneinton Hermitage",
        "capacity": 20,
        **details,
    }


def learning_event(**details: Any) -> dict[str, Any]:
    """A learning event as a coordinator describes it."""
    return {
        "title": "Hoarding: behind the door",
        "event_type": "workshop",
        "purpose": "Work with people who hoard, without force.",
        "outcomes": ["Plan a first visit that builds trust"],
        "level": "introductory",
        "workstreams": ["housing"],
        "audience": ["front_line"],
        "sessions": [session()],
        **details,
    }


async def published_event(
    http: Http, coordinator: dict[str, str], **details: Any
) -> dict[str, Any]:
    """A learning event that can be booked."""
    drafted = await http.post(
        "/learning-events", json=learning_event(**details), headers={**coordinator, **key()}
    )
    assert drafted.status_code == 201, drafted.text
    learning_event_id = drafted.json()["learning_event_id"]
    path = f"/learning-events/{learning_event_id}/publish"
    published = await http.post(path, headers=coordinator)
    assert published.status_code == 200, published.text
    return published.json()


async def ask_for_place(
    http: Http, event: dict[str, Any], *, headers: dict[str, str] | None = None, **details: Any
) -> httpx.Response:
    """The answer to somebody who asks for a place."""
    return await http.post(
        f"/learning-events/{event['learning_event_id']}/bookings",
        json=person(**details),
        headers=headers or key(),
    )
