"""Booking through the form: what is asked, kept, refused, and sent on once."""

import time

import pytest

from pdu_portal.lists import AWAY_SECONDS

NASTY = '"><script>alert(1)</script>{{7*7}}<!--'


def test_the_event_page_asks_what_the_lists_offer(town, site):
    page = site.get(f"/events/{town.announce()}").text
    for words in (
        "Hoarding: behind the door",
        "Lace Market Rooms",
        "6 of 24 left",
        "Mental health",
    ):
        assert words in page
    assert "Housing First and homelessness" in page


def test_a_booking_leads_to_an_address_that_names_nobody_and_can_be_loaded_again(
    town, site, answers
):
    answer = site.post(f"/events/{town.announce()}", data=answers)
    assert answer.status_code == 303
    address = answer.headers["location"]
    assert "marian" not in address.lower()
    assert "greenwood" not in address.lower()
    for _ in range(2):
        page = site.get(address)
        assert page.status_code == 200
        assert "You have a place" in page.text
        assert "Event<wbr>Booked" in page.text


def test_what_was_typed_is_what_bookings_receives(town, site, answers):
    learning_event_id = town.announce()
    site.post(f"/events/{learning_event_id}", data=answers)
    method, path, body = town.bookings_service.asked[-1]
    assert (method, path) == ("POST", f"/learning-events/{learning_event_id}/bookings")
    assert body == {name: told for name, told in answers.items() if name != "key"}
    assert town.bookings_service.keys == [answers["key"]]


def test_a_double_press_books_once(town, site, answers):
    learning_event_id = town.announce()
    first, second = (site.post(f"/events/{learning_event_id}", data=answers) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert len(town.bookings) == 1


def test_every_form_has_its_own_key(town, site):
    path = f"/events/{town.announce()}"
    keys = {site.get(path).text.partition('name="key" value="')[2][:36] for _ in range(3)}
    assert len(keys) == 3


def test_who_waits_is_told_the_position(town, site, answers):
    town.state = "waitlisted"
    learning_event_id = town.announce(places_left=0, waiting=2)
    assert "Join the waiting list" in site.get(f"/events/{learning_event_id}").text
    answer = site.post(f"/events/{learning_event_id}", data=answers)
    page = site.get(answer.headers["location"]).text
    assert "You are on the waiting list" in page
    assert "You are number 3." in page


@pytest.mark.parametrize(
    "wrong",
    [
        ("name", "", "Enter your name"),
        ("name", "x" * 201, "Use no more than 200 letters"),
        ("name", "Much\nMiller", "Use letters only, on one line"),
        ("name", "Much\x00Miller", "Use letters only, on one line"),
        ("email", "", "Enter an email address with a full ending"),
        ("email", "marian@greenwood", "Enter an email address with a full ending"),
        ("email", "a@b.example.org, c@d.example.org", "Enter an email address with a full ending"),
        ("email", "a@b.example.org\r\nBcc: c@d.example.org", "Enter an email address"),
        ("email", "a" * 250 + "@example.org", "Enter an email address with a full ending"),
        ("sector", "", "Choose the sector you work in"),
        ("work_field", "astrology", "Choose what your work is mostly about"),
        ("role_level", "", "Choose your role"),
        ("area", "", "Choose where you work"),
        ("organisation", "x" * 201, "Use no more than 200 letters"),
    ],
)
def test_a_wrong_answer_is_named_at_its_field_and_the_rest_is_kept(town, site, answers, wrong):
    field, typed, words = wrong
    answer = site.post(f"/events/{town.announce()}", data=answers | {field: typed})
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert answer.text.count(words) == 2  # in the summary and at the field
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert answers["key"] in answer.text
    kept = "Marian Leaford" if field != "name" else "marian@greenwood.example.org"
    assert f'value="{kept}"' in answer.text
    assert not town.bookings


def test_nasty_strings_come_back_as_text(town, site, answers):
    learning_event_id = town.announce(NASTY, purpose=NASTY, place=NASTY)
    for page in (
        site.get("/"),
        site.get(f"/events/{learning_event_id}"),
        site.post(
            f"/events/{learning_event_id}",
            data=answers | {"name": NASTY, "organisation": NASTY, "email": NASTY, "key": NASTY},
        ),
    ):
        assert "<script>alert" not in page.text
        assert "{{7*7}}" in page.text
        assert "&lt;script&gt;" in page.text


def test_what_bookings_refuses_is_said_in_its_words_and_nothing_typed_is_lost(town, site, answers):
    detail = "This event has already started."
    town.refusal = (409, {"title": "Conflict", "status": 409, "detail": detail})
    answer = site.post(f"/events/{town.announce()}", data=answers)
    assert answer.status_code == 409
    assert detail in answer.text
    assert 'value="Marian Leaford"' in answer.text
    assert answers["key"] not in answer.text  # another try is another question


def test_what_bookings_finds_wrong_with_a_field_stands_at_the_field(town, site, answers):
    errors = [{"pointer": "/email", "code": "email", "detail": "no such host"}]
    town.refusal = (422, {"title": "Invalid", "status": 422, "errors": errors})
    answer = site.post(f"/events/{town.announce()}", data=answers)
    assert answer.text.count("Enter an email address with a full ending") == 2


def test_who_comes_to_a_hybrid_event_is_asked_how(town, site, answers):
    plain, hybrid = town.announce(), town.announce(mode="hybrid", online_places_left=9)
    asked = ["How will you come?" in site.get(f"/events/{one}").text for one in (plain, hybrid)]
    assert asked == [False, True]
    site.post(f"/events/{hybrid}", data=answers | {"attending": "online"})
    assert town.bookings_service.asked[-1][2]["attending"] == "online"


def test_who_does_not_say_how_is_asked_again(town, site, answers):
    errors = [{"pointer": "/attending", "code": "missing", "detail": "Say it."}]
    town.refusal = (422, {"title": "Invalid", "status": 422, "errors": errors})
    answer = site.post(f"/events/{town.announce(online_places_left=9)}", data=answers)
    assert answer.text.count("Choose how you will come") == 2


def test_without_the_lists_one_can_book_all_the_same(town, site, answers):
    learning_event_id = town.announce()
    with town.services["resources"].away():
        page = site.get(f"/events/{learning_event_id}")
        assert "You can book all the same" in page.text
        answer = site.post(
            f"/events/{learning_event_id}",
            data={name: answers[name] for name in ("name", "email", "key")},
        )
    assert answer.status_code == 303
    assert town.bookings_service.asked[-1][2]["sector"] == "unknown"


def test_the_lists_are_kept_for_when_the_hub_is_away(town, site):
    path = f"/events/{town.announce()}"
    site.get(path)
    with town.services["resources"].away():
        assert "Mental health" in site.get(path).text


def test_a_hub_that_does_not_answer_is_asked_for_the_lists_once_a_second(town, site):
    path, resources = f"/events/{town.announce()}", town.services["resources"]
    resources.mood = "hangs_up"
    for _ in range(5):
        assert "You can book all the same" in site.get(path).text
    assert [asked for _, asked, _ in resources.asked].count("/vocabulary") < 5
    resources.mood = "well"
    time.sleep(AWAY_SECONDS)
    assert "Mental health" in site.get(path).text


@pytest.mark.parametrize("mood", ["broken", "garbage", "hangs_up"])
def test_a_booking_desk_in_trouble_loses_nothing_that_was_typed(town, site, answers, mood):
    learning_event_id = town.announce()
    site.get(f"/events/{learning_event_id}")
    town.bookings_service.mood = mood
    answer = site.post(f"/events/{learning_event_id}", data=answers)
    assert answer.status_code == 503
    assert "You will not be booked twice" in answer.text
    assert 'value="Marian Leaford"' in answer.text
    assert answers["key"] in answer.text
    town.bookings_service.mood = "well"
    assert site.post(f"/events/{learning_event_id}", data=answers).status_code == 303
    assert len(town.bookings) == 1


def test_forms_from_other_sites_and_too_large_ones_are_refused(town, site, answers):
    path = f"/events/{town.announce()}"
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example.org"}):
        assert site.post(path, data=answers, headers=headers).status_code == 403
    own = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert site.post(path, data=answers, headers=own).status_code == 303
    assert site.post(path, data=answers | {"name": "x" * 70_000}).status_code == 413
    assert site.post(path, content=b"&".join(b"a=b" for _ in range(60))).status_code == 400
    assert site.post(path, content=b"\xff\xfe").status_code in {400, 422}


@pytest.mark.parametrize(
    "query", ["", "?a=b", "?00000000-0000-0000-0000-000000000001=%C2%B2-%C2%B2"]
)
def test_an_altered_address_of_a_booking_promises_nothing(town, site, query):
    learning_event_id = town.announce()
    page = site.get(f"/booked/{learning_event_id}/{learning_event_id}{query}")
    assert page.status_code == 200
    assert "You have a place" not in page.text


def test_an_event_that_is_cancelled_or_over_takes_no_bookings(town, site):
    cancelled = town.announce(state="cancelled")
    over = town.announce(starts_at="2020-01-14T13:00:00+00:00", ends_at="2020-01-14T14:00:00+00:00")
    assert "This event will not happen" in site.get(f"/events/{cancelled}").text
    assert "Booking has closed" in site.get(f"/events/{over}").text
    for learning_event_id in (cancelled, over):
        assert "<form" not in site.get(f"/events/{learning_event_id}").text
