"""A member, at the real portal before the real services, on a browser without scripts."""

import pytest

import a
import communities
import lessons
from journeys.the_portal import a_browser, a_town, heading, press, sign_in
from signing_in import member

AWAY = ("cannot be shown just now", "does not answer just now", "This page did not work")


@pytest.fixture
async def town(house, resources_http, resources_database, token):
    also = ("bookings", "notifications")
    async with a_town(house, resources_http, resources_database, token, *also) as opened:
        yield opened


@pytest.fixture
async def browser():
    async with a_browser() as opened:
        yield opened


async def see(browser, town, path):
    """A page on which everything is there."""
    page = await browser.get(f"{town.portal}{path}")
    assert page.status_code == 200, (path, page.text)
    assert [words for words in AWAY if words in page.text] == [], path
    return page


async def test_a_member_does_all_that_is_theirs(  # noqa: PLR0913, PLR0917
    town, browser, resources_http, resources_database, bookings_http, token
):
    group = await communities.formed(bookings_http, token)
    module = await lessons.published(resources_http, token("coordinator"))
    email = await member(resources_http, name="Marian Leaford")
    page = await sign_in(browser, town, resources_database, email)
    assert heading(page) == "Hello Marian Leaford"
    for path in ("/me", "/me/data", "/me/certificates", "/tasks", "/communities", "/events"):
        await see(browser, town, path)

    page = await see(browser, town, "/me/profile")
    page = await press(browser, page, "Save my details", name="Marian Fitzwalter")
    assert 'value="Marian Fitzwalter"' in page.text
    stale = await see(browser, town, "/me/profile")
    await press(browser, stale, "Save my details", name="Marian Leaford")
    page = await press(browser, stale, "Save my details", name="Somebody Else")
    assert "changed on another page meanwhile" in page.text

    page = await see(browser, town, "/me/letters")
    page = await press(browser, page, "Save", want="save", list_bulletin="yes")
    assert "Saved. It counts from now on" in page.text

    page = await see(browser, town, "/me/notes")
    page = await press(browser, page, "Keep this note", text="A note\nof two <lines>")
    assert "A note\nof two &lt;lines&gt;" in page.text

    page = await see(browser, town, f"/communities/{group}")
    page = await press(browser, page, "Join this community")
    assert "You belong to this community" in page.text

    page = await see(browser, town, f"/learn/{module}")
    page = await press(browser, page, "Begin, or go on")
    page = await press(browser, page, "See what it might do", chosen="a")
    assert "There is no mark." in page.text
    page = await press(browser, page, "Next part")
    assert str((await browser.get(f"{town.portal}/learn/{module}/resume")).url).endswith("/2")
    page = await press(browser, page, "Finish")
    page = await press(browser, page, "Make my certificate", show_name="yes")
    assert "made out to Marian Leaford" in page.text
    paper = await browser.get(f"{town.portal}/me/certificates/{module}.pdf")
    assert paper.content.startswith(b"%PDF")
    assert module in (await see(browser, town, "/me/certificates")).text

    page = await press(browser, await see(browser, town, "/me/data"), "Make my copy")
    assert heading(page) == "Your copy is being made"

    page = await see(browser, town, "/me/data/close")
    page = await press(browser, page, "Close my account", words="close my account")
    assert heading(page) == "Your account is closed"
    assert "You are signed in" not in (await see(browser, town, "/about")).text


async def test_a_visitor_takes_part_without_an_account(town, browser, bookings_http, token):
    page = await see(browser, town, "/suggest")
    page = await press(browser, page, "Send my suggestion", text="Dogs in hostels")
    assert heading(page) == "We have your suggestion"

    page = await see(browser, town, "/speak")
    typed = {"name": "Tuck Fryer", "email": a.person()["email"], "role": "speaker"}
    page = await press(browser, page, "Send my offer", offer="How to listen.", **typed)
    assert heading(page) == "Thank you for your offer"

    event = await published(bookings_http, token)
    assert event in (await see(browser, town, "/events")).text
    calendar = await browser.get(f"{town.portal}/events/{event}.ics")
    assert calendar.text.startswith("BEGIN:VCALENDAR")
    page = await see(browser, town, f"/events/{event}/book-team")
    team = {
        "name_1": "Marian Leaford",
        "email_1": a.person()["email"],
        "name_2": "Allan Dale",
        "email_2": a.person()["email"],
        **{name: a.person()[name] for name in ("sector", "work_field", "role_level", "area")},
    }
    page = await press(browser, page, "Book for my team", **team)
    assert page.text.count("Has a place.") == 2


async def published(http, token):
    """The id of an event that anybody can book."""
    answer = await http.post(
        "/learning-events",
        json=a.learning_event(sessions=[a.session()], publish=True),
        headers={**token("coordinator"), **a.key()},
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["learning_event_id"]
