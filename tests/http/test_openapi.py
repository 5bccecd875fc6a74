"""Every service keeps what its OpenAPI document says, whatever is asked of it."""

import asyncio
import json
import secrets
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest

import conformance
from bus import deliver
from documented import defined, definite
from house import service as table_of_contents
from pdu_shared.database import open_database
from spare import a_spare

# Examples at random for each operation.
EXAMPLES = {"bookings": 1, "notifications": 2, "reporting": 2, "resources": 1}
# As a coordinator, to whom most is open; what a visitor may do is left to the campaign. Two have so
# many routes that what nobody would think of, and in which order things can be done, is as well.
MANY_ROUTES = {"bookings", "resources"}


@pytest.fixture(scope="module")
async def apart(house):
    """Every service on a database of its own: whoever is asked anything may change everything."""
    async with AsyncExitStack() as closing:
        started = await asyncio.gather(
            *(closing.enter_async_context(_apart(house, name)) for name in EXAMPLES)
        )
        processes = {process.name: process for process, _ in started}
        [database] = [url for process, url in started if process.name == "bookings"]
        vocabulary = await _vocabulary(processes)
        async with open_database(database, application="tests") as bookings:
            await deliver(table_of_contents("bookings"), bookings, *defined(vocabulary))
        yield processes


@asynccontextmanager
async def _apart(house, name):
    async with (
        a_spare(house, name) as url,
        house.process(name, broker=False, PDU_DATABASE_URL=url) as process,
    ):
        yield process, url


@pytest.mark.parametrize("service", EXAMPLES)
async def test_a_service_answers_as_its_document_says(apart, token, service):
    told = await _conforms(
        apart,
        service,
        {
            "bearer": _bearer(token("coordinator")),
            "seed": None,
            "examples": EXAMPLES[service],
            "at_random": service not in MANY_ROUTES,
            "stateful": True,
            "every_kind_everywhere": False,
        },
    )
    print(f"{told['asked']} requests")  # noqa: T201 - what was tested
    assert not told["complaints"], "\n".join(told["complaints"])
    assert told["asked"] > 50, "it was hardly asked anything"


@pytest.mark.campaign
@pytest.mark.parametrize("role", [None, "coordinator"])
@pytest.mark.parametrize("service", EXAMPLES)
async def test_a_service_answers_as_its_document_says_for_long(apart, token, service, role):
    job = {
        "bearer": _bearer(token(role)) if role else None,
        "seed": secrets.randbits(32),
        "examples": 30 * EXAMPLES[service],
        "at_random": True,
        "stateful": True,
        "every_kind_everywhere": True,
    }
    told = await _conforms(apart, service, job)
    assert not told["complaints"], f"seed {job['seed']}\n" + "\n".join(told["complaints"])


def _bearer(header):
    return header["Authorization"].removeprefix("Bearer ")


async def _conforms(processes, service, job):
    # A document is made when it is first asked for, which takes seconds.
    async with httpx.AsyncClient(timeout=60) as http:
        document = (await http.get(f"{processes[service].url}/openapi.json")).json()
    whole = definite(document, await _vocabulary(processes))
    job = {**job, "url": processes[service].url, "document": whole}
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(Path(conformance.__file__)), stdin=-1, stdout=-1, stderr=-1
    )
    out, trouble = await process.communicate(json.dumps(job).encode())
    assert process.returncode == 0, trouble.decode()
    return json.loads(out)


async def _vocabulary(processes):
    async with httpx.AsyncClient(base_url=processes["resources"].url, timeout=20) as http:
        return (await http.get("/vocabulary")).json()
