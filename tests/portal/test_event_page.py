"""What an event's page says of it before somebody books."""

import json
import re
from uuid import uuid4

import pytest

LINKED_DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def test_whose_event_it_is_and_what_may_distress_stands_on_its_page(town, site):
    learning_event_id = town.announce(
        "Grief at work",
        outcomes=["Find words for a loss"],
        delivered_by="A PDU event, delivered with Example Trust",
        lived_experience_planned=True,
        ask="One hour of your manager's time",
        content_note="Grief is spoken of.",
        support_contact={"name": "Will Scarlet", "reach": "will@example.org"},
    )
    said = site.get(f"/events/{learning_event_id}").text
    for words in (
        "A PDU event, delivered with Example Trust.",
        "Find words for a loss",
        "People with lived experience are invited",
        "One hour of your manager",
        "Grief is spoken of.",
        "You can talk to Will Scarlet at any time: will@example.org.",
    ):
        assert words in said


def test_those_who_speak_are_named_once_as_they_agreed(town, site):
    learning_event_id = town.announce("Grief at work")
    speaker = {"role": "co_facilitator", "name": "Alan a <i>Dale", "organisation": "Sherwood"}
    items = [{"session_id": str(uuid4()), **speaker} for _ in range(2)]
    answers = town.bookings_service.answers
    path = f"GET /learning-events/{learning_event_id}/speakers"
    town.bookings_service.answers = {path: lambda *_: (200, {"items": items}), **answers}
    page = site.get(f"/events/{learning_event_id}").text
    assert page.count("Alan a &lt;i&gt;Dale, Sherwood (co facilitator)") == 1
    assert "Who you will meet" not in site.get(f"/events/{town.announce('Another')}").text


def test_whom_it_is_meant_for_stands_before_the_form(town, site):
    learning_event_id = town.announce("Grief at work")
    assert "meant first for" not in site.get(f"/events/{learning_event_id}").text
    town.booking_form["meant_for"] = {
        "audience": ["commissioners"],
        "after": [{"template_id": str(uuid4()), "title": "Grief, the basics"}],
        "words": "You are welcome to ask.",
    }
    page = site.get(f"/events/{learning_event_id}").text
    for words in ("first for: commissioners.", "builds on Grief, the basics.", "welcome to ask"):
        assert words in page


def test_one_of_the_sessions_at_the_same_time_is_chosen(town, site, answers):
    learning_event_id = town.announce("A day of workshops")
    [session] = town.events[learning_event_id]["sessions"]
    rooms = [
        {**session, "session_id": str(uuid4()), "title": title, "parallel": "afternoon"}
        for title in ("Listening", "Setting limits")
    ]
    town.events[learning_event_id]["sessions"] = [session, *rooms]
    page = site.get(f"/events/{learning_event_id}").text
    assert "Which of these sessions will you come to?" in page
    chosen = rooms[1]["session_id"]
    site.post(f"/events/{learning_event_id}", data={**answers, "parallel:afternoon": chosen})
    [sent] = [body for method, _, body in town.bookings_service.asked if method == "POST"]
    assert sent["sessions"] == [chosen]


def test_whoever_chose_none_of_them_is_told_at_the_choice(town, site, answers):
    learning_event_id = town.announce("A day of workshops", parallel="x")
    wrong = {"pointer": "/sessions", "code": "missing", "detail": "Choose."}
    town.refusal = (422, {"title": "Unprocessable", "status": 422, "errors": [wrong]})
    page = site.post(f"/events/{learning_event_id}", data=answers).text
    assert 'href="#sessions">Choose one of the sessions that are at the same time' in page


def described(town, learning_event_id: str, answer: tuple[int, object]) -> None:
    path = f"GET /learning-events/{learning_event_id}/schema.json"
    answers = town.bookings_service.answers
    town.bookings_service.answers = {path: lambda *_: answer, **answers}


@pytest.mark.parametrize(
    "title", ["Grief at work", "</script><script src='//x.example.org'>", "<!--<script>", "“&amp;”"]
)
def test_machines_read_in_the_page_what_bookings_says_of_the_event(town, site, title):
    learning_event_id = town.announce(title)
    told = {"@context": "https://schema.org", "name": title, "offers": {"price": "0"}}
    described(town, learning_event_id, (200, told))
    page = site.get(f"/events/{learning_event_id}").text
    [data] = LINKED_DATA.findall(page)
    assert json.loads(data) == told
    assert page.count("<script") == 2
    assert "<" not in data


@pytest.mark.parametrize("answer", [(404, {}), (409, {}), (500, {}), (200, ["a list"]), (200, "x")])
def test_without_words_for_machines_the_page_is_as_it_was_for_people(town, site, answer):
    learning_event_id = town.announce("Grief at work")
    described(town, learning_event_id, answer)
    page = site.get(f"/events/{learning_event_id}")
    assert page.status_code == 200
    assert "Grief at work" in page.text
    assert "ld+json" not in page.text


def test_what_is_shown_to_one_person_is_not_described_to_machines(town, site):
    town.announce("Grief at work")
    assert "ld+json" not in site.get("/n/pdu-link-4K792MXYZ").text


def test_who_comes_through_a_bulletin_finds_that_answer_proposed(town, site):
    learning_event_id = town.announce("Grief at work")
    chosen = re.compile(r'<option value="bulletin"[^>]*selected')
    path = f"/events/{learning_event_id}"
    assert chosen.search(site.get(f"{path}?source=bulletin-2027-01").text)
    for other in ("", "?source=colleague", '?source="><script>'):
        assert not chosen.search(site.get(path + other).text)


def test_a_link_of_a_letter_leads_on_with_the_code_of_where_it_stands(site):
    about = uuid4()
    for path, leads in (
        (f"/via/colleague/events/{about}", f"/events/{about}?source=colleague"),
        ("/via/booking/subscribe", "/subscribe?source=booking"),
    ):
        answer = site.get(path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, leads)
    for wrong in ("/via/Not%20a%20code/subscribe", "/via/colleague/events/x"):
        assert site.get(wrong).status_code == 404


def test_the_facts_lead_to_the_form_while_there_is_one(site, town):
    page = site.get(f"/events/{town.announce()}").text
    assert page.index('href="#book"') < page.index('id="book"')
    over = site.get(f"/events/{town.announce(state='cancelled')}").text
    assert "#book" not in over
