"""Whoever has signed in sees their own bookings, and answers an offer without the letter."""

import asyncio
from uuid import UUID, uuid4

import pytest

import a
from bus import deliver
from pdu_bookings.app import service
from pdu_shared.contracts.resources.member import PersonMerged
from places import post, state_of, three_who_asked, told


@pytest.fixture
async def offered(bookings_http, token, link):
    """Three who asked for one place; the first has left, and the second is asked."""
    three = await three_who_asked(bookings_http, token("coordinator"))
    await post(bookings_http, f"/b/{link(three[0])}/cancellation")
    return three


@pytest.fixture
def signed_in(bookings_database, token):
    """The headers of whoever made a booking."""

    async def headers(booking):
        person_id = await bookings_database.pool.fetchval(
            "SELECT person_id FROM booking WHERE booking_id = $1::text::uuid", booking["booking_id"]
        )
        return token("member", sub=person_id)

    return headers


async def say(http, booking, headers, *, accept):
    path = f"/bookings/{booking['booking_id']}/offer"
    return await http.post(path, json={"accept": accept}, headers=headers)


async def test_a_member_sees_what_is_offered_to_them_and_until_when(
    bookings_http, link, signed_in, offered
):
    mine = await signed_in(offered[1])
    own = (await bookings_http.get("/own/bookings", headers=mine)).json()
    by_link = (await bookings_http.get(f"/b/{link(offered[1])}")).json()
    assert own == {"items": [by_link]}
    assert by_link["offer_expires_at"] is not None
    alone = await bookings_http.get(f"/bookings/{offered[1]['booking_id']}", headers=mine)
    assert alone.json() == by_link


async def test_a_member_takes_the_place_and_twice_is_once(
    bookings_http, bookings_database, signed_in, offered
):
    mine = await signed_in(offered[1])
    answers = await asyncio.gather(
        *(say(bookings_http, offered[1], mine, accept=True) for _ in range(3))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert await told(bookings_database, offered[1]) == [
        "BookingWaitlisted",
        "WaitlistPlaceOffered",
        "EventBooked",
    ]


async def test_who_leaves_the_place_makes_way_for_the_next(
    bookings_http, bookings_database, signed_in, offered
):
    _, second, third = offered
    left = await say(bookings_http, second, await signed_in(second), accept=False)
    assert left.json()["state"] == "offer_declined"
    assert await state_of(bookings_database, third) == "offered"
    # What has ended is not among what is to come.
    own = await bookings_http.get("/own/bookings", headers=await signed_in(second))
    assert own.json() == {"items": []}


async def test_what_is_offered_to_somebody_else_is_not_there(
    bookings_http, bookings_database, token, signed_in, offered
):
    stranger = await signed_in(offered[2])
    nothing = {"booking_id": str(uuid4())}
    for booking in (offered[1], nothing):
        path = f"/bookings/{booking['booking_id']}"
        chosen = {"sessions": [str(uuid4())]}
        answers = [
            await say(bookings_http, booking, stranger, accept=True),
            await bookings_http.get(path, headers=stranger),
            await bookings_http.put(f"{path}/sessions", json=chosen, headers=stranger),
        ]
        assert [one.status_code for one in answers] == [404] * 3
    assert await state_of(bookings_database, offered[1]) == "offered"
    coordinator = await say(bookings_http, offered[1], token("coordinator"), accept=True)
    assert coordinator.status_code == 200


async def test_whoever_turns_out_to_be_one_person_sees_both_bookings(
    bookings_http, bookings_database, token, signed_in
):
    event = await a.published_event(bookings_http, token("coordinator"))
    booked = (await a.ask_for_place(bookings_http, event)).json()
    guest = await bookings_database.pool.fetchval(
        "SELECT person_id FROM booking WHERE booking_id = $1::text::uuid", booked["booking_id"]
    )
    member = UUID(int=uuid4().int, version=4)
    headers = token("member", sub=member)
    path = f"/bookings/{booked['booking_id']}"
    assert (await bookings_http.get(path, headers=headers)).status_code == 404
    merged = PersonMerged(kept_id=member, merged_id=guest, basis="told_us")
    await deliver(service, bookings_database, merged)
    assert (await bookings_http.get(path, headers=headers)).status_code == 200
    # Also for whoever still signs in as the one who was merged.
    assert (await bookings_http.get(path, headers=await signed_in(booked))).status_code == 200
    await post(bookings_http, f"{path}/cancellation", headers=headers)
    assert await state_of(bookings_database, booked) == "cancelled_by_person"
