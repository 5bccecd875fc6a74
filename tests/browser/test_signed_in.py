"""What members and convenors do, in a real browser: a journey each."""

import re

import pytest

from browser.axe import BEYOND, NARROW, violations
from pdu_local.demo.film import film
from pdu_local.demo.stage import SAID
from portal.mine_stand_in import at_home
from portal.signing_in import signed_in_page
from portal.study_stand_in import MODULE, studying
from portal.taking_part_stand_in import KEY, taking_part


@pytest.fixture(scope="module")
def study(town):
    at_home(town)
    taking_part(town)
    return studying(town)


@pytest.fixture
def member_page(open_page, address, study):
    """`member_page("narrow", "cop_convenor")`: a page of somebody who has signed in."""
    study.page = study.page or 1

    def opened(way="light", *roles, **more):
        page = open_page(way, **more)
        signed_in_page(page, address, "member", *roles)
        return page

    return opened


def test_a_member_learns_without_scripts_and_signs_out(member_page, study):
    page = member_page("phone", java_script_enabled=False)
    study.page, study.completed = None, False
    page.goto("/me")
    page.get_by_role("link", name="Trauma informed care").click()
    page.get_by_role("button", name="Begin, or go on").click()
    page.get_by_label("Answer b").nth(0).check()
    page.get_by_role("button", name="See what it might do").first.click()
    page.get_by_text("About b.").wait_for()
    for _ in range(2):
        page.get_by_role("button", name="Next part").click()
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("button", name="Make my certificate").click()
    page.get_by_text("KM-4F7").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="You are signed out").wait_for()
    assert page.context.cookies() == []
    study.page, study.completed = 1, False


def test_a_convenor_joins_sees_the_group_and_leaves(member_page):
    page = member_page("light", "cop_convenor")
    page.goto(f"/communities/{KEY}")
    assert page.get_by_role("heading", name="This group").is_visible()
    page.get_by_role("button", name="Join this community").click()
    page.get_by_role("heading", name="You belong to this community").wait_for()
    page.get_by_role("button", name="Leave this community").click()
    page.get_by_role("button", name="Join this community").wait_for()


def test_somebody_uses_a_module_with_the_keyboard_alone(member_page, study):
    page = member_page()
    study.page, study.answers = 1, {}
    page.goto(f"/learn/{MODULE}/1")

    def tab_to(wanted):
        for _ in range(60):
            if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
                return
            page.keyboard.press("Tab")
        pytest.fail(f"{wanted} cannot be reached")

    tab_to("#chosen-first")
    page.keyboard.press("Space")
    tab_to("form button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#question-first"))
    assert page.get_by_text("About a.").is_visible()


def test_being_forgotten_takes_a_page_words_and_a_press(town, member_page):
    page = member_page()
    page.goto("/me/data")
    page.get_by_role("link", name="Forget everything about me").click()
    page.get_by_role("button", name="Forget everything about me").click()
    page.locator(".govuk-error-summary").wait_for()
    asked = town.resources.asked
    assert not [path for how, path, _ in asked if (how, path) == ("POST", "/rights-requests")]
    page.get_by_label("type: forget me").fill("forget me")
    page.wait_for_timeout(2100)  # a second press within two seconds is taken for a double press
    page.get_by_role("button", name="Forget everything about me").click()
    page.wait_for_url(re.compile("/me/data/requests/"))


def test_a_recording_plays_with_its_captions_on(member_page):
    page = member_page("phone", bypass_csp=True)  # waiting for it asks the page
    words = (SAID / "recording-cuckooing.vtt").read_bytes()
    page.route("**/film-777777", lambda it: it.fulfill(content_type="video/mp4", body=film()))
    page.route("**/words-777777", lambda it: it.fulfill(content_type="text/vtt", body=words))
    page.goto("/recordings/cuckooing")
    page.get_by_role("button", name="Show the recording").click()
    page.wait_for_function("document.querySelector('video').readyState >= 1")
    page.wait_for_function("document.querySelector('track').readyState == 2")
    shown = page.locator("video").evaluate(
        "(it) => [it.duration, it.textTracks[0].mode, it.textTracks[0].cues.length, it.paused]"
    )
    assert shown == [40, "showing", 7, True]
    assert violations(page) == []
    page.set_viewport_size(NARROW)
    assert page.evaluate(BEYOND) <= 0
