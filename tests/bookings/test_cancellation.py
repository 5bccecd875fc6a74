"""Giving a place back, and who is asked next."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import a
from pdu_bookings.place.link import token_for
from places import counters, post, three_who_asked, told, who_asked


async def cancel(http, link, booking, **why):
    return await post(http, f"/b/{link(booking)}/cancellation", why or None)


async def test_the_first_who_waits_is_offered_the_place(
    bookings_http, bookings_database, token, link
):
    first, second, third = await three_who_asked(bookings_http, token("coordinator"))
    assert (await cancel(bookings_http, link, first))["state"] == "cancelled_by_person"
    assert await told(bookings_database, first) == ["EventBooked", "BookingCancelled"]
    assert await told(bookings_database, second) == ["BookingWaitlisted", "WaitlistPlaceOffered"]
    assert await told(bookings_database, third) == ["BookingWaitlisted"]


async def test_cancelling_twice_is_cancelling_once(bookings_http, bookings_database, token, link):
    first, *_ = await three_who_asked(bookings_http, token("coordinator"))
    assert await cancel(bookings_http, link, first) == await cancel(bookings_http, link, first)
    assert (await told(bookings_database, first)).count("BookingCancelled") == 1


async def test_who_leaves_the_waiting_list_frees_no_place(
    bookings_http, bookings_database, token, link
):
    _, second, third = await three_who_asked(bookings_http, token("coordinator"))
    await cancel(bookings_http, link, second)
    assert await told(bookings_database, third) == ["BookingWaitlisted"]


async def test_looking_at_a_link_changes_nothing(bookings_http, token, link):
    first, *_ = await three_who_asked(bookings_http, token("coordinator"))
    seen = [(await bookings_http.get(f"/b/{link(first)}")).json() for _ in range(2)]
    assert seen[0] == seen[1]
    assert seen[0]["state"] == "confirmed"


async def test_after_cancelling_one_may_book_again(bookings_http, token, link):
    event = await a.published_event(bookings_http, token("coordinator"))
    person = a.person()
    first = (await a.ask_for_place(bookings_http, event, **person)).json()
    await cancel(bookings_http, link, first)
    again = (await a.ask_for_place(bookings_http, event, **person)).json()
    assert again["state"] == "confirmed"
    assert again["booking_id"] != first["booking_id"]


async def test_cancelling_all_at_once_offers_every_place_on(
    bookings_http, bookings_database, token, link
):
    event = await a.published_event(
        bookings_http, token("coordinator"), sessions=[a.session(capacity=5)]
    )
    booked = await who_asked(bookings_http, event, 11)
    await asyncio.gather(*(cancel(bookings_http, link, one) for one in booked[:5]))
    assert await counters(bookings_database, event) == {"taken": 5, "waiting": 1}


async def test_less_than_two_days_before_is_late_and_told_so(
    bookings_http, bookings_database, token, link
):
    early, late = [
        await a.published_event(bookings_http, token("coordinator"), sessions=[session])
        for session in (a.session(), a.session(starts_in=timedelta(days=1)))
    ]
    [in_time], [too_late, by_us] = (
        await who_asked(bookings_http, early, 1),
        await who_asked(bookings_http, late, 2),
    )
    by_id = f"/bookings/{by_us['booking_id']}/cancellation"
    states = [
        (await cancel(bookings_http, link, in_time))["state"],
        (await cancel(bookings_http, link, too_late))["state"],
        (await post(bookings_http, by_id, headers=token("coordinator")))["state"],
    ]
    assert states == ["cancelled_by_person", "cancelled_late", "cancelled_by_pdu"]
    assert await said(bookings_database, too_late, "late") == "true"
    assert await said(bookings_database, in_time, "late") == "false"


async def test_who_only_waited_is_never_late(bookings_http, token, link):
    _, waits, _ = await three_who_asked(
        bookings_http, token("coordinator"), starts_in=timedelta(days=1)
    )
    assert (await cancel(bookings_http, link, waits))["state"] == "cancelled_by_person"


async def test_a_reason_may_be_given_as_a_word_and_never_as_text(
    bookings_http, bookings_database, token, link
):
    first, second, _ = await three_who_asked(bookings_http, token("coordinator"))
    await cancel(bookings_http, link, first, reason_code="no_cover")
    assert await said(bookings_database, first, "reason_code") == "no_cover"
    path = f"/b/{link(second)}/cancellation"
    answer = await bookings_http.post(path, json={"reason_code": "My boss says no!"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/reason_code"


async def said(database, booking, field):
    return await database.pool.fetchval(
        """
        SELECT body::jsonb -> 'data' ->> $2 FROM outbox
         WHERE subject = $1 AND routing_key = 'bookings.BookingCancelled'
        """,
        f"booking/{booking['booking_id']}",
        field,
    )


async def test_a_token_that_we_did_not_make_is_nothing(bookings_http):
    forged = token_for(b"another key", uuid4())
    for token in (forged, "1", "x" * 44, "1" + "é" * 43, forged[:-1]):
        assert (await bookings_http.get(f"/b/{token}")).status_code == 404


async def test_a_member_cancels_their_own_booking_and_no_other(
    bookings_http, bookings_database, token
):
    first, *_ = await three_who_asked(bookings_http, token("coordinator"))
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

    states = ("confirmed", "waitlisted", "offered", "cancelled_by_person")
    before = [await counted(state) for state in states]
    first, *_ = await three_who_asked(bookings_http, token("coordinator"))
    await cancel(bookings_http, link, first)
    after = [await counted(state) for state in states]
    assert [late - early for late, early in zip(after, before, strict=True)] == [1, 2, 1, 1]
