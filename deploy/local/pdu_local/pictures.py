"""`./pdu pictures`: pictures of the main pages, taken of the demonstration that runs here."""

import base64
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pdu_local.demo import cast
from pdu_local.demo.ledger import Ledger
from pdu_local.demo.stage import clock
from pdu_local.failure import UNAVAILABLE, Failure
from pdu_local.keys import Keys
from pdu_local.paths import State
from pdu_local.place import running_place
from pdu_local.programs import PORTAL, Place
from pdu_local.secret_files import COOKIE_KEY, PERSON_KEY, PLATFORM, issuer_keys
from pdu_shared.issuer_keys import signing_key

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WHERE = Path("docs/pictures")
LARGEST = 150_000
QUALITIES = (0.86, 0.75, 0.6)
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
WAYS: dict[str, dict[str, Any]] = {
    "": {"viewport": {"width": 1200, "height": 860}},
    "dark": {"viewport": {"width": 1200, "height": 860}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 800}, "device_scale_factor": 1.5},
}
SMALLER = """
([png, quality]) => new Promise((tell) => {
    const picture = new Image();
    picture.onload = () => {
        const canvas = document.createElement("canvas");
        canvas.width = picture.width;
        canvas.height = picture.height;
        canvas.getContext("2d").drawImage(picture, 0, 0);
        tell(canvas.toDataURL("image/webp", quality).split(",")[1]);
    };
    picture.src = "data:image/png;base64," + png;
})
"""
"""The browser that draws the pages also makes their pictures small."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A page, as whom it is looked at, and in which ways."""

    name: str
    path: str
    who: str | None = None
    ways: tuple[str, ...] = ("",)


def pictures() -> list[Path]:
    """Take all of them; the files. Failure without a demonstration, or without a browser."""
    place = running_place()
    shots = shots_of(place.state)
    WHERE.mkdir(parents=True, exist_ok=True)
    return list(_taken(place, shots))


def shots_of(state: State) -> list[Shot]:
    """What there is to be taken. Failure where the demonstration is not there, or not whole."""
    if not state.demo_ledger.exists():
        raise Failure("There is no demonstration here.", "Start it: ./pdu up --demo")
    try:
        return list(_shots(Ledger(state.demo_ledger, clock())))
    except KeyError as missing:
        raise Failure(
            f"The demonstration is not whole yet: {missing} is missing.", "Try again in a minute."
        ) from None


def _shots(ledger: Ledger) -> Iterator[Shot]:
    event = ledger["hoarding.publish"]["learning_event_id"]
    full = ledger["hostel.publish"]["learning_event_id"]
    today = ledger["today.publish"]
    door = f"/coordinate/events/{today['learning_event_id']}/register"
    yield Shot("home", "/", ways=("", "dark", "phone"))
    yield Shot("event", f"/events/{event}", ways=("", "phone"))
    yield Shot("library", "/library?q=welcome")
    yield Shot("learn", "/learn")
    yield Shot("impact", "/impact", ways=("dark",))
    yield Shot("my-activity", "/me", "marian", ("phone",))
    yield Shot("today", "/coordinate", "robin", ("", "dark"))
    yield Shot("manage-event", f"/coordinate/events/{full}", "robin")
    yield Shot("register", f"{door}/{today['sessions'][0]['session_id']}", "robin", ("phone",))
    yield Shot("bulletin", "/coordinate/bulletins/winter", "robin")


def _taken(place: Place, shots: list[Shot]) -> Iterator[Path]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise Failure("Playwright is not installed.", "It comes with: ./pdu lint") from None
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        raise Failure(
            "There is no Chromium on this machine.",
            "apt-get install chromium",
            code=UNAVAILABLE,
        )
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=list(FLAGS))
        for shot in shots:
            for way in shot.ways:
                yield _take(browser, place, shot, way)
        browser.close()


def _take(browser: "Browser", place: Place, shot: Shot, way: str) -> Path:
    context = browser.new_context(base_url=place.url(PORTAL), **WAYS[way])
    if shot.who:
        context.add_cookies([_cookie(place, shot.who)])
    page = context.new_page()
    answer = page.goto(shot.path, wait_until="networkidle")
    if answer is None or not answer.ok:
        raise Failure(f"{shot.path} was not shown.", "See: ./pdu logs portal")
    content = _small(page, page.screenshot())
    file = WHERE / f"{'-'.join(filter(None, (shot.name, way)))}.webp"
    file.write_bytes(content)
    context.close()
    return file


def _small(page: "Page", png: bytes) -> bytes:
    blank = page.context.new_page()
    given = base64.b64encode(png).decode()
    for quality in QUALITIES:
        made: str = blank.evaluate(SMALLER, [given, quality])
        content = base64.b64decode(made)
        if len(content) <= LARGEST:
            break
    return content


def _cookie(place: Place, who: str) -> Any:  # noqa: ANN401 - as Playwright takes it
    """What the browser of somebody who has signed in keeps; the launcher has the keys for it."""
    from starlette.responses import Response

    from pdu_portal.jar import Jar
    from pdu_portal.viewer import Viewer

    keys = Keys(place.state.secrets)
    person_key = keys.file(PLATFORM, PERSON_KEY).read_bytes().strip()
    actors = cast.Cast(signing_key(issuer_keys(place.state.secrets)), person_key)
    token, until = actors.token(who), int(time.time()) + 600
    person = cast.people()[who]
    viewer = Viewer(
        session_id=str(UUID(int=1)),
        person_id=str(actors.person(who)),
        name=person["name"],
        roles=frozenset({"member", *person["roles"]}),
        until=until,
        token=token,
        token_until=until,
        refresh="",
    )
    answer = Response()
    jar = Jar(keys.file(PORTAL, COOKIE_KEY).read_text().strip(), secure=False)
    jar.keep(answer, viewer)
    value = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
    return {"name": jar.viewer_cookie, "value": value, "url": place.url(PORTAL)}
