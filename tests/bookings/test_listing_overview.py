"""What a coordinator looks at in the morning, in one call."""

from datetime import timedelta
from uuid import uuid4

import a
import experts


async def overview(http, token):
    answer = await http.get("/coordinator/overview", headers=token("coordinator"))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def next_event(http, token, **details):
    """A learning event that begins before those of other tests."""
    starts = a.local_now() + timedelta(minutes=30)
    soon = a.session(
        starts_at=starts.isoformat(), ends_at=(starts + timedelta(hours=1)).isoformat(), **details
    )
    return await a.published_event(http, token("coordinator"), title=uuid4().hex, sessions=[soon])


async def test_the_next_events_come_with_their_numbers(bookings_http, token):
    event = await next_event(bookings_http, token, capacity=1)
    for _ in range(3):
        await a.ask_for_place(bookings_http, event, needs={"access": "Step-free, please."})
    told = (await overview(bookings_http, token))["coming"]
    [line] = [one for one in told if one["title"] == event["title"]]
    assert (line["capacity"], line["booked"], line["waiting"], line["offered"]) == (1, 1, 2, 0)
    assert line["needs_to_read"] == 3
    assert told == sorted(told, key=lambda one: one["starts_at"])


async def test_experts_who_are_not_ready_are_counted_and_not_named(bookings_http, token):
    soon = (a.local_now() + timedelta(minutes=20)).replace(microsecond=0)
    ends = soon + timedelta(hours=1)
    session = a.session(starts_at=soon.isoformat(), ends_at=ends.isoformat())
    circle = await experts.a_circle(bookings_http, token, sessions=[session])
    await circle.engaged()
    said = await overview(bookings_http, token)
    [line] = [
        one
        for one in said["coming"]
        if one["learning_event_id"] == circle.event["learning_event_id"]
    ]
    assert line["not_ready"] == 1
    assert circle.expert_id not in str(said)


async def test_drafts_are_counted(bookings_http, token):
    before = (await overview(bookings_http, token))["drafts"]
    await bookings_http.post(
        "/learning-events", json=a.learning_event(), headers={**token("coordinator"), **a.key()}
    )
    assert (await overview(bookings_http, token))["drafts"] == before + 1


async def test_only_a_coordinator_has_an_overview(bookings_http, token):
    answer = await bookings_http.get("/coordinator/overview", headers=token("facilitator_speaker"))
    assert answer.status_code == 403
