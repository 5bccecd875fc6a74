"""What the tests of letters ask for: a table of letters of their own, and a mail server."""

import asyncio
from contextlib import asynccontextmanager
from functools import partial
from uuid import uuid4

import asyncpg
import pytest
from aiosmtpd.smtp import SMTP

from notifications.office import PostBox
from pdu_shared.database import migrate, open_database
from pdu_shared.sealing import Sealer


@pytest.fixture(scope="session")
async def empty_letters(house):
    """A database with the schema of notifications, to be copied."""
    name = f"letters_{uuid4().hex}"
    await _as_admin(house, f"CREATE DATABASE {name}")
    conn = await asyncpg.connect(house.servers.database_url, database=name)
    await migrate(conn, ["pdu_shared", "pdu_notifications"])
    await conn.close()
    return name


@asynccontextmanager
async def a_copy(house, template):
    """A database like that one, for as long as it is needed."""
    name = f"letters_{uuid4().hex}"
    await _as_admin(house, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield f"{house.servers.database_url.rpartition('/')[0]}/{name}"
    await _as_admin(house, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database_url(house, empty_letters):
    """Letters of this test alone: no other postman is about."""
    async with a_copy(house, empty_letters) as url:
        yield url


@pytest.fixture
async def database(database_url):
    """The same, opened."""
    async with open_database(database_url, application="tests") as database:
        yield database


@pytest.fixture
def sealer(house):
    """Opens what is sealed for notifications, and seals for it."""
    return Sealer(house.secrets.sealing_keys("notifications"))


@pytest.fixture
async def post_box():
    """`await post_box(script)`: a mail server on loopback that answers as the script says."""
    running = []

    async def start(box=None, **options):
        box = box or PostBox()
        make = partial(SMTP, box, hostname="mail.example.org", **options)
        server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
        running.append(server)
        box.port = server.sockets[0].getsockname()[1]
        return box

    yield start
    for server in running:
        server.close()


async def _as_admin(house, statement):
    conn = await asyncpg.connect(house.servers.database_url)
    await conn.execute(statement)
    await conn.close()
