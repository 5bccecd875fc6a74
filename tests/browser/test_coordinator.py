"""The desk in a real browser: a phone at the door with the line cut, and two people's bulletin."""

from collections import defaultdict

import pytest

from portal.coordinator_stand_in import Work, pages, working
from portal.signing_in import signed_in_page
from portal.stand_in import open_portal, town


@pytest.fixture(scope="module", name="work")
def _work() -> Work:
    return working(town())


@pytest.fixture(scope="module")
def address(work):
    with open_portal(work.town) as opened:
        yield opened


@pytest.fixture
def contexts():
    """None rests: a service worker of the desk keeps pages where nobody can empty it."""
    return defaultdict(list)


@pytest.fixture
def robin(open_page, address):
    """A page of somebody who coordinates."""

    def opened(way="light", **more):
        page = open_page(way, **more)
        signed_in_page(page, address, "coordinator", "member")
        return page

    return opened


def until_it_is(page, promised):
    """Wait for what a promise brings; `wait_for_function` takes the promise itself for true."""
    for _ in range(200):
        if page.evaluate(promised):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never: {promised}")


def tap(page, name, words):
    page.get_by_role("group", name=name).get_by_text(words, exact=True).click()


def test_a_coordinator_copies_publishes_and_keeps_the_register_with_the_line_cut(work, robin):
    page = robin("phone")
    page.goto(work.address)
    page.get_by_text("Copy it to another day").click()
    page.get_by_label("Day of the copy").fill("2027-02-01")
    page.get_by_role("button", name="Copy as a draft").click()
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("button", name="Open the register").wait_for()

    page.goto(work.register_address)

    def told(words):
        page.locator("#saved", has_text=words).wait_for()

    tap(page, "Ada Marsh", "Here")
    told("Saved")
    assert work.marks[work.booking("Ada Marsh")] == "present"

    page.context.set_offline(True)
    tap(page, "Ben Okafor", "Part")
    tap(page, "Carys Lowe", "Told us")
    page.get_by_text("Add somebody who just came").click()
    page.get_by_label("Area").select_option(label="Nottingham")
    page.get_by_role("button", name="Add", exact=True).click()
    told("3 entries wait on this phone")
    assert work.marks[work.booking("Ben Okafor")] is None

    # The page is closed; what waits is still there when it is opened again.
    page.context.set_offline(False)
    page.goto(work.register_address)
    told("Saved")
    page.reload()
    assert work.marks[work.booking("Ben Okafor")] == "partial"
    assert work.marks[work.booking("Carys Lowe")] == "absent_apologies"
    assert [one["state"] for one in work.walked_in] == ["present"]
    assert page.evaluate("localStorage.length") == 0
    assert page.locator("#here").inner_text() == "3 here"


def test_without_scripts_one_button_saves_the_register(work, robin):
    page = robin("phone", java_script_enabled=False)
    page.goto(work.register_address)
    tap(page, "Carys Lowe", "Not here")
    page.get_by_role("button", name="Save register").click()
    page.wait_for_url("**#saved")

    assert work.marks[work.booking("Carys Lowe")] == "absent_no_show"


def test_one_person_writes_the_bulletin_and_another_approves_it(work, robin):
    page = robin()
    page.goto("/coordinate/bulletins")
    page.get_by_role("link", name="Winter").click()
    page.get_by_label("Local news").fill("Warm rooms are open until ten.")
    page.get_by_role("button", name="Save, and look at it").click()
    page.wait_for_url("**#preview")
    page.get_by_role("button", name="Ask somebody else to read it").click()
    page.get_by_text("Waits for a second pair of eyes").wait_for()

    second = robin()
    second.goto("/coordinate/bulletins/winter")
    assert second.get_by_label("Local news").count() == 0
    second.get_by_role("button", name="Approve it").click()
    second.get_by_text("Approved", exact=True).wait_for()
    assert work.issue["texts"]["local_news"] == "Warm rooms are open until ten."


@pytest.mark.parametrize("opened", ["event", "today"])
def test_a_register_that_was_never_opened_opens_without_a_line_and_keeps_what_is_tapped(
    chromium, opened
):
    work = working(town())
    with open_portal(work.town) as address:
        port = int(address.rpartition(":")[2])
        page = chromium.new_context(base_url=address).new_page()
        signed_in_page(page, address, "coordinator", "member")
        page.goto(pages(work)[opened])
        kept = f"caches.match('{work.register_address}').then((one) => one !== undefined)"
        until_it_is(page, kept)
        # It may keep pages before it may show them.
        worker = "navigator.serviceWorker.getRegistration('/coordinate/')"
        until_it_is(page, f"{worker}.then((one) => one?.active?.state === 'activated')")
    page.context.set_offline(True)
    page.goto(work.register_address)
    tap(page, "Ada Marsh", "Here")
    page.locator("#saved", has_text="1 entry waits on this phone").wait_for()
    assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--ink')"), "its looks"
    assert work.marks[work.booking("Ada Marsh")] is None
    page.context.set_offline(False)
    with open_portal(work.town, port=port):
        page.locator("#saved", has_text="Saved").wait_for()
        assert work.marks[work.booking("Ada Marsh")] == "present"
        # Whoever signs out leaves no names on the device.
        page.goto("/signed-out")
        until_it_is(page, "caches.keys().then((all) => all.length === 0)")
    page.context.close()


def test_a_register_that_is_not_for_them_any_more_is_not_kept(chromium):
    work = working(town())
    with open_portal(work.town) as address:
        page = chromium.new_context(base_url=address).new_page()
        signed_in_page(page, address, "coordinator", "member")
        page.goto(work.address)
        kept = f"caches.match('{work.register_address}').then((one) => one !== undefined)"
        until_it_is(page, kept)
        signed_in_page(page, address, "member")
        page.goto(work.register_address)
        until_it_is(page, kept.replace("!==", "==="))
        page.context.close()


def test_the_scripts_of_a_register_are_small(work, robin):
    page, taken = robin(), []
    page.on("response", lambda one: taken.append(one) if one.url.endswith(".js") else None)
    page.goto(work.register_address, wait_until="networkidle")
    assert len(taken) == 2
    assert sum(len(one.body()) for one in taken) <= 6000
