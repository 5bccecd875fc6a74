"""What people do with the pages, in a real browser: with a mouse, keys alone, without scripts."""

import re

import pytest

PERSON = {"Your name": "Marian Leaford", "Your email address": "marian@greenwood.example.org"}
CHOSEN = {
    "What is your work mostly about?": "Mental health",
    "What is your role?": "Other",
    "Where do you work?": "Nottingham",
}


def fill(page) -> None:
    for label, typed in PERSON.items():
        page.get_by_label(label, exact=True).fill(typed)
    page.get_by_label("Voluntary and community").check()
    for label, choice in CHOSEN.items():
        page.get_by_label(label).select_option(label=choice)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_visitor_books_from_the_front_page(open_page, scripts):
    page = open_page("phone", java_script_enabled=scripts)
    page.goto("/")
    page.get_by_role("link", name="Hoarding: behind the door").click()
    page.get_by_role("button", name="Book my place").click()
    assert page.locator(".govuk-error-summary a").count() == 6
    fill(page)
    page.wait_for_timeout(2100)  # a second press within two seconds is taken for a double press
    page.get_by_role("button", name="Book my place").click()
    page.wait_for_url(re.compile("/booked/"))
    assert page.locator("h1").inner_text() == "You have a place"
    assert page.get_by_text("EventBooked").count() == 1
    page.reload()
    assert page.locator("h1").inner_text() == "You have a place"


def test_an_error_takes_the_focus_and_leads_to_its_field(open_page):
    page = open_page()
    page.goto("/")
    page.get_by_role("link", name="Hoarding: behind the door").click()
    page.get_by_role("button", name="Book my place").click()
    page.locator(".govuk-error-summary").wait_for()
    assert page.title().startswith("Error: ")
    assert "govuk-error-summary" in page.evaluate("document.activeElement.className")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "name"


def test_somebody_books_with_the_keyboard_alone(open_page):
    page = open_page()
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"

    def tab_to(wanted: str) -> None:
        for _ in range(60):
            if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
                return
            page.keyboard.press("Tab")
        pytest.fail(f"{wanted} cannot be reached")

    tab_to(".event h3 a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/events/"))
    for field, typed in (("name", "Marian Leaford"), ("email", "marian@greenwood.example.org")):
        tab_to(f"#{field}")
        page.keyboard.type(typed)
    tab_to("#sector")
    page.keyboard.press("Space")
    for field, letter in (("work_field", "M"), ("role_level", "O"), ("area", "N")):
        tab_to(f"#{field}")
        page.keyboard.type(letter)
    tab_to("form button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/booked/"))


def test_a_double_press_books_once(town, open_page):
    page = open_page()
    page.goto(f"/events/{next(iter(town.events))}")
    fill(page)
    before = len(town.bookings)
    page.get_by_role("button", name="Book my place").dblclick()
    page.wait_for_url(re.compile("/booked/"))
    assert len(town.bookings) == before + 1


def test_the_board_fills_when_asked_and_stops_when_asked(town, open_page):
    page = open_page()
    page.goto("/live")
    rows = page.locator(".talk tbody tr")
    before = rows.count()
    quiet = town.say("bookings", "EventBooked")
    page.wait_for_timeout(800)
    assert rows.count() == before  # nothing moves by itself
    page.get_by_role("button", name="Show messages as they come").click()
    row = page.locator(f"#m-{quiet}")
    row.wait_for()
    assert row.locator(".wait").count() == 1
    town.deal("notifications", quiet, after=63)
    row.get_by_text("63 ms").wait_for()
    assert row.locator(".wait").count() == 0
    assert rows.first.get_attribute("id") == f"m-{quiet}"
    page.get_by_role("button", name="Pause").click()
    unseen = town.say("bookings", "EventBooked")
    page.wait_for_timeout(800)
    assert page.locator(f"#m-{unseen}").count() == 0
    page.get_by_role("link", name="Show the latest").click()
    page.locator(f"#m-{unseen}").wait_for()


def test_without_scripts_the_board_shows_the_latest_by_loading_again(town, open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/live")
    assert not page.locator("#live-switch").is_visible()
    message_id = town.say("bookings", "EventBooked")
    page.wait_for_timeout(300)
    page.get_by_role("link", name="Show the latest").click()
    assert page.locator(f"#m-{message_id}").is_visible()


def test_a_service_that_goes_away_is_seen_on_the_board_and_comes_back(town, open_page):
    page = open_page()
    page.goto("/")
    page.get_by_role("button", name="Show messages as they come").click()
    with town.services["notifications"].away():
        page.get_by_text("Notifications is away").wait_for(timeout=8_000)
        late = town.say("bookings", "EventBooked")
        page.locator(f"#m-{late} .wait").wait_for(timeout=8_000)
    town.deal("notifications", late, after=3_100)
    page.locator(f"#m-{late}").get_by_text("3.1 s").wait_for(timeout=10_000)
    page.get_by_text("Notifications answers").wait_for(timeout=8_000)


def test_a_place_is_given_back_by_the_link_in_the_letter(open_page):
    page = open_page("phone")
    page.goto("/b/pdu-link-4K792MXYZ")
    page.get_by_role("button", name="Give my place back").click()
    page.get_by_role("heading", name="You have given your place back").wait_for()
    page.reload()
    assert page.get_by_role("button").count() == 0
