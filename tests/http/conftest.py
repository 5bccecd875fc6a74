"""Services as processes of their own, for tests that need a real socket between them and us."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest

from bus import deliver
from documented import defined
from house import House, Process, service
from pdu_shared.database import Database, open_database
from spare import a_spare

SERVICES = ("bookings", "notifications", "reporting", "resources")


@pytest.fixture(scope="package")
async def lists(resources_http: httpx.AsyncClient, bookings_database: Database) -> None:
    """The lists of resources, told to bookings as the broker would."""
    vocabulary = (await resources_http.get("/vocabulary")).json()
    await deliver(service("bookings"), bookings_database, *defined(vocabulary))


@pytest.fixture(scope="package")
async def processes(house: House, lists: None) -> AsyncIterator[dict[str, Process]]:  # noqa: ARG001
    """Every service behind a real uvicorn. The broker is away, so databases stay as they are."""
    async with AsyncExitStack() as closing:
        started = await asyncio.gather(
            *(closing.enter_async_context(house.process(name, broker=False)) for name in SERVICES)
        )
        yield {process.name: process for process in started}


@pytest.fixture
def clients(
    bookings_http: httpx.AsyncClient,
    notifications_http: httpx.AsyncClient,
    reporting_http: httpx.AsyncClient,
    resources_http: httpx.AsyncClient,
) -> dict[str, httpx.AsyncClient]:
    """Every service in this process, by its name."""
    return dict(
        zip(
            SERVICES,
            (bookings_http, notifications_http, reporting_http, resources_http),
            strict=True,
        )
    )


@pytest.fixture
def databases(
    bookings_database: Database,
    notifications_database: Database,
    reporting_database: Database,
    resources_database: Database,
) -> dict[str, Database]:
    """The database of every service, by its name."""
    return dict(
        zip(
            SERVICES,
            (bookings_database, notifications_database, reporting_database, resources_database),
            strict=True,
        )
    )


@pytest.fixture
async def spare_database(house: House, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A new database of the service that the test names, for what no other test should meet."""
    async with (
        a_spare(house, request.param) as url,
        open_database(url, application="tests") as database,
    ):
        yield database
