"""Requests that were damaged on the way, over a real socket: refused, and never a defect."""

import asyncio
import json
import secrets

import httpx
import pytest

import a
import mutations
from raw import RawAnswer, chunked, request, send

REQUESTS = 1500
AT_ONCE = 60
ANSWER_WITHIN = 1.0
CANARY = "q7canary7q"
NOT_HTTP = b"Invalid HTTP request received."


@pytest.fixture
async def originals(processes, token):
    """Good requests: to which service, and their bytes."""
    coordinator = token("coordinator")
    async with httpx.AsyncClient(base_url=processes["bookings"].url, timeout=20) as http:
        event = await a.published_event(http, coordinator)
    path = f"/learning-events/{event['learning_event_id']}"
    session = event["sessions"][0]["session_id"]
    announced = as_json(a.learning_event())
    who = a.person(name=CANARY, email=f"{CANARY}@example.org")
    said = {**a.key(), "Content-Type": "application/json"}
    in_chunks = {"Transfer-Encoding": "chunked"}
    walk_in = {name: value for name, value in who.items() if name != "name"}
    return [
        ("bookings", request("GET", "/learning-events?limit=2", {})),
        ("bookings", request("POST", f"{path}/bookings", said, as_json(who))),
        ("bookings", request("POST", f"{path}/publish", coordinator)),
        ("bookings", request("POST", "/b/" + "1" * 44 + "/cancellation", {})),
        (
            "bookings",
            request("POST", "/learning-events", {**coordinator, **said}, announced),
        ),
        (
            "bookings",
            request(
                "PUT",
                f"/sessions/{session}/attendance",
                {**coordinator, **said},
                as_json({"walk_ins": [walk_in]}),
            ),
        ),
        (
            "resources",
            request(
                "POST",
                "/members/codes",
                {**said, **in_chunks},
                chunked(as_json({"email": who["email"]}), 10),
            ),
        ),
        ("resources", request("GET", "/vocabulary", {"If-None-Match": '"x"'})),
        ("notifications", request("GET", "/letters?state=held&limit=5", coordinator)),
        ("notifications", request("GET", f"/inbox?ids={session}", {})),
        ("reporting", request("GET", "/figures/attendances?by=sector&format=csv", {})),
        ("reporting", request("GET", "/journal?after=0&limit=1", {})),
    ]


async def test_a_damaged_request_is_never_a_defect(processes, originals):
    await _send_damaged(processes, originals, mutations.drawn_from(7), REQUESTS)


@pytest.mark.campaign
async def test_a_damaged_request_is_never_a_defect_for_long(processes, originals):
    seed = secrets.randbits(32)
    print(f"seed {seed}")  # noqa: T201 - to send the same again
    await _send_damaged(processes, originals, mutations.drawn_from(seed), 40_000)


async def _send_damaged(processes, originals, random, number):
    turns = asyncio.Semaphore(AT_ONCE)

    async def ask(service, data):
        async with turns:
            try:
                answer = await send(processes[service].port, data, within=ANSWER_WITHIN)
            except TimeoutError:
                answer = RawAnswer(None, {}, b"")  # it waits for more, as it should
        return service, data, answer

    damaged = [
        (service, mutations.bytes_of(random, data))
        for service, data in (random.choice(originals) for _ in range(number))
    ]
    answered = await asyncio.gather(*(ask(*one) for one in damaged))
    wrong = [one for one in answered if _is_wrong(one[2])]
    assert not wrong, wrong[:3]
    assert sum(answer.status is not None for *_, answer in answered) > number / 2
    for process in processes.values():
        await process.ready()
        said = process.log.read_text()
        assert "defect" not in said, said
        assert "Traceback" not in said, said
        assert CANARY not in said, said


def _is_wrong(answer: RawAnswer) -> bool:
    if answer.status is None:
        return False
    problem = answer.headers.get("content-type") == "application/problem+json"
    return (
        (answer.status >= 500 and answer.status != 503)
        or (answer.status >= 400 and not problem and answer.body != NOT_HTTP)
        or (answer.status >= 400 and CANARY.encode() in answer.body)
        or "server" in answer.headers
        or b"Traceback" in answer.body
    )


def as_json(value):
    return json.dumps(value).encode()
