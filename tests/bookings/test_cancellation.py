"""Giving a place back, and who gets it."""

import asyncio
from uuid import UUID, uuid4

import pytest

import a
from pdu_bookings.link import booking_of, token_for


@pytest.fixture
def link(house):
    """The link in a letter, which no answer over HTTP ever holds."""
    key = house.secrets.link_key.encode()
    return lambda booking: token_for(key, UUID(booking["booking_id"]))


async def told(database, booking_id):
    rows = await database.pool.fetch(
        "SELECT routing_key FROM outbox WHERE subject = $1 AND exchange = 'pdu.messages'"
        " ORDER BY position",
        f"booking/{booking_id}",
    )
    return [row["routing_key"].partition(".")[2] for row in rows]


async def three_who_asked(http, token):
    event = await a.published_event(http, token("coordinator"), sessions=[a.session(capacity=1)])
    return [(await a.ask_for_place(http, event)).json() for _ in range(3)]


async def cancel(http, link, booking):
    answer = await http.post(f"/b/{link(booking)}/cancellation")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_first_who_waits_gets_the_place(bookings_http, bookings_database, token, link):
    first, second, third = await three_who_asked(bookings_http, token)
    assert (await cancel(bookings_http, link, first))["state"] == "cancelled"
    assert await told(bookings_database, first["booking_id"]) == ["EventBooked", "BookingCancelled"]
    assert await told(bookings_database, second["booking_id"]) == [
        "BookingWaitlisted",
        "EventBooked",
    ]
    assert await told(bookings_database, third["booking_id"]) == ["BookingWaitlisted"]


async def test_cancelling_twice_is_cancelling_once(bookings_http, bookings_database, token, link):
    first, *_ = await three_who_asked(bookings_http, token)
    assert await cancel(bookings_http, link, first) == await cancel(bookings_http, link, first)
    assert (await told(bookings_database, first["booking_id"])).count("BookingCancelled") == 1


async def test_who_leaves_the_waiting_list_frees_no_place(
    bookings_http, bookings_database, token, link
):
    _, second, third = await three_who_asked(bookings_http, token)
    await cancel(bookings_http, link, second)
    assert await told(bookings_database, third["booking_id"]) == ["BookingWaitlisted"]


async def test_looking_at_a_link_changes_nothing(bookings_http, token, link):
    first, *_ = await three_who_asked(bookings_http, token)
    path = f"/b/{link(first)}"
    seen = [(await bookings_http.get(path)).json()["state"] for _ in range(2)]
    assert seen == ["confirmed", "confirmed"]


async def test_after_cancelling_one_may_book_again(bookings_http, token, link):
    event = await a.published_event(bookings_http, token("coordinator"))
    person = a.person()
    first = (await a.ask_for_place(bookings_http, event, **person)).json()
    await cancel(bookings_http, link, first)
    again = (await a.ask_for_place(bookings_http, event, **person)).json()
    assert again["state"] == "confirmed"
    assert again["booking_id"] != first["booking_id"]


async def test_cancelling_all_at_once_promotes_all_who_wait(
    bookings_http, bookings_database, token, link
):
    event = await a.published_event(
        bookings_http, token("coordinator"), sessions=[a.session(capacity=5)]
    )
    booked = [(await a.ask_for_place(bookings_http, event)).json() for _ in range(10)]
    await asyncio.gather(*(cancel(bookings_http, link, one) for one in booked[:5]))
    row = await bookings_database.pool.fetchrow(
        "SELECT taken, waiting FROM session WHERE session_id = $1::text::uuid",
        event["sessions"][0]["session_id"],
    )
    assert (row["taken"], row["waiting"]) == (5, 0)


async def test_a_token_that_we_did_not_make_is_nothing(bookings_http):
    forged = token_for(b"another key", uuid4())
    for token in (forged, "1", "x" * 44, "1" + "é" * 43, forged[:-1]):
        assert (await bookings_http.get(f"/b/{token}")).status_code == 404


def test_a_token_leads_back_to_its_booking_alone():
    booking_id = uuid4()
    token = token_for(b"key", booking_id)
    assert booking_of(b"key", token) == booking_id
    assert booking_of(b"key", token[:-2] + "AA") is None


async def test_a_member_cancels_their_own_booking_and_no_other(
    bookings_http, bookings_database, token
):
    first, *_ = await three_who_asked(bookings_http, token)
    person_id = await bookings_database.pool.fetchval(
        "SELECT person_id FROM booking WHERE booking_id = $1::text::uuid", first["booking_id"]
    )
    path = f"/bookings/{first['booking_id']}/cancellation"
    stranger = await bookings_http.post(path, headers=token("member"))
    own = await bookings_http.post(path, headers=token("member", sub=person_id))
    assert (stranger.status_code, own.status_code) == (404, 200)


async def test_bookings_are_counted_by_the_state_they_came_into(bookings_http, token, link):
    async def counted(state):
        metrics = (await bookings_http.get("/metrics")).text
        lines = [
            one for one in metrics.splitlines() if f'pdu_bookings_total{{state="{state}"}}' in one
        ]
        return float(lines[0].split()[-1]) if lines else 0.0

    states = ("confirmed", "waitlisted", "cancelled")
    before = [await counted(state) for state in states]
    first, *_ = await three_who_asked(bookings_http, token)
    await cancel(bookings_http, link, first)
    after = [await counted(state) for state in states]
    assert [late - early for late, early in zip(after, before, strict=True)] == [2, 2, 1]
