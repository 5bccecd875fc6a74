"""A creating request that is repeated, at once or later, gets the first answer."""

import asyncio

import a


async def announce(http, headers, **details):
    return await http.post("/learning-events", json=a.learning_event(**details), headers=headers)


async def test_one_key_sent_twenty_times_at_once_makes_one_thing(
    bookings_http, bookings_database, token
):
    headers = {**token("coordinator"), **a.key()}
    title = f"Only once {headers['Idempotency-Key'][:8]}"
    body = a.learning_event(title=title)
    answers = await asyncio.gather(
        *(bookings_http.post("/learning-events", json=body, headers=headers) for _ in range(20))
    )
    made = [answer for answer in answers if answer.status_code == 201]
    others = {answer.status_code for answer in answers} - {201}
    assert others <= {409, 503}, "or come back in a moment"
    assert all("Retry-After" in answer.headers for answer in answers if answer not in made)
    assert len({answer.content for answer in made}) == 1
    later = await bookings_http.post("/learning-events", json=body, headers=headers)
    assert later.content == made[0].content
    count = await bookings_database.pool.fetchval(
        "SELECT count(*) FROM learning_event WHERE title = $1", title
    )
    assert count == 1


async def test_a_key_belongs_to_who_used_it(bookings_http, token):
    key = a.key()
    first = await announce(bookings_http, {**token("coordinator"), **key})
    other = await announce(bookings_http, {**token("coordinator"), **key}, title="Another")
    assert (first.status_code, other.status_code) == (201, 201)
    assert first.json()["learning_event_id"] != other.json()["learning_event_id"]


async def test_a_key_with_another_body_is_refused(bookings_http, token):
    headers = {**token("coordinator"), **a.key()}
    assert (await announce(bookings_http, headers)).status_code == 201
    mismatch = await announce(bookings_http, headers, title="Another")
    assert mismatch.status_code == 422
    assert mismatch.json()["type"] == "/problems/idempotency-mismatch"


async def test_a_request_that_failed_leaves_its_key_free(bookings_http, token):
    headers = {**token("coordinator"), **a.key()}
    assert (await announce(bookings_http, headers, level="none")).status_code == 422
    assert (await announce(bookings_http, headers)).status_code == 201
