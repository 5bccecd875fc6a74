"""What tests ask for by name. The servers start when the first test asks for one of these."""

import gc
import sys
from collections.abc import AsyncIterator, Callable
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from hypothesis import HealthCheck, settings
from xdist import is_xdist_worker
from xdist.remote import Producer

from house import House, a_house
from pdu_shared.access import Role
from pdu_shared.database import Database
from turns import Turns, turn

gc.disable()  # until all is imported
# Nobody speaks TLS here, and every client reads all the authorities of the world: 20 ms.
pytest.MonkeyPatch().setattr(
    "httpx._transports.default.create_ssl_context", cache(httpx.create_ssl_context)
)
# How fast a machine is says nothing about what is right.
settings.register_profile("pdu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("pdu")


def pytest_collection_finish() -> None:
    """What is imported stays; looking through it for garbage took a tenth of the time."""
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()


def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Workers take the longest first; a single process keeps the order of the files."""
    if is_xdist_worker(session):
        items.sort(key=lambda item: turn(item.nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Turns:
    """However many workers there are, these are the rules by which they share."""
    return Turns(config, log)


@pytest.fixture(scope="session", autouse=True)
def logs_beside() -> None:
    """Services that run in this process log beside what a test reads from a command."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.__stderr__))


@pytest.fixture(scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """The house that most tests share."""
    async with a_house(Path(tmp_path_factory.mktemp("house"))) as built:
        yield built


@pytest.fixture(scope="session")
def token(house: House) -> Callable[..., dict[str, str]]:
    """`token("coordinator")`: the header of somebody who has signed in."""

    def header(*roles: str, **who: Any) -> dict[str, str]:
        return house.authorised(*(Role(role) for role in roles), **who)

    return header


@pytest.fixture(scope="session")
async def bookings_database(house: House) -> AsyncIterator[Database]:
    async with house.database("bookings") as database:
        yield database


@pytest.fixture(scope="session")
async def notifications_database(house: House) -> AsyncIterator[Database]:
    async with house.database("notifications") as database:
        yield database


@pytest.fixture(scope="session")
async def reporting_database(house: House) -> AsyncIterator[Database]:
    async with house.database("reporting") as database:
        yield database


@pytest.fixture(scope="session")
async def resources_database(house: House) -> AsyncIterator[Database]:
    async with house.database("resources") as database:
        yield database


@pytest.fixture(scope="session")
async def bookings_http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with house.http("bookings") as http:
        yield http


@pytest.fixture(scope="session")
async def notifications_http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with house.http("notifications") as http:
        yield http


@pytest.fixture(scope="session")
async def reporting_http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with house.http("reporting") as http:
        yield http


@pytest.fixture(scope="session")
async def resources_http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with house.http("resources") as http:
        yield http
