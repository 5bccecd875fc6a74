"""Every letter as people read it: in Chromium, checked by axe, when narrow and in the dark."""

import re
import shutil
from html import unescape

import pytest

from notifications.conftest import a_copy
from notifications.told_every import every_letter, kinds
from pdu_notifications.wording import words
from pdu_shared.database import open_database
from pdu_shared.sealing import Sealer

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GROUND = "getComputedStyle(document.body).backgroundColor"
DARK = "rgb(23, 24, 26)"
LEAST = 5_000
"""Bytes: less is no picture of a letter."""
TAG = re.compile(r"<[a-z]\w*")
ZONE = re.compile(r"\((?:GMT|BST)\)")
CLOCK = re.compile(r"\b(?:\d{1,2}(?::\d\d)?(?:am|pm)|noon|midnight)\b")
PORTAL = "https://portal.example.org"
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
async def letters(empty_letters, house):
    """Kind and both forms of each letter."""
    sealer = Sealer(house.secrets.sealing_keys("notifications"))
    async with a_copy(house, empty_letters) as url, open_database(url, application="tests") as it:
        contents = await every_letter(it, sealer)
        told = " ".join(row["body"] for row in await it.pool.fetch("SELECT body FROM outbox"))
        people = await it.pool.fetch("SELECT DISTINCT person_id FROM letter")
        assert len(people) > len(kinds())
        assert [one for one in people if str(one["person_id"]) in told] == []
    return [
        (
            kind,
            words(
                content,
                greeting="Hello Amina Yusuf,",
                link=f"{PORTAL}/b/1{'a' * 60}",
                choose=f"{PORTAL}/p/1{'b' * 60}",
                portal=PORTAL,
            ),
        )
        for kind, content in contents
    ]


@pytest.fixture
async def page():
    """A page of one browser for all letters."""
    playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    async with playwright.async_playwright() as started:
        browser = await started.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield await browser.new_page()
        await browser.close()


async def test_every_letter_is_a_picture_that_everybody_can_read(letters, page):
    axe = pytest.importorskip("axe_playwright_python.async_playwright", reason="axe is missing")
    checker, found = axe.Axe(), []

    async def faults(kind, **options):
        answer = await checker.run(
            page, options={**options, "preload": False, "resultTypes": ["violations"]}
        )
        return [(kind, one["id"], one["nodes"][0]["html"]) for one in answer.response["violations"]]

    await page.set_viewport_size({"width": 320, "height": 640})
    seen = set()
    for kind, said in letters:
        await page.emulate_media(color_scheme="light")
        await page.set_content(said.html)
        if await page.evaluate(BEYOND) > 0:
            found.append((kind, "scrolls sideways", ""))
        # Of the same kind, or made of the same parts in the same order: axe would see nothing new.
        parts = tuple(TAG.findall(said.html))
        if {kind, parts} <= seen:
            continue
        seen |= {kind, parts}
        found += await faults(kind, runOnly=STANDARDS)
        light = await page.screenshot()
        await page.emulate_media(color_scheme="dark")
        found += await faults(kind, runOnly=["cat.color"])
        dark = await page.screenshot()
        if len(light) < LEAST or await page.evaluate(GROUND) != DARK or light == dark:
            found.append((kind, "is no picture of its own in the dark", ""))
    assert found == []


def test_every_kind_is_among_them(letters):
    assert {kind for kind, _ in letters} == kinds()


def test_both_forms_say_the_same_name_who_writes_and_give_the_zone_of_each_time(letters):
    for kind, said in letters:
        html = re.sub(r"<(style|title).*?</\1>", "", said.html, flags=re.DOTALL)
        shown = words_in(unescape(re.sub(r"<[^>]+>", " ", html)))
        assert words_in(said.text) - shown == set(), kind
        text = " ".join(said.text.split())
        assert "Practice Development Unit" in text, kind
        assert not CLOCK.search(text) or ZONE.search(text), kind


def words_in(text):
    return {word.rstrip(":.,") for word in text.split() if not word.startswith(("http", "--"))} - {
        ""
    }
