"""A real Chromium before a portal with stand-ins behind it; skipped where there is none."""

from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest

from browser.chromium import CHROMIUM, FLAGS, WAYS
from portal.certificate_stand_in import certificate_of
from portal.community_stand_in import belonging
from portal.hub_stand_in import opened
from portal.letters_stand_in import reading
from portal.library_stand_in import shelved
from portal.manager_stand_in import hearing
from portal.speaker_stand_in import invited
from portal.stand_in import Town, open_portal, town
from portal.survey_stand_in import Surveys, surveys_of


# Not for the whole session: while it is open it keeps an event loop running in this thread, which
# the asynchronous tests of other modules could not bear.
@pytest.fixture(scope="module")
def chromium():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module", name="town")
def _town() -> Town:
    """A town with three events, two invitations, a story that has ended and one that has not."""
    it = town()
    it.announce()
    it.announce("What makes a good hostel?", places_left=0, waiting=4, place="Sycamore Centre")
    belonging(it, "invited")
    reading(it)
    shelved(it)
    opened(it)
    invited(it)
    it.announce("Community of Practice: Housing First", kind="cop_session", level="any_level")
    for entry in it.journal:
        for service in ("resources", "notifications"):
            it.deal(service, entry["message"]["id"])
    parked = it.say("bookings", "EventBooked", data={"sector": "voluntary"})
    it.deal("notifications", parked, state="parked")
    it.say("bookings", "EventBooked", data={"sector": "statutory"})
    certificate_of(it)
    hearing(it)
    return it


@pytest.fixture(scope="module", autouse=True)
def surveys(town: Town) -> Surveys:
    it = surveys_of(town)
    it.learning_event_id = next(iter(town.events))
    return it


@pytest.fixture(scope="module")
def address(town: Town) -> Iterator[str]:
    with open_portal(town, demo=True, postbox_url="http://127.0.0.1:8025") as opened:
        yield opened


@pytest.fixture(scope="module")
def contexts() -> dict:
    """Those that rest, by how they were opened: a window of its own is dear, a new page is not."""
    return defaultdict(list)


@pytest.fixture
def open_page(chromium, address, contexts) -> Iterator[Callable]:
    """`open_page("dark")`: a page that fails its test if the console complains.

    Each has cookies and a store of its own, which nobody has used before.
    """
    used, complaints = [], []

    def opened(way: str = "light", **more: object):
        resting = contexts[way, *sorted(more.items())]
        context = (
            resting.pop()
            if resting
            else chromium.new_context(base_url=address, **WAYS[way], **more)
        )
        used.append((resting, context))
        before, page = context.pages, context.new_page()
        for one in before:
            one.close()
        page.on("console", lambda line: _listen(line, complaints))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for resting, context in used:
        _empty(context, address)
        resting.append(context)
    assert complaints == []


def _empty(context, address: str) -> None:
    # The last page stays open: without it the window would close.
    page = context.pages[-1]
    page.goto("about:blank")
    context.set_offline(False)
    context.clear_cookies()
    told = context.new_cdp_session(page)
    told.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "all"})
    told.detach()


def _listen(line, complaints: list[str]) -> None:
    # Chromium reports every page that is not 200, and a line that was cut; both are on purpose.
    meant = ("server responded with a status", "net::ERR_INTERNET_DISCONNECTED")
    if line.type in {"error", "warning"} and not any(one in line.text for one in meant):
        complaints.append(line.text)
