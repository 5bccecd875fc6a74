"""Recordings in the hub stand with their learning event by themselves, and go when they go."""

from uuid import uuid4

import pytest

import a
from bus import deliver
from pdu_bookings.app import service
from pdu_shared.contracts.resources.library import (
    Captions,
    RecordingPublished,
    RecordingWithdrawn,
)

TITLE = "Hoarding: behind the door, the talk"


@pytest.fixture
async def event(bookings_http, token):
    return await a.published_event(bookings_http, token("coordinator"))


def published(item_id, **of_what):
    return RecordingPublished(
        item_id=item_id, item_key="the_talk", title=TITLE, captions=Captions.CAPTIONED, **of_what
    )


def withdrawn(item_id):
    return RecordingWithdrawn(item_id=item_id, item_key="the_talk", reason_code="consent_withdrawn")


async def materials(http, event):
    answer = await http.get(f"/learning-events/{event['learning_event_id']}/materials")
    return [(one["kind"], one["title"], one["item_id"]) for one in answer.json()["items"]]


async def told_removed(database):
    return await database.pool.fetchval(
        "SELECT count(*) FROM outbox WHERE routing_key = 'bookings.MaterialRemoved'"
    )


@pytest.mark.parametrize("named", ["learning_event_id", "session_id"])
async def test_a_recording_stands_with_its_event_while_it_can_be_played(
    bookings_http, bookings_database, event, named
):
    item, before = uuid4(), await told_removed(bookings_database)
    of_what = {named: event[named] if named in event else event["sessions"][0][named]}
    await deliver(service, bookings_database, published(item, **of_what))
    await deliver(service, bookings_database, published(item, **of_what))
    assert await materials(bookings_http, event) == [("recording", TITLE, str(item))]
    await deliver(service, bookings_database, withdrawn(item))
    assert await materials(bookings_http, event) == []
    assert await told_removed(bookings_database) == before, "nobody was told that it came"


async def test_what_a_coordinator_added_stands_there_once_and_goes_too(
    bookings_http, bookings_database, event, token
):
    item, before = uuid4(), await told_removed(bookings_database)
    path = f"/learning-events/{event['learning_event_id']}/materials"
    by_hand = {"kind": "recording", "title": "The talk", "item_id": str(item)}
    await bookings_http.post(path, json=by_hand, headers={**token("coordinator"), **a.key()})
    of_what = {"learning_event_id": event["learning_event_id"]}
    await deliver(service, bookings_database, published(item, **of_what))
    assert await materials(bookings_http, event) == [("recording", "The talk", str(item))]
    await deliver(service, bookings_database, withdrawn(item))
    assert await materials(bookings_http, event) == []
    assert await told_removed(bookings_database) == before + 1


async def test_a_recording_of_nothing_we_know_stands_nowhere(
    bookings_http, bookings_database, event
):
    await deliver(service, bookings_database, published(uuid4()))
    await deliver(service, bookings_database, published(uuid4(), session_id=uuid4()))
    await deliver(service, bookings_database, withdrawn(uuid4()))
    assert await materials(bookings_http, event) == []
