"""Changing by the link what was told with a booking, and who else comes."""

import json
from uuid import UUID, uuid4

import pytest

import a
import asking


@pytest.fixture
async def event(bookings_http, token):
    return await a.published_event(bookings_http, token("coordinator"))


@pytest.fixture
def book(bookings_http, house, event):
    """Book, and get the path behind the link of the letter."""

    async def booked(**told):
        answer = await a.ask_for_place(bookings_http, event, **told)
        return asking.link(house, answer.json())

    return booked


async def test_what_is_named_changes_and_the_rest_stays(bookings_http, book):
    path = await book(organisation="Old Trust", prior_knowledge="none", share_with_attendees=True)
    changed = await bookings_http.patch(path, json={"organisation": "New Trust"})
    assert changed.json() == {
        "organisation": "New Trust",
        "share_with_attendees": True,
        "prior_knowledge": "none",
        "intention": None,
        "answers": {},
    }
    assert (await bookings_http.get(f"{path}/told")).json() == changed.json()


async def test_each_change_is_told_once_and_in_codes(
    bookings_http, bookings_database, house, event
):
    booking = (await a.ask_for_place(bookings_http, event)).json()
    path = asking.link(house, booking)
    change = {
        "organisation": "New Trust",
        "share_with_attendees": True,
        "needs": {"access": "A seat near the door"},
    }
    for _ in range(2):
        assert (await bookings_http.patch(path, json=change)).status_code == 200
    rows = await bookings_database.pool.fetch(
        "SELECT body FROM outbox WHERE subject = $1 AND routing_key = 'bookings.BookingChanged'",
        f"booking/{booking['booking_id']}",
    )
    [data] = [json.loads(row["body"])["data"] for row in rows]
    assert data["changes"] == ["organisation", "share_with_attendees"]
    assert "New Trust" not in rows[0]["body"]
    assert (await bookings_http.get(f"{path}/needs")).json()["access"] == "A seat near the door"


async def test_answers_are_given_anew(bookings_http, token, event, book):
    await bookings_http.put(
        f"/learning-events/{event['learning_event_id']}/booking-questions",
        json={"questions": [asking.choice(required=True), asking.text()]},
        headers=token("coordinator"),
    )
    path = await book(answers={"group": "one", "hoping_for": "Rest"})
    changed = await bookings_http.patch(path, json={"answers": {"group": "two"}})
    assert changed.json()["answers"] == {"group": "two", "hoping_for": "Rest"}
    wrong = await bookings_http.patch(path, json={"answers": {"group": "three"}})
    assert wrong.json()["errors"][0]["pointer"] == "/answers/group"


async def test_neither_the_event_nor_a_booking_that_ended_is_changed(bookings_http, book):
    path = await book()
    assert (await bookings_http.patch(path, json={"session_id": "x"})).status_code == 422
    await bookings_http.post(f"{path}/cancellation")
    assert (await bookings_http.patch(path, json={"organisation": "Late"})).status_code == 409
    nobody = await bookings_http.patch(f"/b/{'1' * 44}", json={})
    assert nobody.status_code == 404


async def test_those_who_share_see_those_who_share(bookings_http, book):
    paths = [
        await book(name=name, organisation="Green Trust", share_with_attendees=shares)
        for name, shares in (("Marian", True), ("Robin", True), ("Guy", False))
    ]
    marian, _, guy = [(await bookings_http.get(f"{path}/attendees")).json() for path in paths]
    assert marian == {
        "sharing": True,
        "attendees": [{"name": "Robin", "role_level": "front_line", "organisation": "Green Trust"}],
    }
    assert guy == {"sharing": False, "attendees": []}


async def test_whoever_shares_no_longer_is_seen_no_longer(bookings_http, book):
    marian = await book(name="Marian", share_with_attendees=True)
    robin = await book(name="Robin", share_with_attendees=True)
    await bookings_http.patch(robin, json={"share_with_attendees": False})
    assert (await bookings_http.get(f"{marian}/attendees")).json()["attendees"] == []


async def test_the_list_is_gone_when_the_contact_points_are(
    bookings_http, bookings_database, event, book
):
    path = await book(share_with_attendees=True)
    await book(share_with_attendees=True)
    await bookings_database.pool.execute(
        "DELETE FROM contact USING booking WHERE booking.booking_id = contact.booking_id"
        " AND learning_event_id = $1",
        UUID(event["learning_event_id"]),
    )
    seen = await bookings_http.get(f"{path}/attendees")
    assert seen.json() == {"sharing": False, "attendees": []}


async def test_a_member_is_offered_what_they_told_the_last_time(
    bookings_http, bookings_database, token, event
):
    booking = (await a.ask_for_place(bookings_http, event, organisation="Green Trust")).json()
    person = await bookings_database.pool.fetchval(
        "SELECT person_id FROM booking WHERE booking_id = $1", UUID(booking["booking_id"])
    )
    path = "/own/booking-details"
    known = (await bookings_http.get(path, headers=token("member", sub=person))).json()
    assert (known["organisation"], known["sector"]) == ("Green Trust", "voluntary")
    stranger = await bookings_http.get(path, headers=token("member", sub=uuid4()))
    assert stranger.status_code == 404
