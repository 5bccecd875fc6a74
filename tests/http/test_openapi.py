"""Every service keeps what its OpenAPI document says, whatever is asked of it."""

import asyncio
import json
import secrets
import sys
from pathlib import Path

import httpx
import pytest

import conformance
from documented import definite

# Examples for each operation, by which a service gets some 300 requests.
EXAMPLES = {"bookings": 1, "notifications": 4, "reporting": 3, "resources": 3}


# As a visitor everywhere; as a coordinator where that opens more.
ASKED = [(None, service) for service in EXAMPLES] + [
    ("coordinator", service) for service in ("bookings", "notifications", "reporting")
]


@pytest.mark.parametrize(("role", "service"), ASKED)
async def test_a_service_answers_as_its_document_says(processes, token, service, role):
    job = {"bearer": _bearer(token(role)) if role else None, "seed": None}
    told = await _conforms(processes, service, {**job, "examples": EXAMPLES[service]})
    print(f"{told['asked']} requests")  # noqa: T201 - what was tested
    assert not told["complaints"], "\n".join(told["complaints"])
    assert told["asked"] > 50, "it was hardly asked anything"


@pytest.mark.campaign
@pytest.mark.parametrize("service", EXAMPLES)
async def test_a_service_answers_as_its_document_says_for_long(processes, token, service):
    job = {"bearer": _bearer(token("coordinator")), "seed": secrets.randbits(32)}
    told = await _conforms(processes, service, {**job, "examples": 30 * EXAMPLES[service]})
    assert not told["complaints"], f"seed {job['seed']}\n" + "\n".join(told["complaints"])


def _bearer(header):
    return header["Authorization"].removeprefix("Bearer ")


async def _conforms(processes, service, job):
    async with httpx.AsyncClient() as http:
        vocabulary = (await http.get(f"{processes['resources'].url}/vocabulary")).json()
        document = (await http.get(f"{processes[service].url}/openapi.json")).json()
    job = {**job, "url": processes[service].url, "document": definite(document, vocabulary)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(Path(conformance.__file__)), stdin=-1, stdout=-1, stderr=-1
    )
    out, trouble = await process.communicate(json.dumps(job).encode())
    assert process.returncode == 0, trouble.decode()
    return json.loads(out)
