"""What the tests of reporting ask for by name."""

import pytest

import telling
from bus import arrived
from pdu_reporting import journal
from pdu_reporting.labels import labels_for
from pdu_reporting.tally.keeping import count_again
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

    # Long ago, so that no test asks about a time before the project.
    began = telling.project_year(code="began", starts_on="2017-10-01", ends_on="2018-03-31")
    await take_together(*telling.words(), began)
    return take_together


@pytest.fixture(scope="session")
async def counted(reporting_database):
    """`await counted()`: nobody waits to be counted.

    Whoever changes a row behind reporting's back does so first, or the person is counted as the
    row is for a moment, and stays so.
    """

    async def everybody():
        while await count_again(reporting_database):
            pass

    return everybody


@pytest.fixture(scope="session")
async def owner(house):
    """The database with the owner's rights, as `migrate` has them."""
    url = house.settings("reporting", role="owner").database_dsn()
    async with open_database(url, application="tests") as database:
        yield database


@pytest.fixture(scope="session")
async def answer(reporting_http, take):
    """`await answer("attendances", by="sector")`: all that a figure answers."""
    del take  # it has told the words that filters may name

    async def answer_of(name, **query):
        answer = await reporting_http.get(f"/figures/{name}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return answer_of


@pytest.fixture(scope="session")
async def figure(answer):
    """`await figure("attendances", by="sector")`: dimensions and value of each row."""

    async def rows_of(name, **query):
        beside = {"numerator", "denominator", "withheld", "comparable", "caveats"}
        rows = (await answer(name, **query))["rows"]
        return [{column: row[column] for column in row if column not in beside} for row in rows]

    return rows_of


@pytest.fixture(scope="session")
async def share(answer):
    """`await share("response_rate", survey_key=…)`: value, numerator and denominator."""

    async def parts_of(name, **query):
        [row] = (await answer(name, **query))["rows"]
        return row["value"], row["numerator"], row["denominator"]

    return parts_of


@pytest.fixture(scope="session")
async def sector(reporting_database, take):
    """`await sector("voluntary")`: what it is called here, whoever told the lists last."""
    del take  # it has told some

    async def called(code):
        async with reporting_database.pool.acquire() as conn:
            return (await labels_for(conn, ["sector"])).of("sector", code)

    return called


@pytest.fixture(scope="session")
async def kept(reporting_database):
    """`await kept("activity", activity_id=…)`: the rows that a projection keeps of something."""

    async def rows_of(table, **key):
        [(column, value)] = key.items()
        rows = await reporting_database.pool.fetch(
            f"SELECT * FROM {table} AS t WHERE {column} = $1 ORDER BY t",  # noqa: S608
            value,
        )
        return [dict(row) for row in rows]

    return rows_of
