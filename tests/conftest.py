"""What tests ask for by name. The servers start when the first test asks for one of these."""

import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from house import House, Secrets
from pdu_local import infra
from pdu_local.rabbit import administrator
from pdu_shared.access import Role
from pdu_shared.database import Database
from pdu_shared.platform import BROKER_USERS, DATABASE_ROLES


@pytest.fixture(scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Real PostgreSQL and RabbitMQ with every service migrated."""
    home = Path(tmp_path_factory.mktemp("house"))
    admin = infra.Administrator("admin", secrets.token_hex(16))
    servers = infra.start(home, administrator(admin.user, admin.password), admin)
    try:
        passwords = {name: secrets.token_hex(16) for name in (*BROKER_USERS, *DATABASE_ROLES)}
        built = House(servers, passwords, Secrets(home))
        await built.prepare()
        yield built
    finally:
        if servers.rabbit:  # nothing in it is wanted any more, and a clean stop takes seconds
            servers.rabbit.kill()
        servers.stop()


@pytest.fixture(scope="session")
def token(house: House) -> Callable[..., dict[str, str]]:
    """`token("coordinator")`: the header of somebody who has signed in."""

    def header(*roles: str, sub: object = None) -> dict[str, str]:
        return house.authorised(*(Role(role) for role in roles), sub=sub)

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
