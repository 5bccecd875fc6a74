"""A colleague proposes somebody, who says yes or no themselves."""

import asyncio
from uuid import UUID, uuid4

import pytest

import a
from pdu_bookings.link import Purpose
from pdu_shared.links import token_of


@pytest.fixture
async def event(bookings_http, token):
    return await a.published_event(
        bookings_http, token("coordinator"), sessions=[a.session(capacity=1)]
    )


@pytest.fixture
def manager(token):
    return token("manager", sub=uuid4())


@pytest.fixture
def nominate(bookings_http, event, manager):
    async def nominated(email=None, headers=manager):
        return await bookings_http.post(
            f"/learning-events/{event['learning_event_id']}/nominations",
            json={"name": "Alan a Dale", "email": email or f"{uuid4().hex}@example.org"},
            headers={**headers, **a.key()},
        )

    return nominated


@pytest.fixture
def link(house, nominate):
    """Somebody is nominated; the path behind the link of their letter."""

    async def path():
        nomination = UUID((await nominate()).json()["nomination_id"])
        key = house.secrets.link_key.encode()
        return f"/n/{token_of(key, Purpose.NOMINATION, nomination)}"

    return path


async def counted(http, event, headers):
    path = f"/learning-events/{event['learning_event_id']}/nominations"
    return (await http.get(path, headers=headers)).json()


async def say_yes(http, path, headers=None, **details):
    return await http.post(
        f"{path}/acceptance", json=a.person(**details), headers=headers or a.key()
    )


async def test_a_nomination_holds_no_place_and_is_told_sealed_only(
    bookings_database, event, nominate
):
    answer = await nominate("q7canary7q@example.org")
    assert answer.json().keys() == {"nomination_id"}
    rows = await bookings_database.pool.fetch(
        "SELECT exchange, body FROM outbox WHERE subject = $1",
        f"nomination/{answer.json()['nomination_id']}",
    )
    assert [row["exchange"] for row in rows] == ["pdu.sealed"]
    assert "q7canary7q" not in rows[0]["body"]
    taken = await bookings_database.pool.fetchval(
        "SELECT taken FROM session WHERE learning_event_id = $1", UUID(event["learning_event_id"])
    )
    assert taken == 0


async def test_a_yes_is_an_ordinary_booking(bookings_http, bookings_database, event, manager, link):
    path = await link()
    seen = (await bookings_http.get(path)).json()
    assert (seen["state"], seen["learning_event"]["title"]) == ("open", event["title"])
    booked = await say_yes(bookings_http, path)
    assert booked.json()["state"] == "confirmed", booked.text
    channel = await bookings_database.pool.fetchval(
        "SELECT channel FROM booking WHERE booking_id = $1", UUID(booked.json()["booking_id"])
    )
    assert channel == "nomination"
    assert (await say_yes(bookings_http, await link())).json()["state"] == "waitlisted"
    assert await counted(bookings_http, event, manager) == {
        "nominated": 2,
        "accepted": 2,
        "declined": 0,
    }


async def test_a_no_may_become_a_yes_and_a_yes_is_given_back_as_a_booking(
    bookings_http, event, manager, link
):
    path = await link()
    for _ in range(2):
        answer = await bookings_http.post(f"{path}/refusal")
        assert (answer.status_code, answer.json()["state"]) == (200, "declined")
    assert (await counted(bookings_http, event, manager))["declined"] == 1
    assert (await say_yes(bookings_http, path)).status_code == 201
    assert (await bookings_http.post(f"{path}/refusal")).status_code == 409
    assert (await bookings_http.get(path)).json()["state"] == "accepted"


async def test_a_yes_sent_again_is_one_booking(bookings_http, bookings_database, event, link):
    path, headers, person = await link(), a.key(), a.person()
    answers = await asyncio.gather(
        *(say_yes(bookings_http, path, headers, **person) for _ in range(4))
    )
    assert len({answer.text for answer in answers}) == 1
    bookings = await bookings_database.pool.fetchval(
        "SELECT count(*) FROM booking WHERE learning_event_id = $1",
        UUID(event["learning_event_id"]),
    )
    assert bookings == 1


async def test_nominating_somebody_twice_is_nominating_them_once(nominate):
    first, again = [(await nominate("alan@example.org")).json() for _ in range(2)]
    assert first == again


async def test_nobody_sees_the_nominations_of_others(bookings_http, event, token, nominate):
    await nominate()
    other = await counted(bookings_http, event, token("manager", sub=uuid4()))
    assert other == {"nominated": 0, "accepted": 0, "declined": 0}
    assert (await nominate(headers=token("member"))).status_code == 403


async def test_from_the_start_on_the_link_is_nothing(bookings_http, bookings_database, event, link):
    path = await link()
    await bookings_database.pool.execute(
        "UPDATE session SET starts_at = now() - interval '1 minute' WHERE learning_event_id = $1",
        UUID(event["learning_event_id"]),
    )
    assert (await bookings_http.get(path)).status_code == 404
    assert (await say_yes(bookings_http, path)).status_code == 404
    assert (await bookings_http.post(f"{path}/refusal")).status_code == 404


async def test_the_link_of_a_booking_opens_no_nomination(bookings_http, house):
    key = house.secrets.link_key.encode()
    token = token_of(key, Purpose.BOOKING, uuid4())
    assert (await bookings_http.get(f"/n/{token}")).status_code == 404


async def test_nobody_is_nominated_for_what_is_not_there(bookings_http, manager):
    answer = await bookings_http.post(
        f"/learning-events/{uuid4()}/nominations",
        json={"name": "Alan a Dale", "email": "alan@example.org"},
        headers={**manager, **a.key()},
    )
    assert answer.status_code == 404
