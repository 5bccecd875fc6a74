"""What tests of bookings ask for by name."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from bus import deliver
from house import House, service
from pdu_bookings.place.link import token_for
from pdu_shared.contracts.resources.vocabulary import CategoryDefined, WorkstreamDefined
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
    listed = [
        ("sector", "voluntary"), ("sector", "statutory"), ("work_field", "housing_homelessness"),
        ("role_level", "front_line"), ("area", "nottingham_city"), ("heard_about", "bulletin"),
    ]  # fmt: skip
    categories = [
        CategoryDefined(category_id=uuid4(), scheme=scheme, code=code, label=code)
        for scheme, code in listed
    ]
    housing = WorkstreamDefined(
        workstream_id=uuid4(), code="housing", label="Housing", valid_from=date(2017, 10, 1)
    )
    await deliver(service("bookings"), bookings_database, *categories, housing)
