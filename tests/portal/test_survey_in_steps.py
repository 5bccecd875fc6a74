"""A survey one question at a time: what was answered goes along, and is kept at the end only."""

import re

import pytest

from portal.every_page import looked
from portal.mine_stand_in import SURVEY, at_home
from portal.signing_in import signed_in
from portal.survey_stand_in import IN_THE_ROOM, LINK, OPEN, surveys_of

AGREED = {"consent_evaluation": "yes"}


@pytest.fixture(autouse=True)
def surveys(town):
    return surveys_of(town)


def hidden(page) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return dict(found)


def next_page(site, link, page, **typed):
    return site.post(f"{link}/steps", data={**hidden(page), "go": "on", **typed})


@pytest.mark.parametrize("link", [LINK, IN_THE_ROOM, OPEN])
def test_one_question_a_page_and_all_answers_at_the_end(surveys, site, link):
    assert f'href="{link}/steps"' in site.get(link).text
    page = next_page(site, link, site.get(f"{link}/steps"), **AGREED)
    answers = {
        1: {"option:core.confidence": "much_greater"},
        6: {"text:fu.action.what": "I wrote."},
    }
    for number, question in enumerate(surveys.questions, start=1):
        assert f"Question {number} of 6" in page.text
        assert page.text.count(question["wording"]) == 1
        assert surveys.answered == {}
        page = next_page(site, link, page, **answers.get(number, {}))
    assert "Nearly done" in page.text
    sent = site.post(link, data={**hidden(page), "sector": "voluntary"})
    assert sent.headers["location"] == f"{link}/thanks"
    assert surveys.answered[link] == {
        "consent": {"evaluation": True, "quote": False, "link": False},
        "sector": "voluntary",
        "answers": [
            {"question": "core.confidence", "options": ["much_greater"]},
            {"question": "fu.action.what", "text": "I wrote."},
        ],
    }


def test_no_question_is_asked_before_consent(surveys, site):
    refused = next_page(site, LINK, site.get(f"{LINK}/steps"))
    assert refused.status_code == 422
    assert "Tick the first box if we may use your answers" in refused.text
    assert surveys.questions[0]["wording"] not in refused.text


def test_whoever_goes_back_finds_what_they_answered_and_can_take_it_back(site):
    begun = next_page(site, LINK, site.get(f"{LINK}/steps"), **AGREED)
    chosen = {"option:core.confidence": "much_greater"}
    second = next_page(site, LINK, begun, **chosen)
    assert hidden(second) | chosen == hidden(second)
    first = next_page(site, LINK, second, go="back")
    assert re.search(r'value="much_greater" checked', first.text)
    third = next_page(site, LINK, next_page(site, LINK, first))  # nothing chosen any more
    assert "option:core.confidence" not in hidden(third)


def test_what_goes_along_is_text_and_only_fields_of_the_survey(site):
    nasty = '"><script>alert(1)</script>'
    along = {**AGREED, "at": "1", "go": "on", "text:fu.action.what": nasty, "else": "x"}
    page = site.post(f"{LINK}/steps", data=along)
    assert looked(page.text).harm == []
    assert "&lt;script&gt;" in page.text
    assert "else" not in hidden(page)


@pytest.mark.parametrize("at", ["-1", "99", "999999999999", "x", "\u0663"])
def test_a_page_that_is_not_there_is_the_first(site, at):
    assert "May we use" in site.post(f"{LINK}/steps", data={**AGREED, "at": at}).text


def test_somebody_who_has_signed_in_answers_so_too(town, site):
    at_home(town)
    signed_in(site, "member")
    link = f"/me/surveys/{SURVEY}"
    page = next_page(site, link, site.get(f"{link}/steps"), **AGREED)
    assert "Question 1 of" in page.text
    assert site.post(f"{link}/steps", data=AGREED).status_code != 200, "without its key"
