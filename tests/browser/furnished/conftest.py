"""A portal before a town in which every page has something to show."""

import pytest

from portal.every_page import furnished
from portal.stand_in import open_portal


@pytest.fixture(scope="module")
def furnished_town():
    return furnished()


@pytest.fixture(scope="module", name="town")
def _town(furnished_town):
    return furnished_town[0]


@pytest.fixture(scope="module", autouse=True)
def surveys():
    """The furnished town has its own."""


@pytest.fixture(scope="module", name="address")
def _address(town):
    with open_portal(town, demo=True) as opened:
        yield opened
