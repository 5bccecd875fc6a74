"""Concerns about a session: raised in private, read by few and never unseen, closed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

import a
from pdu_bookings.place.link import token_for
from pdu_bookings.rules.concern import KEPT_FOR
from pdu_bookings.topic.forgetting import forget_due
from pdu_shared.database import transaction

TEXT = "A client's story was told so that one could know who it was."


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture
async def event(bookings_http, coordinator):
    return await a.published_event(bookings_http, coordinator)


@pytest.fixture
def session_id(event):
    return event["sessions"][0]["session_id"]


async def raised(http, headers, session_id, **details):
    answer = await http.post(
        f"/sessions/{session_id}/concerns",
        json={"text": TEXT, **details},
        headers={**headers, **a.key()},
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["concern_id"]


async def told(database, concern_id):
    return [
        row["body"]
        for row in await database.pool.fetch(
            "SELECT body FROM outbox WHERE subject = $1 ORDER BY position", f"concern/{concern_id}"
        )
    ]


async def readings(database, concern_id):
    return await database.pool.fetch(
        "SELECT read_by, role FROM concern_reading WHERE concern_id = $1::text::uuid", concern_id
    )


async def close(http, coordinator, concern_id, outcome="We talked about it."):
    path = f"/concerns/{concern_id}/outcome"
    return await http.put(path, json={"outcome": outcome}, headers=coordinator)


async def test_a_concern_is_counted_and_its_words_stay_here(
    bookings_http, bookings_database, token, coordinator, session_id
):
    reporter = uuid4()
    concern_id = await raised(
        bookings_http, token("member", sub=reporter), session_id, kind="safeguarding"
    )
    for _ in range(2):
        assert (await close(bookings_http, coordinator, concern_id)).status_code == 204
    bodies = await told(bookings_database, concern_id)
    assert len(bodies) == 2
    assert all('"kind":"safeguarding"' in body for body in bodies)
    for private in ("story", str(reporter), session_id, "talked"):
        assert not any(private in body for body in bodies)


async def test_nobody_reads_a_concern_unseen(bookings_http, bookings_database, token, session_id):
    concern_id = await raised(bookings_http, token("member"), session_id)
    readers = {uuid4(): "coordinator", uuid4(): "data_protection_lead"}
    for reader, role in readers.items():
        seen = await bookings_http.get(f"/concerns/{concern_id}", headers=token(role, sub=reader))
        assert seen.json()["text"] == TEXT
    assert {row["read_by"]: row["role"] for row in await readings(bookings_database, concern_id)} \
        == readers  # fmt: skip
    listed = await bookings_http.get("/concerns?limit=100", headers=token("coordinator"))
    assert concern_id in {one["concern_id"] for one in listed.json()["items"]}
    assert TEXT not in listed.text
    assert len(await readings(bookings_database, concern_id)) == 2


async def test_others_see_no_concerns(bookings_http, token, session_id):
    concern_id = await raised(bookings_http, token("member"), session_id)
    for role in ("member", "facilitator_speaker", "evaluator", "operator"):
        for path in ("/concerns", f"/concerns/{concern_id}"):
            assert (await bookings_http.get(path, headers=token(role))).status_code == 403


async def test_whoever_booked_raises_a_concern_by_their_link(
    bookings_http, bookings_database, coordinator, event, house
):
    session_id = event["sessions"][0]["session_id"]
    booking = (await a.ask_for_place(bookings_http, event)).json()
    link = token_for(house.secrets.link_key.encode(), UUID(booking["booking_id"]))
    form = {"text": TEXT, "session_id": session_id}
    answer = await bookings_http.post(f"/b/{link}/concerns", json=form, headers=a.key())
    seen = await bookings_http.get(f"/concerns/{answer.json()['concern_id']}", headers=coordinator)
    person_id = await bookings_database.pool.fetchval(
        "SELECT person_id FROM booking WHERE booking_id = $1::text::uuid", booking["booking_id"]
    )
    assert seen.json()["raised_by"] == str(person_id)
    elsewhere = await bookings_http.post(
        f"/b/{link}/concerns", json={**form, "session_id": str(uuid4())}, headers=a.key()
    )
    forged = await bookings_http.post(f"/b/{'1' * 44}/concerns", json=form, headers=a.key())
    assert (elsewhere.status_code, forged.status_code) == (422, 404)


async def test_whoever_does_not_want_to_be_named_is_not(
    bookings_http, token, coordinator, session_id
):
    concern_id = await raised(bookings_http, token("member"), session_id, anonymous=True)
    seen = await bookings_http.get(f"/concerns/{concern_id}", headers=coordinator)
    assert seen.json()["raised_by"] is None


async def test_what_was_done_is_written_down_until_a_concern_is_closed(
    bookings_http, token, coordinator, session_id
):
    concern_id = await raised(bookings_http, token("member"), session_id)

    async def act(key):
        return await bookings_http.post(
            f"/concerns/{concern_id}/actions",
            json={"action": "Talked to the facilitator."},
            headers={**coordinator, **key},
        )

    key = a.key()
    assert (await act(key)).json() == (await act(key)).json()
    await close(bookings_http, coordinator, concern_id)
    seen = (await bookings_http.get(f"/concerns/{concern_id}", headers=coordinator)).json()
    assert [one["action"] for one in seen["actions"]] == ["Talked to the facilitator."]
    assert seen["outcome"] == "We talked about it."
    assert (await act(a.key())).status_code == 409
    assert (await close(bookings_http, coordinator, concern_id, "Else.")).status_code == 409
    still_open = await bookings_http.get(
        "/concerns", params={"state": "open", "limit": 100}, headers=coordinator
    )
    assert concern_id not in {one["concern_id"] for one in still_open.json()["items"]}


async def test_a_concern_about_nothing_that_was_public_is_not_taken(
    bookings_http, token, coordinator
):
    drafted = await bookings_http.post(
        "/learning-events", json=a.learning_event(), headers={**coordinator, **a.key()}
    )
    for session_id in (drafted.json()["sessions"][0]["session_id"], uuid4()):
        answer = await bookings_http.post(
            f"/sessions/{session_id}/concerns",
            json={"text": TEXT},
            headers={**token("member"), **a.key()},
        )
        assert answer.status_code == 404


async def test_a_closed_concern_is_forgotten_in_time_and_who_read_it_is_not(
    bookings_http, bookings_database, token, coordinator, session_id
):
    closed, still_open = [
        await raised(bookings_http, token("member"), session_id) for _ in range(2)
    ]
    await close(bookings_http, coordinator, closed)
    path = f"/concerns/{closed}"
    await bookings_http.get(path, headers=coordinator)
    async with transaction(bookings_database) as conn:
        await forget_due(conn, datetime.now(UTC) + KEPT_FOR - timedelta(minutes=1))
    assert (await bookings_http.get(path, headers=coordinator)).status_code == 200
    async with transaction(bookings_database) as conn:
        await forget_due(conn, datetime.now(UTC) + KEPT_FOR)
    assert (await bookings_http.get(path, headers=coordinator)).status_code == 404
    kept = await bookings_http.get(f"/concerns/{still_open}", headers=coordinator)
    assert kept.status_code == 200
    assert len(await readings(bookings_database, closed)) == 2
