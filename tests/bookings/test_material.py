"""Where to find what was shown at a learning event."""

from uuid import uuid4

import pytest

import a
import programme

SLIDES = {"kind": "slides", "title": "Step by step", "url": "https://hub.example.org/steps.pdf"}


@pytest.fixture
def coordinator(token):
    return token("coordinator")


async def add(http, who, event, **said):
    path = f"/learning-events/{event['learning_event_id']}/materials"
    return await http.post(path, json=said, headers={**who, **a.key()})


async def titles(http, event):
    answer = await http.get(f"/learning-events/{event['learning_event_id']}/materials")
    assert answer.status_code == 200, answer.text
    return [one["title"] for one in answer.json()["items"]]


async def test_materials_are_found_with_the_event_until_they_are_taken_off(
    bookings_http, coordinator
):
    event = await a.published_event(bookings_http, coordinator)
    assert event["materials"] == 0
    added = await add(bookings_http, coordinator, event, **SLIDES)
    recording = {"kind": "recording", "title": "The talk", "item_id": str(uuid4())}
    await add(bookings_http, coordinator, event, **recording)
    assert await titles(bookings_http, event) == ["Step by step", "The talk"]
    path = f"/learning-events/{event['learning_event_id']}"
    assert (await bookings_http.get(path)).json()["materials"] == 2
    for _ in range(2):
        gone = await bookings_http.delete(
            f"{path}/materials/{added.json()['material_id']}", headers=coordinator
        )
        assert gone.status_code == 204
    assert await titles(bookings_http, event) == ["The talk"]


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "slides", "title": "Nowhere"},
        {**SLIDES, "item_id": str(uuid4())},
        {**SLIDES, "kind": "recording"},
        {**SLIDES, "kind": "cake"},
        {**SLIDES, "url": "http://hub.example.org/open"},
        {**SLIDES, "url": "javascript:alert(1)"},
        {**SLIDES, "title": ""},
    ],
)
async def test_what_cannot_be_found_is_not_added(bookings_http, coordinator, said):
    event = await a.published_event(bookings_http, coordinator)
    assert (await add(bookings_http, coordinator, event, **said)).status_code == 422
    assert await titles(bookings_http, event) == []


async def test_materials_of_a_draft_are_nobodys_business(bookings_http, coordinator):
    event = await programme.draft(bookings_http, coordinator)
    assert (await add(bookings_http, coordinator, event, **SLIDES)).status_code == 201
    path = f"/learning-events/{event['learning_event_id']}/materials"
    assert (await bookings_http.get(path)).status_code == 404
    nowhere = {"learning_event_id": str(uuid4())}
    assert (await add(bookings_http, coordinator, nowhere, **SLIDES)).status_code == 404


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (SLIDES, SLIDES["url"]),
        ({**SLIDES, "url": "https://video.example.org/watch/01159123456"}, None),
    ],
)
async def test_materials_are_told_of_also_when_their_address_is_not_fit_for_a_message(
    bookings_http, bookings_database, coordinator, said, told
):
    event = await a.published_event(bookings_http, coordinator)
    added = (await add(bookings_http, coordinator, event, **said)).json()
    path = f"/learning-events/{event['learning_event_id']}/materials/{added['material_id']}"
    for _ in range(2):
        await bookings_http.delete(path, headers=coordinator)
    rows = await bookings_database.pool.fetch(
        "SELECT routing_key, body::json->'data'->>'url' AS url FROM outbox WHERE subject = $1"
        " ORDER BY position",
        f"material/{added['material_id']}",
    )
    assert [tuple(row) for row in rows] == [
        ("bookings.MaterialAdded", told),
        ("bookings.MaterialRemoved", None),
    ]
