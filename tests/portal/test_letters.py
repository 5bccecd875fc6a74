"""Letters that people ask for, choose, and stop, on pages without a log-in."""

import pytest

from portal.letters_stand_in import LINK, ONE_CLICK, reading

ASKED = {"email": "marian@example.org", "wording": "3", "list_bulletin": "yes", "source": "poster"}


def sent_to(town, method):
    return [asked for asked in town.notifications.asked if asked[0] == method]


def test_no_box_is_ticked_beforehand_and_the_words_are_there(town, site):
    reading(town)
    page = site.get("/subscribe?source=poster").text
    assert "may write to me until I say stop" in page
    assert "checked" not in page
    assert 'value="poster"' in page


def test_whoever_asks_is_told_to_look_for_a_letter(town, site):
    reading(town)
    answer = site.post("/subscribe", data={**ASKED, "topic_housing": "yes"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/subscribe/sent")
    assert "Check your e-mail" in site.get("/subscribe/sent").text
    [(_, _, body)] = sent_to(town, "POST")
    assert body == {
        "email": "marian@example.org",
        "lists": ["bulletin"],
        "topics": ["housing"],
        "words_version": 3,
        "source": "poster",
    }


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"email": "marian"}, "Enter your e-mail address, such as name@example.org"),
        ({"list_bulletin": None}, "Choose at least one kind of letter"),
    ],
)
def test_what_is_missing_is_said_and_nothing_sent(town, site, typed, words):
    reading(town)
    given = {name: value for name, value in {**ASKED, **typed}.items() if value is not None}
    answer = site.post("/subscribe", data=given)
    assert answer.status_code == 422
    assert words in answer.text
    assert sent_to(town, "POST") == []


def test_a_refusal_stands_beside_its_field_and_what_was_typed_stays(town, site):
    reading(town)
    wrong = {"pointer": "/email", "code": "value_error", "detail": "Give one e-mail address only."}
    town.refusal = (422, {"title": "Refused", "errors": [wrong]})
    answer = site.post("/subscribe", data={**ASKED, "email": "a@example.org, b@example.org"})
    assert answer.status_code == 422
    assert "Give one e-mail address only." in answer.text
    assert 'value="a@example.org, b@example.org"' in answer.text
    assert "checked" in answer.text


def test_confirming_is_one_button(town, site):
    lists = reading(town, bulletin="pending_confirmation")
    assert "Yes, send me these letters" in site.get(LINK).text
    assert lists["bulletin"] == "pending_confirmation"  # looking confirms nothing
    answer = site.post(LINK, data={"want": "confirm"})
    assert answer.status_code == 303
    assert lists["bulletin"] == "active"


def test_what_is_ticked_is_what_comes(town, site):
    lists = reading(town)
    page = site.get(LINK).text
    assert page.count("checked") == 2  # the bulletin, and surveys, to which nobody said no
    answer = site.post(LINK, data={"want": "save", "list_alerts": "yes", "topic_housing": "yes"})
    assert lists == {"bulletin": "unsubscribed", "alerts": "active", "surveys": "unsubscribed"}
    assert "Saved" in site.get(answer.headers["location"]).text


def test_one_press_stops_everything(town, site):
    lists = reading(town)
    site.post(LINK, data={"want": "nothing"})
    assert set(lists.values()) == {"unsubscribed"}


def test_a_mail_program_ends_a_list_without_a_page_and_a_reader_with_one(town, site):
    lists = reading(town)
    assert "Stop these letters?" in site.get(ONE_CLICK).text
    assert lists["bulletin"] == "active"
    for _ in range(2):
        answer = site.post(ONE_CLICK, content=b"List-Unsubscribe=One-Click")
        assert answer.status_code == 200
        assert "You do not get these letters" in answer.text
    assert lists["bulletin"] == "unsubscribed"


@pytest.mark.parametrize("path", ["/p/pdu-link-unknown", "/u/pdu-link-unknown"])
def test_a_wrong_link_is_answered_kindly(town, site, path):
    reading(town)
    assert site.get(path).status_code == 404
