"""Builders for what is asked of people who book, and what they tell besides."""

from typing import Any
from uuid import UUID

import httpx

import a
from house import House
from pdu_bookings.place.link import token_for

Http = httpx.AsyncClient


def link(house: House, booking: dict[str, Any]) -> str:
    """The path behind the link in the letter of a booking."""
    key = house.secrets.link_key.encode()
    return f"/b/{token_for(key, UUID(booking['booking_id']))}"


async def a_booking(http: Http, coordinator: dict[str, str], **told: Any) -> dict[str, Any]:
    """Somebody's place at an event of its own."""
    event = await a.published_event(http, coordinator)
    answer = await a.ask_for_place(http, event, **told)
    assert answer.status_code == 201, answer.text
    return answer.json()


def choice(**details: Any) -> dict[str, Any]:
    """A question with two answers."""
    return {
        "code": "group",
        "wording": "Which group would you like to be in?",
        "kind": "choice",
        "options": [{"code": "one", "label": "Group one"}, {"code": "two", "label": "Group two"}],
        **details,
    }


def text(**details: Any) -> dict[str, Any]:
    """A question that is answered in somebody's own words."""
    return {"code": "hoping_for", "wording": "What do you hope for?", "kind": "text", **details}
