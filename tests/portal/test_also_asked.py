"""What the booking form asks besides: agreement, needs, sharing, questions; and nominations."""

import pytest

from portal.stand_in import TOKEN

QUESTIONS = [
    {
        "code": "group",
        "wording": "Which group?",
        "kind": "choice",
        "options": [{"code": "one", "label": "Group one"}],
        "required": True,
    },
    {"code": "hope", "wording": "Your hope?", "kind": "text", "options": [], "required": False},
]


@pytest.fixture
def path(town):
    return f"/events/{town.announce()}"


def sent(town):
    return town.bookings_service.asked[-1][2]


def test_without_an_agreement_none_is_asked(site, path):
    page = site.get(path).text
    assert "group agreement" not in page
    assert "deleted 28 days after" in page
    assert "checked" not in page.partition("Who else comes")[2]


def test_whoever_agrees_books_with_the_version_they_read(town, site, path, answers):
    town.booking_form = {"agreement": 3, "questions": []}
    assert "<p>We listen.</p>" in site.get(path).text
    for wrong in ({}, {"agreement": "2"}):
        answer = site.post(path, data=answers | wrong)
        assert answer.status_code == 422
        assert "Read the group agreement and tick that you agree" in answer.text
    assert site.post(path, data=answers | {"agreement": "3"}).status_code == 303
    assert sent(town)["agreement"] == 3


def test_needs_and_sharing_are_sent_on_only_when_they_are_told(town, site, path, answers):
    site.post(path, data=answers | {"needs:support": ""})
    assert sent(town).keys().isdisjoint({"needs", "share_with_attendees", "agreement", "answers"})
    besides = {"needs:support": "A seat near the door", "share_with_attendees": "yes"}
    site.post(path, data=answers | besides)
    assert sent(town)["needs"] == {"support": "A seat near the door"}
    assert sent(town)["share_with_attendees"] is True


def test_questions_of_the_event_are_asked_and_kept_when_something_is_wrong(
    town, site, path, answers
):
    town.booking_form = {"agreement": None, "questions": QUESTIONS}
    page = site.get(path).text
    assert "Which group?" in page
    assert "Your hope? (optional)" in page
    wrong = site.post(path, data=answers | {"answers:hope": "Rest"})
    assert wrong.status_code == 422
    assert "Answer this question" in wrong.text
    assert 'value="Rest"' in wrong.text
    right = site.post(path, data=answers | {"answers:hope": "Rest", "answers:group": "one"})
    assert right.status_code == 303
    assert sent(town)["answers"] == {"group": "one", "hope": "Rest"}


def test_what_bookings_refuses_is_shown_at_its_field(town, site, path, answers):
    town.booking_form = {"agreement": None, "questions": QUESTIONS}
    town.refusal = (
        422,
        {"title": "No", "errors": [{"pointer": "/answers/group", "code": "x", "detail": "Not so"}]},
    )
    page = site.post(path, data=answers | {"answers:group": "one"}).text
    assert 'href="#answers:group"' in page
    assert "Not so" in page


def test_somebody_nominated_books_through_their_own_link(town, site, path, answers):
    page = site.get(f"/n/{TOKEN}").text
    assert "Somebody you work with thought of you" in page
    assert f'action="/n/{TOKEN}"' in page
    assert f'action="{path}"' not in page
    answer = site.post(f"/n/{TOKEN}", data=answers)
    assert answer.status_code == 303
    assert town.bookings_service.asked[-1][:2] == ("POST", f"/n/{TOKEN}/acceptance")


def test_somebody_nominated_says_no_and_may_still_come(site, path):
    assert path
    answer = site.post(f"/n/{TOKEN}/refusal")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/n/{TOKEN}")
    page = site.get(f"/n/{TOKEN}").text
    assert "You said no, thank you." in page
    assert "Book my place" in page


def test_a_link_that_is_none_leads_nowhere(site):
    assert site.get("/n/another-token").status_code == 404
