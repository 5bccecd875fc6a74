"""Everything to read, learn and meet about, by its first letter."""

import re

import pytest

from portal.hub_stand_in import opened
from portal.library_stand_in import shelved
from portal.taking_part_stand_in import taking_part

PAGE = "/a-to-z"


@pytest.fixture(autouse=True)
def _furnished(town):
    shelved(town)
    opened(town)
    taking_part(town)


def shown(page):
    """The letters in their order, each with the addresses under it."""
    sections = re.findall(r'<h2 id="([^"]+)">(.*?)</section>', page.text, re.DOTALL)
    return {letter: re.findall(r'<li><a href="([^"]+)"', held) for letter, held in sections}


def test_what_there_is_stands_under_its_letter_in_order(site):
    page = site.get(PAGE)
    assert page.status_code == 200
    found = shown(page)
    assert list(found) == sorted(found)
    every = [path for paths in found.values() for path in paths]
    assert len(every) == len(set(every))
    for begins in ("/workstreams/", "/library/", "/learn/", "/communities/"):
        assert any(path.startswith(begins) for path in every), begins
    titles = re.findall(r'<li><a href="/[^"]+">([^<]+)</a> <span class="meta">', page.text)
    assert [one.casefold() for one in titles] == sorted(one.casefold() for one in titles)


def test_with_a_service_away_the_rest_of_it_stands(town, site):
    assert "/communities/" in site.get(PAGE).text
    town.bookings_service.mood = "broken"
    page = site.get(f"{PAGE}?again")
    assert "Communities cannot be shown just now" in page.text
    assert any(path.startswith("/library/") for paths in shown(page).values() for path in paths)
