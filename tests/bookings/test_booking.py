"""Places at learning events: who gets one, who waits, and what a repeat gets."""

from uuid import uuid4

import a


async def test_a_place_is_confirmed(bookings_http, token):
    event = await a.published_event(bookings_http, token("coordinator"))
    answer = await a.ask_for_place(bookings_http, event)
    assert answer.status_code == 201
    assert answer.json()["state"] == "confirmed"
