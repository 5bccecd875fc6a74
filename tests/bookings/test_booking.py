"""Places at learning events: who gets one, who waits, and what a repeat gets."""

import asyncio
from uuid import UUID, uuid4

import a
from pdu_shared.identity import person_id


async def test_a_place_is_confirmed(bookings_http, token):
    event = await a.published_event(bookings_http, token("coordinator"))
    answer = await a.ask_for_place(bookings_http, event)
    assert answer.status_code == 201
    assert answer.json()["state"] == "confirmed"
    assert [place["position"] for place in answer.json()["places"]] == [None]


async def test_a_full_event_gives_a_position_in_the_waiting_list(bookings_http, token):
    event = await a.published_event(
        bookings_http, token("coordinator"), sessions=[a.session(capacity=1)]
    )
    answers = [(await a.ask_for_place(bookings_http, event)).json() for _ in range(3)]
    assert [answer["state"] for answer in answers] == ["confirmed", "waitlisted", "waitlisted"]
    assert [answer["places"][0]["position"] for answer in answers] == [None, 1, 2]


async def test_somebody_who_asks_for_several_sessions_gets_all_or_waits_for_all(
    bookings_http, token
):
    event = await a.published_event(
        bookings_http,
        token("coordinator"),
        sessions=[a.session(capacity=5), a.session(capacity=1)],
    )
    first, second = [(await a.ask_for_place(bookings_http, event)).json() for _ in range(2)]
    assert [place["state"] for place in first["places"]] == ["confirmed", "confirmed"]
    assert [place["state"] for place in second["places"]] == ["waitlisted", "waitlisted"]


async def test_a_repeat_under_the_same_key_gets_the_same_answer_to_the_letter(bookings_http, token):
    event = await a.published_event(bookings_http, token("coordinator"))
    headers, person = a.key(), a.person()
    answers = [
        await a.ask_for_place(bookings_http, event, headers=headers, **person) for _ in range(3)
    ]
    assert len({answer.content for answer in answers}) == 1
    assert {answer.status_code for answer in answers} == {201}


async def test_who_asks_again_under_another_key_gets_the_first_answer(bookings_http, token):
    event = await a.published_event(bookings_http, token("coordinator"))
    person = a.person(email=f"Robin-{uuid4().hex[:8]}@Example.Org")
    first = await a.ask_for_place(bookings_http, event, **person)
    again = await a.ask_for_place(
        bookings_http, event, **{**person, "email": person["email"].lower()}
    )
    assert again.json() == first.json()


async def test_newcomers_and_those_who_ask_again_are_answered_together(bookings_http, token):
    event = await a.published_event(bookings_http, token("coordinator"))
    headers, person, other = a.key(), a.person(), a.person()
    first = await a.ask_for_place(bookings_http, event, headers=headers, **person)
    answers = await asyncio.gather(
        a.ask_for_place(bookings_http, event, **other),
        a.ask_for_place(bookings_http, event, headers=headers, **person),
        a.ask_for_place(bookings_http, event, **person),
        a.ask_for_place(bookings_http, event, **other),
        a.ask_for_place(bookings_http, event, headers=headers),
    )
    assert [answer.status_code for answer in answers] == [201, 201, 201, 201, 422]
    new, again, under_another_key, twice, _ = [answer.content for answer in answers]
    assert again == under_another_key == first.content
    assert new == twice != first.content


async def test_an_erased_person_who_comes_back_is_somebody_new(
    bookings_http, bookings_database, token
):
    person, known = a.person(), []
    for generation in range(3):
        event = await a.published_event(bookings_http, token("coordinator"))
        answers = [await a.ask_for_place(bookings_http, event, **person) for _ in range(2)]
        assert answers[0].json() == answers[1].json()
        known.append(await person_of(bookings_database, answers[0].json()["booking_id"]))
        assert known[-1] == person_id(b"pdu-test-key", person["email"], generation)
        await bookings_database.pool.execute("INSERT INTO person_erased VALUES ($1, 1)", known[-1])
    assert len(set(known)) == 3


async def person_of(database, booking_id):
    return await database.pool.fetchval(
        "SELECT person_id FROM booking WHERE booking_id = $1", UUID(booking_id)
    )


async def test_a_key_used_for_another_request_is_refused(bookings_http, token):
    event = await a.published_event(bookings_http, token("coordinator"))
    headers = a.key()
    await a.ask_for_place(bookings_http, event, headers=headers)
    answer = await a.ask_for_place(bookings_http, event, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/idempotency-mismatch"


async def test_many_who_ask_at_once_fill_the_hall_exactly(bookings_http, bookings_database, token):
    event = await a.published_event(
        bookings_http, token("coordinator"), sessions=[a.session(capacity=30)]
    )
    answers = await asyncio.gather(*(a.ask_for_place(bookings_http, event) for _ in range(100)))
    states = [answer.json()["state"] for answer in answers]
    assert (states.count("confirmed"), states.count("waitlisted")) == (30, 70)
    positions = sorted(
        answer.json()["places"][0]["position"] for answer in answers if "waitlisted" in answer.text
    )
    assert positions == list(range(1, 71))
    row = await bookings_database.pool.fetchrow(
        "SELECT taken, waiting FROM session WHERE session_id = $1::text::uuid",
        event["sessions"][0]["session_id"],
    )
    assert (row["taken"], row["waiting"]) == (30, 70)


async def test_one_bad_request_does_not_spoil_it_for_those_who_asked_with_it(bookings_http, token):
    event = await a.published_event(bookings_http, token("coordinator"))
    elsewhere = {"learning_event_id": str(uuid4())}
    good, bad = await asyncio.gather(
        a.ask_for_place(bookings_http, event), a.ask_for_place(bookings_http, elsewhere)
    )
    assert (good.status_code, bad.status_code) == (201, 404)


async def test_a_draft_cannot_be_booked_or_seen(bookings_http, token):
    drafted = await bookings_http.post(
        "/learning-events", json=a.learning_event(), headers={**token("coordinator"), **a.key()}
    )
    event = drafted.json()
    assert (await a.ask_for_place(bookings_http, event)).status_code == 404
    seen = await bookings_http.get(f"/learning-events/{event['learning_event_id']}")
    assert seen.status_code == 404


async def test_the_contact_point_travels_only_sealed(bookings_http, bookings_database, token):
    event = await a.published_event(bookings_http, token("coordinator"))
    person = a.person(name="Will Scarlett")
    answer = await a.ask_for_place(bookings_http, event, **person)
    bodies = await bookings_database.pool.fetch(
        "SELECT exchange, body FROM outbox WHERE subject = $1",
        f"booking/{answer.json()['booking_id']}",
    )
    assert {row["exchange"] for row in bodies} == {"pdu.messages", "pdu.sealed"}
    for row in bodies:
        assert person["email"] not in row["body"]
        assert "Scarlett" not in row["body"]
