"""The group agreement: asked of everybody once there is one, and kept as it was accepted."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

import a

PEACEFUL = "We listen.\nWhat is said here stays here."


@pytest.fixture
async def write(bookings_http, bookings_database, token):
    """Publishes texts, and takes them away again: other tests know of no agreement."""

    async def published(applies_in=timedelta(days=-1)):
        answer = await bookings_http.post(
            "/agreements",
            json={
                "wording": PEACEFUL,
                "applies_from": (a.local_now() + applies_in).isoformat(timespec="minutes"),
            },
            headers={**token("coordinator"), **a.key()},
        )
        assert answer.status_code == 201, answer.text
        return answer.json()["version"]

    yield published
    for table in ("agreement_accepted", "event_agreement", "agreement"):
        await bookings_database.pool.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names


async def event_asks(http, token, event, **asked):
    answer = await http.put(
        f"/learning-events/{event['learning_event_id']}/agreement",
        json={"required": True, **asked},
        headers=token("coordinator"),
    )
    assert answer.status_code == 200, answer.text


def refused(answer):
    assert answer.status_code == 422, answer.text
    return [(one["pointer"], one["code"]) for one in answer.json()["errors"]]


async def test_without_a_text_nothing_is_asked(bookings_http, token):
    event = await a.published_event(bookings_http, token("coordinator"))
    form = await bookings_http.get(f"/learning-events/{event['learning_event_id']}/booking-form")
    said = form.json()
    assert (said["agreement"], said["questions"]) == (None, [])
    assert (await bookings_http.get("/agreements/current")).status_code == 404
    assert (await a.ask_for_place(bookings_http, event)).status_code == 201


async def test_once_there_is_a_text_whoever_books_accepts_it(
    bookings_http, bookings_database, token, write
):
    event = await a.published_event(bookings_http, token("coordinator"))
    version = await write()
    assert (await bookings_http.get("/agreements/current")).json()["wording"] == PEACEFUL
    missing = await a.ask_for_place(bookings_http, event)
    assert refused(missing) == [("/agreement", "missing")]
    assert f"/agreements/{version}" in missing.json()["errors"][0]["detail"]

    booked = await a.ask_for_place(bookings_http, event, agreement=version)
    assert booked.status_code == 201, booked.text
    accepted = await bookings_database.pool.fetchval(
        "SELECT version FROM agreement_accepted WHERE booking_id = $1",
        UUID(booked.json()["booking_id"]),
    )
    assert accepted == version


async def test_a_newer_text_is_asked_for_from_its_day_on(bookings_http, token, write):
    event = await a.published_event(bookings_http, token("coordinator"))
    first = await write()
    announced = await write(timedelta(days=1))
    assert refused(await a.ask_for_place(bookings_http, event, agreement=announced)) == [
        ("/agreement", "another-version")
    ]
    second = await write()
    assert refused(await a.ask_for_place(bookings_http, event, agreement=first)) == [
        ("/agreement", "another-version")
    ]
    assert (await a.ask_for_place(bookings_http, event, agreement=second)).status_code == 201
    assert (await bookings_http.get(f"/agreements/{first}")).json()["wording"] == PEACEFUL


async def test_an_event_may_keep_to_one_version_or_ask_for_none(bookings_http, token, write):
    event = await a.published_event(bookings_http, token("coordinator"))
    first = await write()
    await write()
    await event_asks(bookings_http, token, event, version=first)
    assert (await a.ask_for_place(bookings_http, event, agreement=first)).status_code == 201
    await event_asks(bookings_http, token, event, required=False)
    assert (await a.ask_for_place(bookings_http, event)).status_code == 201
    assert refused(await a.ask_for_place(bookings_http, event, agreement=9999)) == [
        ("/agreement", "unknown-version")
    ]


async def test_an_event_cannot_ask_for_a_text_that_is_not_there(bookings_http, token):
    event = await a.published_event(bookings_http, token("coordinator"))
    path = f"/learning-events/{event['learning_event_id']}/agreement"
    answer = await bookings_http.put(
        path, json={"required": True, "version": 9999}, headers=token("coordinator")
    )
    assert refused(answer) == [("/version", "unknown-version")]


async def test_texts_published_at_once_are_versions_one_after_the_other(write):
    versions = await asyncio.gather(*(write() for _ in range(5)))
    assert sorted(versions) == list(range(min(versions), min(versions) + 5))


async def test_what_another_copy_changed_refuses_nobody(
    bookings_http, bookings_database, token, write
):
    event = await a.published_event(bookings_http, token("coordinator"))
    await write()
    assert refused(await a.ask_for_place(bookings_http, event))
    await bookings_database.pool.execute("DELETE FROM agreement")  # this copy still remembers it
    assert (await a.ask_for_place(bookings_http, event)).status_code == 201
