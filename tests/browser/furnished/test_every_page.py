"""Every page, whoever added it: for a screen reader, a phone, paper and whoever has no mouse."""

from collections import defaultdict

import httpx
import pytest

from browser.axe import BEYOND, LARGE, NARROW, WIDE, too_wide, violations
from browser.looks import CUT, in_forced_colours, on_paper, out_of_order, without_a_mouse
from portal.every_page import address as address_of
from portal.every_page import every_role, routes
from portal.signing_in import signed_in, signed_in_page

PHONE = {"width": 390, "height": 844}
FILES = (".csv", ".ics", ".js", "/static/", "/media/", "/livez", "/readyz", "/files/")


@pytest.fixture(scope="module")
def pages(furnished_town, address) -> dict[str, list[str]]:
    """The pages that everybody sees, and those for whoever has signed in."""
    found, seen = defaultdict(list), set()
    every = [address_of(route.path, furnished_town[1]) for route in routes("GET")]
    for who in ("everybody", "somebody"):
        with httpx.Client(base_url=address, timeout=30) as site:
            if who == "somebody":
                signed_in(site, *every_role())
            for path in every:
                if path in seen or any(part in path for part in FILES):
                    continue
                answer = site.get(path)
                if answer.status_code == 200 and "html" in answer.headers["content-type"]:
                    seen.add(path)
                    found[who].append(path)
    return found


@pytest.fixture(params=["everybody", "somebody"])
def each_page(request, pages, open_page, address):
    """A browser's page that is led through all of them, and where it is."""
    page = open_page(bypass_csp=True, reduced_motion="reduce")
    if request.param == "somebody":
        signed_in_page(page, address, *every_role())
    page.set_viewport_size(PHONE)

    def led():
        for path in pages[request.param]:
            page.goto(path)
            yield path, page

    return led()


def test_every_page_has_something_to_show(pages):
    assert len(pages["everybody"]) > 45
    assert len(pages["somebody"]) > 85


def test_axe_finds_nothing_on_a_phone_and_no_page_scrolls_sideways_when_narrow(each_page):
    wrong = {}
    for path, page in each_page:
        found = violations(page)
        page.set_viewport_size(NARROW)
        if page.evaluate(BEYOND) > 0:
            found.append("scrolls sideways")
        page.set_viewport_size(PHONE)
        if page.locator("h1").count() != 1:
            found.append("has not one heading")
        wrong |= {path: found} if found else {}
    assert not wrong


@pytest.mark.campaign
def test_axe_finds_nothing_on_a_wide_screen_light_and_dark(each_page):
    wrong = {}
    for path, page in each_page:
        page.set_viewport_size(WIDE)
        found = violations(page)
        page.emulate_media(color_scheme="dark")
        found += violations(page, only=("cat.color",))
        page.emulate_media(color_scheme="light")
        wrong |= {path: found} if found else {}
    assert not wrong


@pytest.mark.campaign
def test_letters_far_apart_or_of_twice_their_size_fit_and_nothing_is_cut(each_page):
    wrong = {}
    for path, page in each_page:
        found = too_wide(page)
        page.add_style_tag(content=LARGE)
        found += page.evaluate(CUT)
        page.set_viewport_size(PHONE)
        found += page.evaluate(CUT)
        wrong |= {path: found} if found else {}
    assert not wrong


@pytest.mark.campaign
@pytest.mark.parametrize("look", [without_a_mouse, in_forced_colours, on_paper, out_of_order])
def test_every_page_is_for_everybody(each_page, look):
    wrong = {path: found for path, page in each_page if (found := look(page))}
    assert not wrong
