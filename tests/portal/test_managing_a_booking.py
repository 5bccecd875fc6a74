"""The page behind the link in a letter: where a booking stands, and what can be done."""

import re
from datetime import UTC, datetime

import pytest

from portal.stand_in import TOKEN

LINK = f"/b/{TOKEN}"


def stands(town, state, *can, **details):
    town.announce()
    town.managed.update(state=state, can=list(can), **details)


def test_an_offer_says_until_when_and_is_accepted_by_a_button(town, site):
    until = datetime(2027, 7, 1, 9, tzinfo=UTC)
    stands(town, "offered", "accept", "decline", offer_expires_at=until.isoformat())
    page = site.get(LINK).text
    assert "A place is free for you" in page
    assert "10am on Thursday 1 July 2027" in page
    answer = site.post(LINK, data={"wish": "accept"})
    assert (answer.status_code, answer.headers["location"]) == (303, LINK)
    method, path, body = town.bookings_service.asked[-1]
    assert (method, path, body) == ("POST", f"{LINK}/offer", {"accept": True})
    assert "You have a place" in site.get(LINK).text


def test_an_offer_is_declined_by_the_other_button(town, site):
    stands(town, "offered", "accept", "decline")
    site.post(LINK, data={"wish": "decline"})
    assert "You have left the place to others" in site.get(LINK).text


def test_who_waits_sees_their_number_and_no_way_to_take_a_place(town, site):
    stands(town, "waitlisted", "cancel", position=3)
    page = site.get(LINK).text
    assert "You are number 3." in page
    assert "Take my name off the list" in page
    assert "Take a place" not in page


def test_in_the_last_hours_who_waits_may_take_a_place(town, site):
    stands(town, "waitlisted", "take", "cancel", position=3)
    assert "Take a place if one is free" in site.get(LINK).text


def test_a_request_that_waits_for_a_yes_can_be_withdrawn(town, site):
    stands(town, "awaiting_approval", "cancel")
    page = site.get(LINK).text
    assert "We have your request" in page
    assert "Withdraw my request" in page


@pytest.mark.parametrize("state", ["declined", "offer_expired", "offer_declined", "cancelled_late"])
def test_what_has_ended_has_no_buttons_and_a_way_on(town, site, state):
    stands(town, state)
    page = site.get(LINK).text
    assert "<form" not in page
    assert '<a href="/">' in page


@pytest.mark.parametrize(
    ("address", "shown"), [("https://meet.example.org/42", True), ("javascript:alert(1)", False)]
)
def test_the_link_of_an_online_session_is_shown_when_bookings_gives_it(town, site, address, shown):
    stands(town, "confirmed", "cancel")
    [event] = town.events.values()
    session_id = event["sessions"][0]["session_id"]
    town.managed["join_online"] = [{"session_id": session_id, "joining_link": address}]
    assert (f'href="{address}"' in site.get(LINK).text) is shown


def test_an_answer_that_comes_too_late_says_so(town, site):
    stands(town, "offered", "accept", "decline")
    town.refusal = (409, {"title": "Conflict", "detail": "This offer has ended."})
    answer = site.post(LINK, data={"wish": "accept"})
    assert answer.status_code == 409
    assert "This offer has ended." in answer.text


def test_a_wish_that_no_button_has_is_nothing(town, site):
    stands(town, "confirmed", "cancel")
    assert site.post(LINK, data={"wish": "upgrade"}).status_code == 404
    assert all(method == "GET" for method, _, _ in town.bookings_service.asked)


def test_who_has_a_choice_comes_to_another_session_at_the_same_time(town, site):
    event_id = town.announce()
    first = town.events[event_id]["sessions"][0] | {"parallel": "morning", "title": "Hoarding"}
    other = first | {"session_id": "018f0000-0000-7000-8000-0000000000aa", "title": "Dogs"}
    town.events[event_id]["sessions"] = [first, other]
    town.managed.update(can=["choose", "cancel"], session_ids=[first["session_id"]])
    town.bookings_service.answers[f"PUT {LINK}/sessions"] = lambda *_: town.refusal or (200, {})
    page = site.get(LINK).text
    assert "Another session at the same time" in page
    assert re.search(rf'value="{first["session_id"]}" checked', page)
    form = {"wish": "choose", "parallel:morning": other["session_id"]}
    assert site.post(LINK, data=form).status_code == 303
    asked = ("PUT", f"{LINK}/sessions", {"sessions": [other["session_id"]]})
    assert town.bookings_service.asked[-1] == asked
    town.refusal = (409, {"title": "No.", "detail": "That session is full."})
    full = site.post(LINK, data=form)
    assert full.status_code == 409
    assert "That session is full." in full.text
