"""Two ids that turn out to be one person: one booking at each event, and none twice."""

import asyncio
from uuid import UUID

import pytest

import a
from bus import deliver
from pdu_bookings.app import service
from pdu_bookings.rules.same_person import stays
from pdu_shared.contracts.resources.member import PersonMerged, PersonUnmerged
from pdu_shared.contracts.vocabulary import PlaceState
from places import counters, state_of, told


@pytest.fixture
def coordinator(token):
    return token("coordinator")


async def person_of(database, booking):
    return await database.pool.fetchval(
        "SELECT person_id FROM booking WHERE booking_id = $1", UUID(booking["booking_id"])
    )


async def an_event(http, coordinator, capacity):
    return await a.published_event(http, coordinator, sessions=[a.session(capacity=capacity)])


async def ask(http, event, *people):
    return [(await a.ask_for_place(http, event, **one)).json() for one in people]


async def merge(database, kept, merged):
    message = PersonMerged(
        kept_id=await person_of(database, kept),
        merged_id=await person_of(database, merged),
        basis="told_us",
    )
    await deliver(service, database, message)
    return message


def test_the_booking_nearest_to_a_place_stays_then_the_older():
    older, newer = UUID(int=1), UUID(int=2)
    waits, has = PlaceState.WAITLISTED, PlaceState.CONFIRMED
    assert stays({older: waits, newer: has}) == newer
    assert stays({older: has, newer: has}) == older


async def test_of_two_places_the_newer_is_offered_to_who_waits(
    bookings_http, bookings_database, coordinator
):
    event = await an_event(bookings_http, coordinator, 2)
    first, second, waits = await ask(bookings_http, event, a.person(), a.person(), a.person())
    message = await merge(bookings_database, second, first)
    await deliver(service, bookings_database, message)
    states = [await state_of(bookings_database, one) for one in (first, second, waits)]
    assert states == ["confirmed", "cancelled_by_pdu", "offered"]
    assert await told(bookings_database, second) == ["EventBooked", "BookingCancelled"]
    assert await counters(bookings_database, event) == {"taken": 2}


@pytest.mark.parametrize("again", [0, 1])
async def test_under_neither_id_a_second_place_is_given(
    bookings_http, bookings_database, coordinator, again
):
    earlier = await an_event(bookings_http, coordinator, 5)
    people = [a.person(), a.person()]
    kept, merged = await ask(bookings_http, earlier, *people)
    await merge(bookings_database, kept, merged)
    event = await an_event(bookings_http, coordinator, 5)
    first, second = await ask(bookings_http, event, people[again], people[1 - again])
    assert first == second
    assert await counters(bookings_database, event) == {"taken": 1}


async def test_both_ids_at_once_get_one_place(bookings_http, bookings_database, coordinator):
    earlier = await an_event(bookings_http, coordinator, 5)
    people = [a.person(), a.person()]
    await merge(bookings_database, *await ask(bookings_http, earlier, *people))
    event = await an_event(bookings_http, coordinator, 5)
    answers = await asyncio.gather(
        *(a.ask_for_place(bookings_http, event, **people[n % 2]) for n in range(8))
    )
    assert len({answer.text for answer in answers}) == 1
    assert await counters(bookings_database, event) == {"taken": 1}


async def test_who_is_two_people_after_all_may_book_twice(
    bookings_http, bookings_database, coordinator
):
    earlier = await an_event(bookings_http, coordinator, 5)
    people = [a.person(), a.person()]
    message = await merge(bookings_database, *await ask(bookings_http, earlier, *people))
    apart = PersonUnmerged(kept_id=message.kept_id, merged_id=message.merged_id)
    await deliver(service, bookings_database, apart)
    event = await an_event(bookings_http, coordinator, 5)
    first, second = await ask(bookings_http, event, *people)
    assert first["booking_id"] != second["booking_id"]
