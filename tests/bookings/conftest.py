"""What tests of bookings ask for by name."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

import lists
from bus import deliver
from house import House, service
from pdu_bookings.place.link import token_for
from told_history import importer


@pytest.fixture
def link(house: House) -> Callable[[dict[str, Any]], str]:
    """The token in a letter, which no answer over HTTP ever holds."""
    key = house.secrets.link_key.encode()
    return lambda booking: token_for(key, UUID(booking["booking_id"]))


@pytest.fixture(scope="module")
async def take(house, token, words):  # noqa: ARG001 - a process that reads the lists afterwards
    async with house.http("bookings") as http:
        yield importer(http, token("integration", scope=["import"]))


@pytest.fixture(scope="module")
async def words(bookings_database):
    """The lists, as resources would tell them."""
    await deliver(service("bookings"), bookings_database, *lists.told())
