"""A survey in a real browser: with a mouse, with keys alone, without scripts, in bad moments."""

import pytest

from browser.axe import violations
from portal.survey_stand_in import INVITED, LINK

SEND = "Send my answers"


@pytest.fixture(autouse=True)
def _nothing_answered(surveys):
    surveys.answered.clear()
    surveys.refusal = None


def refuse_places(surveys) -> None:
    surveys.refuse(
        ("/consent/evaluation", "consent", "Please agree first."),
        ("/answers/1/ranks", "ranks", "Ranks are 1, 2, 3 and so on."),
    )


def test_an_invited_person_answers_corrects_and_is_thanked(surveys, open_page):
    page = open_page("phone", java_script_enabled=False)
    page.goto(LINK)
    page.get_by_label("I am much more confident").check()
    page.get_by_label("Knowledge and skills").select_option("2")
    page.get_by_label("Confidence in your work").select_option("2")
    page.get_by_label("What did you do?").fill("First.\nThen.")
    refuse_places(surveys)
    page.get_by_role("button", name=SEND).click()
    page.locator(".govuk-error-summary").wait_for()
    assert page.title().startswith("Error: ")
    wrong = page.get_by_role("link", name="More than one thing is number 2")
    assert wrong.get_attribute("href") == "#rank:ev.rank_impact:confidence"
    surveys.refusal = None
    page.get_by_label("Confidence in your work").select_option("1")
    page.get_by_label("Use my answers").check()
    page.get_by_role("button", name=SEND).click()
    page.get_by_role("heading", name="Thank you").wait_for()
    answers = {one["question"]: one for one in surveys.answered[LINK]["answers"]}
    assert answers["core.confidence"]["options"] == ["much_greater"]
    assert [one["rank"] for one in answers["ev.rank_impact"]["ranks"]] == [2, 1]
    assert answers["fu.action.what"]["text"] == "First.\nThen."
    page.reload()
    page.get_by_role("link", name="opens the survey again").click()
    assert page.get_by_role("heading", name="You have answered already").is_visible()


def test_somebody_answers_with_the_keyboard_alone(surveys, open_page):
    page = open_page()
    page.goto(LINK)

    def tab_to(wanted: str) -> None:
        for _ in range(60):
            if page.evaluate("(wanted) => document.activeElement.id === wanted", wanted):
                return
            page.keyboard.press("Tab")
        pytest.fail(f"{wanted} cannot be reached")

    def tab_to_words(wanted: str) -> None:
        for _ in range(60):
            if page.evaluate("document.activeElement.ariaLabel") == wanted:
                return
            page.keyboard.press("Tab")
        pytest.fail(f"{wanted} cannot be reached")

    tab_to("consent_evaluation")
    page.keyboard.press("Space")
    tab_to("option:core.confidence")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")  # round to the last: I leave this one out
    tab_to("option:core.lived_experience.value")
    page.keyboard.press("Space")
    tab_to("tick:fu.shared_with:managers")
    page.keyboard.press("Space")
    tab_to_words("Place next: Knowledge and skills")
    page.keyboard.press("Enter")
    tab_to("number:fu.colleagues")
    page.keyboard.type("12")
    tab_to("text:fu.action.what")
    page.keyboard.type("I wrote.")
    page.keyboard.press("Tab")
    tab_to("sector")
    page.keyboard.type("V")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == SEND
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Thank you").wait_for()
    assert surveys.answered[LINK] == {
        "consent": {"evaluation": True, "quote": False, "link": False},
        "sector": "voluntary",
        "answers": [
            {"question": "core.lived_experience.value", "options": ["a_great_deal"]},
            {"question": "fu.shared_with", "options": ["managers"]},
            {"question": "ev.rank_impact", "ranks": [{"option": "knowledge_skills", "rank": 1}]},
            {"question": "fu.colleagues", "number": 12},
            {"question": "fu.action.what", "text": "I wrote."},
        ],
    }


def test_things_are_put_in_order_by_buttons_and_every_move_is_told(surveys, open_page):
    page = open_page("narrow")
    page.goto(LINK)
    status = page.locator(".ranks [role=status]")

    def press(name: str, told: str) -> None:
        page.get_by_role("button", name=name).click()
        assert status.text_content() == told

    press("Place next: Confidence in your work", "Confidence in your work, now number 1 of 4")
    press("Place next: Policy and strategy", "Policy and strategy, now number 2 of 4")
    press("Place next: Knowledge and skills", "Knowledge and skills, now number 3 of 4")
    press("Move up: Knowledge and skills", "Knowledge and skills, now number 2 of 4")
    # Whoever pressed goes on from the row that moved.
    assert page.evaluate("document.activeElement.ariaLabel") == "Move up: Knowledge and skills"
    page.keyboard.press("Enter")
    assert status.text_content() == "Knowledge and skills, now number 1 of 4"
    assert page.evaluate("document.activeElement.closest('.moves') !== null")
    press("Take out: Policy and strategy", "Policy and strategy, not placed now")
    assert page.locator(".ranks label").all_inner_texts()[:2] == [
        "Knowledge and skills",
        "Confidence in your work",
    ]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("Use my answers").check()
    page.get_by_role("button", name=SEND).click()
    page.get_by_role("heading", name="Thank you").wait_for()
    [ranked] = surveys.answered[LINK]["answers"]
    assert {one["option"]: one["rank"] for one in ranked["ranks"]} == {
        "knowledge_skills": 1,
        "confidence": 2,
    }


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_typed_outlasts_a_service_that_is_away(surveys, town, open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    page.goto(LINK)
    page.get_by_label("Use my answers").check()
    page.get_by_label("What did you do?").fill('I said "no" & left.\n\n<Then> I came back.')
    with town.services["resources"].away():
        page.get_by_role("button", name=SEND).click()
        page.get_by_role("heading", name="Your answers are not sent yet").wait_for()
    page.get_by_role("button", name="Send my answers again").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    told = surveys.answered[LINK]["answers"][0]["text"]
    assert told == 'I said "no" & left.\n\n<Then> I came back.'


@pytest.mark.parametrize("way", ["light", "dark", "narrow"])
def test_axe_finds_nothing_in_a_form_with_errors_or_one_that_waits(surveys, town, open_page, way):
    page = open_page(way)
    page.goto(LINK)
    page.get_by_label("I am much more confident").check()
    page.get_by_role("button", name="Place next: Knowledge and skills").click()
    refuse_places(surveys)
    page.get_by_role("button", name=SEND).click()
    page.locator(".govuk-error-summary").wait_for()
    found = violations(page, only=None)
    page.wait_for_timeout(2100)  # a second press within two seconds is taken for a double press
    with town.services["resources"].away():
        page.get_by_role("button", name=SEND).click()
        page.get_by_role("heading", name="Your answers are not sent yet").wait_for()
    assert found + violations(page, only=None) == []


def test_a_link_that_is_followed_from_the_page_does_not_tell_the_address(open_page):
    page = open_page()
    told = []
    page.on("request", lambda request: told.append(request.all_headers().get("referer", "")))
    page.goto(LINK)
    page.locator(".site-nav a").first.click()
    page.get_by_role("heading", name="Hoarding: behind the door").wait_for()
    assert len(told) > 3
    assert not any(INVITED in address for address in told)


@pytest.mark.parametrize("scripts", [True, False])
def test_one_question_at_a_time_is_answered_with_the_keyboard_alone(surveys, open_page, scripts):
    page = open_page("phone", java_script_enabled=scripts)
    surveys.answered.clear()
    page.goto(LINK)
    page.get_by_role("link", name="One question at a time").press("Enter")
    page.get_by_label("You may use my answers to evaluate").press("Space")
    for number in range(len(surveys.questions)):
        page.get_by_role("button", name="Go on" if number else "Begin").press("Enter")
        page.get_by_role("heading", name=f"Question {number + 1} of 6").wait_for()
        if scripts:
            assert violations(page) == []
        if number == 0:
            page.get_by_label("I am much more confident").press("Space")
    page.get_by_role("button", name="Go on").press("Enter")
    page.get_by_role("heading", name="Nearly done").wait_for()
    page.get_by_role("button", name=SEND).press("Enter")
    page.get_by_role("heading", name="Thank you").wait_for()
    answers = [{"question": "core.confidence", "options": ["much_greater"]}]
    assert surveys.answered[LINK]["answers"] == answers
