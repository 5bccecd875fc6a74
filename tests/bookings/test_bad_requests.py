"""What bad requests to bookings get: a clear problem, and nothing changes."""

from datetime import timedelta

import pytest

import a


async def booked_rows(database):
    return await database.pool.fetchval("SELECT count(*) FROM booking")


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"email": "nobody"}, "/email"),
        ({"email": "one@example.org, two@example.org"}, "/email"),
        ({"email": "one@example.org\nBcc: two@example.org"}, "/email"),
        ({"name": ""}, "/name"),
        ({"name": "Much\x07Miller"}, "/name"),
        ({"sector": "Voluntary & more"}, "/sector"),
        ({"unknown_field": 1}, "/unknown_field"),
    ],
)
async def test_a_wrong_field_is_named(bookings_http, bookings_database, token, wrong, pointer):
    event = await a.published_event(bookings_http, token("coordinator"))
    before = await booked_rows(bookings_database)
    answer = await a.ask_for_place(bookings_http, event, **wrong)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}
    assert await booked_rows(bookings_database) == before


async def test_a_booking_without_idempotency_key_is_refused(bookings_http, token):
    event = await a.published_event(bookings_http, token("coordinator"))
    answer = await bookings_http.post(
        f"/learning-events/{event['learning_event_id']}/bookings", json=a.person()
    )
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/idempotency-key")


async def test_only_a_coordinator_announces(bookings_http, token):
    form = a.learning_event()
    nobody = await bookings_http.post("/learning-events", json=form, headers=a.key())
    member = await bookings_http.post(
        "/learning-events", json=form, headers={**token("member"), **a.key()}
    )
    assert (nobody.status_code, member.status_code) == (401, 403)


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_at": "2027-03-28T01:30", "ends_at": "2027-03-28T05:00"},  # the clocks go forward
        {"starts_at": "2027-06-01T10:00+01:00"},  # with an offset
        {"starts_at": "2016-06-01T10:00", "ends_at": "2016-06-01T12:00"},  # before there was a PDU
        {"starts_at": "2027-06-01T10:00", "ends_at": "2027-06-01T09:00"},  # ends before it starts
        {"capacity": 0},
    ],
)
async def test_impossible_sessions_are_refused(bookings_http, token, wrong):
    form = a.learning_event(sessions=[a.session(**wrong)])
    answer = await bookings_http.post(
        "/learning-events", json=form, headers={**token("coordinator"), **a.key()}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/sessions/0")


async def test_published_text_may_not_hold_an_address(bookings_http, token):
    form = a.learning_event(purpose="Ask tuck@example.org about it")
    answer = await bookings_http.post(
        "/learning-events", json=form, headers={**token("coordinator"), **a.key()}
    )
    assert answer.status_code == 422
    assert "tuck@example.org" not in answer.text


async def test_an_event_that_has_begun_is_not_published(bookings_http, token):
    begun = a.local_now() - timedelta(days=1)
    form = a.learning_event(
        sessions=[
            a.session(starts_at=begun.isoformat(), ends_at=(begun + timedelta(hours=1)).isoformat())
        ]
    )
    headers = token("coordinator")
    drafted = await bookings_http.post(
        "/learning-events", json=form, headers={**headers, **a.key()}
    )
    answer = await bookings_http.post(
        f"/learning-events/{drafted.json()['learning_event_id']}/publish", headers=headers
    )
    assert answer.status_code == 409


@pytest.mark.parametrize("event_id", ["nonsense", "3c8f7a52-6f0b-4f0c-8a38-5d9e3c2b7a10"])
async def test_unknown_and_malformed_ids_look_alike(bookings_http, event_id):
    answer = await bookings_http.get(f"/learning-events/{event_id}")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
