"""Somebody books for somebody else, who may have neither a computer nor an e-mail address."""

import json
from uuid import UUID, uuid4

import pytest

import a
from pdu_shared.sealing import Sealer


@pytest.fixture
async def event(bookings_http, token):
    return await a.published_event(bookings_http, token("coordinator"))


def somebody(**details):
    """Who has no address of their own."""
    known = a.person(reach="through the day centre, 0115 496 0000", channel="telephone")
    del known["email"]
    return {**known, **details}


async def ask(http, event, headers, **details):
    return await http.post(
        f"/learning-events/{event['learning_event_id']}/bookings/on-behalf",
        json=somebody(**details),
        headers={**a.key(), **headers},
    )


async def told(database, booking):
    rows = await database.pool.fetch(
        "SELECT routing_key, body FROM outbox WHERE subject = $1", f"booking/{booking}"
    )
    return {row["routing_key"].partition(".")[2]: row["body"] for row in rows}


async def test_somebody_without_an_address_has_a_place_and_is_told_another_way(
    bookings_http, bookings_database, token, event, house
):
    helper = uuid4()
    answer = await ask(
        bookings_http,
        event,
        token("coordinator", sub=helper),
        phone="0115 496 0000",
        postal_address="12 Mapperley Road\nNottingham",
        wishes="post",
    )
    assert answer.json()["state"] == "confirmed", answer.text
    messages = await told(bookings_database, answer.json()["booking_id"])
    assert messages.keys() == {"EventBooked", "BookingLinkIssued"}
    data = json.loads(messages["EventBooked"])["data"]
    assert (data["channel"], data["on_behalf"], data["reachable"]) == ("telephone", True, True)
    sealer = Sealer(house.secrets.sealing_keys("notifications"))
    link = json.loads(sealer.unseal(json.loads(messages["BookingLinkIssued"])["data"]))
    assert (link["channel"], link["address"]) == ("post", "12 Mapperley Road\nNottingham")
    assert [(one["channel"], one["address"]) for one in link["also"]] == [
        ("phone", "+441154960000"),
        ("phone", "through the day centre, 0115 496 0000"),
    ]
    assert link["arranged_by"] == str(helper)
    assert UUID(data["person_id"]).version == 8
    assert "day centre" not in messages["EventBooked"]


async def test_somebody_with_an_address_gets_the_letter_themselves(
    bookings_http, bookings_database, token, event
):
    answer = await ask(bookings_http, event, token("manager"), email="much@example.org")
    messages = await told(bookings_database, answer.json()["booking_id"])
    assert messages.keys() == {"EventBooked", "BookingLinkIssued"}


async def test_asking_again_with_the_same_key_is_asking_once(bookings_http, token, event):
    headers = {**token("coordinator", sub=uuid4()), **a.key()}
    first, again = [(await ask(bookings_http, event, headers)).json() for _ in range(2)]
    assert first == again
    other = await ask(bookings_http, event, token("coordinator"))
    assert other.json()["booking_id"] != first["booking_id"]


async def test_there_must_be_a_way_to_reach_them(bookings_http, token, event):
    for wrong in (
        {"reach": None},
        {"wishes": "sms"},
        {"wishes": "sms", "phone": "0115 496 0000"},
        {"wishes": "email"},
        {"phone": "call me"},
    ):
        answer = await ask(bookings_http, event, token("coordinator"), **wrong)
        assert answer.status_code == 422, wrong


async def test_nobody_else_books_for_others(bookings_http, token, event):
    assert (await ask(bookings_http, event, token("member"))).status_code == 403
    assert (await ask(bookings_http, event, {})).status_code == 401


async def test_the_joining_details_can_be_printed_by_whoever_asked(bookings_http, token, event):
    manager = token("manager", sub=uuid4())
    booking = (await ask(bookings_http, event, manager, name="Much <b>the</b> Miller")).json()
    path = f"/bookings/{booking['booking_id']}/joining-details"
    page = await bookings_http.get(path, headers={**manager, "Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    for words in (
        '<html lang="en-GB">',
        "<h1>Hoarding: behind the door</h1>",
        "Much &lt;b&gt;the&lt;/b&gt; Miller",
        "13:00 to 16:00",
        "Sneinton Hermitage",
        "You have a place.",
    ):
        assert words in page.text
    assert (await bookings_http.get(path, headers=token("coordinator"))).status_code == 200
    assert (await bookings_http.get(path, headers=token("manager"))).status_code == 404
