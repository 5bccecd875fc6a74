"""Members: a module that goes on elsewhere, a survey, a copy of everything, and being forgotten."""

import zipfile

from eventually import until
from pdu_shared.platform import SERVICES

MODULE = "tic-introduction"


async def test_a_member_goes_on_with_a_module_on_a_second_device(signed_in, somebody):
    at_work = await signed_in()
    await at_work.open(f"/learn/{MODULE}")
    await at_work.press("Begin, or go on where you stopped")
    first = await at_work.heading()
    await at_work.press("Next part")
    second = await at_work.heading()
    assert second != first

    on_the_bus = await somebody("phone")
    on_the_bus.email = at_work.email
    await on_the_bus.sign_in()
    await on_the_bus.open("/me")
    await on_the_bus.follow("Trauma informed care: a first look")
    assert await on_the_bus.heading() == second
    assert "Part 2 of" in await on_the_bus.said()


async def test_a_guest_places_some_things_and_leaves_the_others(somebody):
    guest = await somebody("phone", java_script_enabled=False)
    await guest.open("/surveys/evaluation")
    places = guest.page.locator(".ranks").first.locator("select")
    assert await places.count() > 3
    await places.nth(2).select_option("1")
    await places.nth(0).select_option("1")
    await guest.page.get_by_label("You may use my answers to evaluate").check()
    await guest.press("Send my answers")
    await guest.sees("More than one thing is number 1")
    await guest.page.locator(".ranks").first.locator("select").nth(0).select_option("2")
    await guest.again()
    await guest.press("Send my answers")
    await guest.sees("Thank you")


async def test_somebody_takes_a_copy_and_is_forgotten(town, signed_in, tmp_path):
    marian = await signed_in()
    await marian.open("/me/data")
    await marian.press("Make my copy")
    copy = marian.page.url

    async def is_ready():
        await marian.page.goto(copy)
        return "Your copy is ready" in await marian.said()

    await until(is_ready, within=60)
    async with marian.page.expect_download() as coming:
        await marian.page.get_by_role("button", name="Take my copy").click()
    await (await coming.value).save_as(tmp_path / "copy.zip")
    with zipfile.ZipFile(tmp_path / "copy.zip") as files:
        everything = b"".join(files.read(name) for name in files.namelist()).decode()
    assert marian.email in everything

    await marian.open("/me/data/forget")
    await marian.fill(words="forget me")
    await marian.press("Forget everything about me")
    await marian.sees("You asked to be forgotten")

    lead = await signed_in("data_protection_lead", name="Guy Gisborne")
    await lead.open("/requests")
    await lead.follow("To be forgotten")
    await lead.follow("Forget this person")
    await lead.press("Forget them")

    async def is_forgotten():
        return not [one for one in SERVICES if await town.mentions(one, marian.email)]

    await until(is_forgotten, within=60)
    await lead.page.reload()
    await lead.sees("Done")
