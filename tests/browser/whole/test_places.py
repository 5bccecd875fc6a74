"""Places, from a page to a letter and back: booked, given back, raced for, and offered."""

import asyncio

import pytest

import a


@pytest.fixture
def published(town, token):
    """`await published(…)`: the id of an event that anybody can book."""

    async def one(**details):
        coordinator = token("coordinator")
        event = await a.published_event(town.http["bookings"], coordinator, **details)
        return event["learning_event_id"]

    return one


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_visitor_books_and_cancels_by_the_letter(town, published, somebody, scripts):
    marian = await somebody("phone", java_script_enabled=scripts)
    await marian.book(await published(), "Marian Leaford", a.person()["email"])
    assert await marian.heading() == "You have a place"
    await marian.open(await town.link(marian.email, "^Your place at", "b"))
    await marian.press("Give my place back")
    assert await marian.heading() == "You have given your place back"
    await town.letter(marian.email, "^Cancelled")


async def test_two_race_for_the_last_place_and_the_other_takes_the_offer(town, published, somebody):
    event = await published(sessions=[a.session(capacity=1)])
    two = [await somebody("phone"), await somebody()]
    for name, one in zip(("Marian Leaford", "Allan Dale"), two, strict=True):
        await one.open(f"/events/{event}")
        await one.fill_in_who(name, a.person()["email"])
    await asyncio.gather(*(one.press("Book my place") for one in two))
    headings = {await one.heading(): one for one in two}
    assert set(headings) == {"You have a place", "You are on the waiting list"}
    first, other = headings["You have a place"], headings["You are on the waiting list"]
    assert "You are number 1" in await other.said()

    await first.open(await town.link(first.email, "^Your place at", "b"))
    await first.press("Give my place back")
    await other.open(await town.link(other.email, "^A place for you at", "b"))
    assert await other.heading() == "A place is free for you"
    await other.press("Yes, I would like the place")
    assert await other.heading() == "You have a place"
    await town.letter(other.email, "^Your place at")


async def test_a_manager_asks_a_colleague_who_says_yes(town, published, somebody, signed_in):
    event = await published(title="What is Housing First?")
    manager = await signed_in("manager", name="Marian Leaford")
    await manager.open("/our-team")
    await manager.page.locator(f"a[href='/our-team/{event}']").click()
    allan = await somebody("phone")
    allan.email = a.person()["email"]
    await manager.fill(name="Allan Dale", email=allan.email)
    await manager.press("Send the letter")
    await manager.sees("The letter is on its way")

    await allan.open(await town.link(allan.email, "^Would you like to come", "n"))
    await allan.fill_in_who("Allan Dale", allan.email)
    await allan.press("Book my place")
    await allan.sees("You have a place")
    await manager.open(f"/our-team/{event}")
    await manager.sees("You have asked 1 so far: 1 said yes")


async def test_a_booking_is_seen_on_the_board_as_it_happens(published, somebody):
    event, watching, marian = await published(), await somebody(), await somebody("phone")
    await watching.open("/live")
    rows = watching.page.locator(".talk tbody tr")
    newest = await rows.first.get_attribute("id")
    await watching.press("Show messages as they come")
    await marian.book(event, "Marian Leaford", a.person()["email"])
    await watching.page.locator(f".talk tbody tr:has(~ #{newest})").first.wait_for()
    await watching.sees("EventBooked")
    assert "Marian" not in await watching.page.locator(".talk").inner_text()
    await watching.press("Pause")


@pytest.mark.parametrize(
    ("service", "path", "rest"),
    [
        ("resources", "/library", "/events"),
        ("bookings", "/events", "/library"),
        ("notifications", "/bulletin", "/events"),
        ("reporting", "/figures", "/events"),
    ],
)
async def test_a_service_that_is_silent_takes_only_its_part_away(
    town, somebody, service, path, rest
):
    marian = await somebody("phone")
    with town.silent(service):
        await marian.page.goto(path)
        assert "just now" in await marian.said()
        assert "Traceback" not in await marian.said()
        await marian.open(rest)
    await marian.open(path)


async def test_what_was_typed_outlasts_a_booking_desk_that_is_silent(town, published, somebody):
    event, marian = await published(), await somebody("phone")
    await marian.open(f"/events/{event}")
    await marian.fill_in_who("Marian Leaford", a.person()["email"])
    with town.silent("bookings"):
        await marian.press("Book my place")
        await marian.sees("just now")
        assert await marian.page.get_by_label("Your name", exact=True).input_value()
    await marian.again()
    await marian.press("Book my place")
    await marian.sees("You have a place")
