"""A database that keeps a request waiting: the answer is to come back, and nothing is half done."""

import httpx
import pytest

import a
from digest import digest


@pytest.fixture
async def bookings(processes):
    async with httpx.AsyncClient(base_url=processes["bookings"].url, timeout=30) as http:
        yield http


async def test_a_lock_that_does_not_come_free_asks_to_come_back(bookings, bookings_database, token):
    event = await a.published_event(bookings, token("coordinator"))
    before = await digest(bookings_database)
    async with bookings_database.pool.acquire() as conn, conn.transaction():
        await conn.execute(
            "SELECT FROM session WHERE learning_event_id = $1 FOR UPDATE",
            event["learning_event_id"],
        )
        answer = await a.ask_for_place(bookings, event)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/busy")
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.headers["content-type"] == "application/problem+json"
    assert await digest(bookings_database) == before


async def test_a_key_that_was_used_for_another_request_is_refused(
    bookings, bookings_database, token
):
    headers = {**token("coordinator"), **a.key()}
    first = await bookings.post("/learning-events", json=a.learning_event(), headers=headers)
    before = await digest(bookings_database)
    other = await bookings.post(
        "/learning-events", json=a.learning_event(title="Another"), headers=headers
    )
    again = await bookings.post(
        "/learning-events",
        content=first.request.content,
        headers={**headers, "Content-Type": "application/json"},
    )
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-mismatch")
    assert (again.status_code, again.json()) == (201, first.json())
    assert await digest(bookings_database) == before
