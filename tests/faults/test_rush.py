"""The rush: five thousand people want three hundred places within seconds."""

import asyncio
import json
import re
from dataclasses import dataclass
from time import monotonic
from uuid import uuid4

import asyncpg

import a
from pdu_shared.access import Role

PEOPLE, PLACES, AT_ONCE = 5000, 300, 400
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Told:
    """What one person was told, and when they asked and were answered."""

    asked: float
    answered: float
    status: int
    booking_id: str
    state: str
    position: int | None


async def test_five_thousand_people_for_three_hundred_places(ruins, copies):
    coordinator = ruins.authorised(Role.COORDINATOR)
    session = a.session(capacity=PLACES)
    event = await a.published_event(copies[0], coordinator, sessions=[session])
    told = await everybody_asks(copies, event["learning_event_id"])

    assert {one.status for one in told} == {201}
    inside = [one for one in told if one.state == "confirmed"]
    waiting = sorted(
        (one for one in told if one.state == "waitlisted"), key=lambda one: one.position
    )
    assert len(inside) == PLACES
    assert [one.position for one in waiting] == list(range(1, PEOPLE - PLACES + 1))
    assert not overtaken([*sorted(inside, key=lambda one: one.answered), *waiting])
    assert await as_it_stands(ruins, event) == {one.booking_id: one.state for one in told}


async def everybody_asks(copies, learning_event_id):
    """All of them ask, so many at a time, at one copy of the service or another."""
    path = f"/learning-events/{learning_event_id}/bookings"
    people = iter(range(PEOPLE))

    async def front_end(port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        # One line of people before all front ends.
        told = [await one_asks(reader, writer, path) for _ in people]
        writer.close()
        await writer.wait_closed()
        return told

    ports = [copies[n % len(copies)].base_url.port for n in range(AT_ONCE)]
    told = await asyncio.gather(*map(front_end, ports))
    return [one for front in told for one in front]


async def one_asks(reader, writer, path):
    """Raw HTTP: a client library would take longer than the service."""
    body = json.dumps(a.person(email=f"{uuid4().hex}@example.org"))
    key = a.key()["Idempotency-Key"]
    asked = monotonic()
    writer.write(
        f"POST {path} HTTP/1.1\r\nHost: bookings\r\nContent-Type: application/json\r\n"
        f"Idempotency-Key: {key}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(LENGTH.search(head)[1])
    said = json.loads(await reader.readexactly(length))
    answered, status = monotonic(), int(head[9:12])
    assert status == 201, said
    place = said["places"][0]
    return Told(asked, answered, status, said["booking_id"], place["state"], place["position"])


def overtaken(in_order):
    """Who stands behind somebody who asked only after they had been answered."""
    behind, earliest = [], float("inf")
    for one in reversed(in_order):
        if one.asked > earliest:
            behind.append(one)
        earliest = min(earliest, one.answered)
    return behind


async def as_it_stands(ruins, event):
    conn = await asyncpg.connect(ruins.servers.database_url, database="pdu_bookings")
    try:
        rows = await conn.fetch(
            "SELECT booking_id, state FROM booking WHERE learning_event_id = $1",
            event["learning_event_id"],
        )
    finally:
        await conn.close()
    return {str(row["booking_id"]): row["state"] for row in rows}
