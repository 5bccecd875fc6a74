"""Readers outside, each a small program of docs/readers.md, count what reporting counts."""

import asyncio
import os
import secrets
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import aio_pika
import httpx
import pytest

import telling
from eventually import until
from pdu_local.paths import cache
from pdu_shared import outbox
from pdu_shared.access import Role
from pdu_shared.database import open_database, transaction
from pdu_shared.platform import admit_reader
from spare import a_spare
from structure import ROOT

EXAMPLES = ROOT / "examples/readers"
DAMAGED = [b"no JSON", b"{}{", b"{}", b"[]", b'{"type": "pdu.bookings.AttendanceRecorded"}']
AMQPLIB = "amqplib@2.3.1"

pytestmark = pytest.mark.bus


@dataclass(frozen=True)
class Town:
    """A session whose register is told, and where readers find it."""

    session_id: UUID
    reporting: str
    stream: str
    token: str

    async def says(self, *words: str) -> str:
        """What a program prints."""
        process = await asyncio.create_subprocess_exec(
            *words,
            str(self.session_id),
            env={**os.environ, "PDU_TOKEN": self.token},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(120):
            said, trouble = await process.communicate()
        assert process.returncode == 0, trouble.decode()
        return said.decode().strip()


async def tell_damaged(house, *bodies):
    """What a service in trouble may tell: all can see it on the stream, and nobody counts it."""
    connection = await aio_pika.connect(house.amqp_url("bookings"))
    async with connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange("pdu.messages", ensure=False)
        for body in bodies:
            await exchange.publish(aio_pika.Message(body), "bookings.AttendanceRecorded")


@pytest.fixture(scope="module")
async def town(house):
    """Five people in a register that was put right twice, beside somebody in another one."""
    scheduled = telling.scheduled()
    here = {
        "session_id": scheduled.session_id,
        "learning_event_id": scheduled.learning_event_id,
    }
    came, was_not_there, was = (telling.attendance(**here) for _ in range(3))
    late = telling.attendance(**here, state="absent_no_show")
    in_part = telling.attendance(**here, state="partial")
    messages = [
        scheduled, came, was_not_there, late, was, in_part, telling.attendance(session_id=uuid4()),
        telling.correction(was_not_there, state="absent_apologies"),
        telling.correction(late, state="present"),
        telling.correction(was, state="absent_no_show"),
        telling.correction(was, state="present"),
    ]  # fmt: skip
    user, password = f"t{secrets.token_hex(4)}", secrets.token_hex(16)
    await admit_reader(house.management, user, password)
    async with (
        a_spare(house, "bookings") as of_bookings,
        a_spare(house, "reporting") as of_reporting,
        open_database(of_reporting, application="tests") as journal,
        house.running("bookings", database_url=of_bookings) as bookings,
        house.process("reporting", PDU_DATABASE_URL=of_reporting) as reporting,
    ):
        async with transaction(bookings.state.runtime.database) as conn:
            await outbox.add(conn, *messages)
        await tell_damaged(house, *DAMAGED)

        async def all_here():
            return await journal.pool.fetchval(
                "SELECT count(*) = $2 FROM journal WHERE body LIKE '%' || $1 || '%'",
                str(scheduled.session_id),
                len(messages) - 1,
            )

        await until(all_here, within=60)
        servers = house.servers
        token = house.authorised(Role.INTEGRATION)["Authorization"].removeprefix("Bearer ")
        yield Town(
            scheduled.session_id,
            reporting.url,
            f"amqp://reader_{user}:{password}@{servers.amqp_host}:{servers.amqp_port}/pdu",
            token,
        )


@pytest.fixture(scope="module")
async def figure(town, house):
    """What reporting answers, in the words of the examples."""
    headers = house.authorised(Role.COORDINATOR)
    async with httpx.AsyncClient(base_url=town.reporting, headers=headers, timeout=30) as http:
        answer = await http.get("/figures/attendances", params={"session": str(town.session_id)})
    [row] = answer.json()["rows"]
    return f"5 in the register, {row['value']} came"


def test_four_of_five_came(figure):
    assert figure == "5 in the register, 4 came"


@pytest.mark.parametrize("example", ["stream.py", "journal.py", "follow.py"])
async def test_a_small_program_counts_what_reporting_counts(town, figure, example):
    where = town.stream if example == "stream.py" else town.reporting
    assert await town.says(sys.executable, str(EXAMPLES / example), where) == figure


async def test_curl_counts_what_reporting_counts(town, figure):
    if missing := [tool for tool in ("curl", "jq") if shutil.which(tool) is None]:
        pytest.skip(f"needs {' and '.join(missing)}: apt-get install curl jq")
    assert await town.says(str(EXAMPLES / "journal.sh"), town.reporting) == figure


async def test_a_client_in_another_language_counts_what_reporting_counts(town, figure):
    folder = await with_amqplib()
    example = shutil.copy(EXAMPLES / "stream.mjs", folder)  # it looks for libraries beside itself
    assert await town.says("node", str(example), town.stream) == figure


async def with_amqplib() -> Path:
    """A folder with the library that the example needs, as its first lines say."""
    if missing := [tool for tool in ("node", "npm") if shutil.which(tool) is None]:
        pytest.skip(f"needs {' and '.join(missing)}: apt-get install nodejs npm")
    folder = cache() / AMQPLIB.replace("@", "-")
    if not (folder / "node_modules/amqplib/package.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        words = ("npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", AMQPLIB)
        process = await asyncio.create_subprocess_exec(
            *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await process.communicate()
        if process.returncode:
            pytest.skip(f"npm cannot fetch {AMQPLIB}: {said.decode(errors='replace')[-300:]}")
    return folder


def test_the_page_shows_the_programs_that_are_tested():
    page = (ROOT / "docs/readers.md").read_text("utf-8")
    for example in sorted(EXAMPLES.iterdir()):
        assert f"../examples/readers/{example.name}" in page, example.name
        assert len(example.read_text("utf-8").splitlines()) <= 40
