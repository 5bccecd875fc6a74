"""What the tests of reporting ask for by name."""

import pytest

import telling
from bus import arrived
from pdu_reporting import journal
from pdu_shared.access import Role
from pdu_shared.database import open_database


@pytest.fixture(scope="session")
async def reporting_http(house):
    """A coordinator's client: figures and journal are not for everybody."""
    async with house.http("reporting") as http:
        http.headers.update(house.authorised(Role.COORDINATOR))
        yield http


@pytest.fixture(scope="session")
async def take(reporting_database):
    """`await take(a, b)`: reporting gets these messages in one batch, read already or not."""

    async def take_together(*batch):
        read = [one if hasattr(one, "body") else arrived(one) for one in batch]
        await journal.take(reporting_database, read)
        return read

    await take_together(*telling.words())
    return take_together


@pytest.fixture(scope="session")
async def owner(house):
    """The database with the owner's rights, as `migrate` has them."""
    url = house.settings("reporting", role="owner").database_dsn()
    async with open_database(url, application="tests") as database:
        yield database


@pytest.fixture(scope="session")
async def figure(reporting_http, take):
    """`await figure("attendances", by="sector")`: the rows of a figure."""
    del take  # it has told the words that filters may name

    async def rows_of(name, **query):
        answer = await reporting_http.get(f"/figures/{name}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()["rows"]

    return rows_of
