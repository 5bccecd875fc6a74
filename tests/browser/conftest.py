"""A real Chromium before a portal with stand-ins behind it; skipped where there is none."""

import shutil
from collections.abc import Callable, Iterator

import pytest

from portal.certificate_stand_in import certificate_of
from portal.community_stand_in import belonging
from portal.hub_stand_in import opened
from portal.letters_stand_in import reading
from portal.library_stand_in import shelved
from portal.speaker_stand_in import invited
from portal.stand_in import Town, open_portal, town
from portal.survey_stand_in import Surveys, surveys_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WAYS = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "narrow": {"viewport": {"width": 320, "height": 640}},
}


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


@pytest.fixture
def open_page(chromium, address) -> Iterator[Callable]:
    """`open_page("dark")`: a page that fails its test if the console complains."""
    contexts, complaints = [], []

    def opened(way: str = "light", **more: object):
        context = chromium.new_context(base_url=address, **WAYS[way], **more)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda line: _listen(line, complaints))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _listen(line, complaints: list[str]) -> None:
    # Chromium reports every page that is not 200; ours say 404, 422 and 503 on purpose.
    if line.type in {"error", "warning"} and "server responded with a status" not in line.text:
        complaints.append(line.text)
