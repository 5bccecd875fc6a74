"""Evaluators, the steering group, operators, ambassadors, experts and the data protection lead."""

import pytest

from portal.signing_in import signed_in_page


@pytest.fixture
def seen_by(open_page, address):
    """`seen_by("operator")`: a page of somebody who has signed in."""

    def opened(*roles: str, way: str = "light", **more: object):
        page = open_page(way, **more)
        signed_in_page(page, address, *roles)
        return page

    return opened


def test_an_evaluator_looks_at_a_figure_takes_it_along_and_sees_what_is_behind_it(seen_by):
    page = seen_by("evaluator")
    page.goto("/figures")
    assert page.locator("figure svg[role=img]").count() > 3
    page.get_by_label("Year", exact=True).select_option(label="Year 2")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/figures?project_year=y2*")
    page.get_by_role("link", name="How this is counted").first.click()
    page.get_by_text("How attendances are counted.").wait_for()
    with page.expect_download() as kept:
        page.get_by_role("link", name="A table (CSV)").click()
    assert kept.value.suggested_filename == "attendances.csv"
    page.get_by_role("link", name="The messages behind it").click()
    page.get_by_text("Attendance").first.wait_for()


def test_a_steering_member_sees_only_what_is_published_also_on_paper(seen_by):
    page = seen_by("steering_group")
    page.goto("/figures")
    assert page.get_by_text("940", exact=True).is_visible()
    assert page.get_by_text("947", exact=True).count() == 0
    assert page.locator(".hidden-cell").count() > 2
    page.emulate_media(media="print")
    assert not page.locator(".site-nav").is_visible()
    kept_whole = "getComputedStyle(document.querySelector('.figure')).breakInside"
    assert page.evaluate(kept_whole) == "avoid"


def test_charts_keep_their_marks_in_forced_colours(seen_by):
    page = seen_by("evaluator", forced_colors="active")
    page.goto("/figures?view=published")
    bar = page.locator(".chart .k1").first
    assert bar.evaluate("one => getComputedStyle(one).fill") == "rgb(20, 83, 63)"


def test_an_operator_lets_a_message_in_again_with_the_keyboard_alone(seen_by):
    page = seen_by("operator")
    page.goto("/operate/set-aside")
    before = page.get_by_role("button", name="Let it in again").count()
    for _ in range(60):
        if page.evaluate("document.activeElement.textContent").startswith("Let it in again"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("It is let in again").wait_for()
    assert page.get_by_role("button", name="Let it in again").count() == before - 1


@pytest.mark.parametrize("scripts", [True, False])
def test_an_ambassador_briefs_and_debriefs_on_a_phone(furnished_town, seen_by, scripts):
    page = seen_by("beneficiary_ambassador", way="phone", java_script_enabled=scripts)
    here = f"/taking-part/{furnished_town[1]['engagement_id']}"
    page.goto(f"{here}/briefing")
    page.get_by_role("button", name="Save the briefing").click()
    assert page.locator(".govuk-error-summary a").count() == 3
    for words in ("the event", "their part in it", "who will be there"):
        page.get_by_label(f"We talked about {words}").check()
    if scripts:
        page.wait_for_timeout(2100)  # a second press within two seconds is taken for a double press
    page.get_by_role("button", name="Save the briefing").click()
    page.wait_for_url(f"**{here}")
    page.goto(f"{here}/debrief")
    page.get_by_label("When did you ask?").fill("2026-10-15")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Thursday 15 October 2026").wait_for()
