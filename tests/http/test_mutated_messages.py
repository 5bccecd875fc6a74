"""Messages that were damaged on the way: every one of them is accounted for, and none is fatal."""

import json
import secrets
from pathlib import Path

import pytest

import mutations
from house import service
from pdu_shared.identity import uuid7
from pdu_shared.reading import Flaw, read

SAMPLES = [
    json.loads(path.read_text("utf-8"))
    for path in sorted((Path(__file__).parents[1] / "contracts").glob("*.json"))
]
MESSAGES = 2000
BATCH = 50


@pytest.mark.parametrize("spare_database", ["bookings", "reporting"], indirect=True)
async def test_every_damaged_message_is_accounted_for(spare_database, request):
    await _all_accounted_for(_name(request), spare_database, mutations.drawn_from(7), MESSAGES // 2)


@pytest.mark.campaign
@pytest.mark.parametrize("spare_database", ["bookings", "reporting"], indirect=True)
async def test_every_damaged_message_is_accounted_for_for_long(spare_database, request):
    seed = secrets.randbits(32)
    print(f"seed {seed}")  # noqa: T201 - to send the same again
    await _all_accounted_for(_name(request), spare_database, mutations.drawn_from(seed), 25_000)


def _name(request):
    return request.node.callspec.params["spare_database"]


async def _all_accounted_for(name, database, random, number):
    first = {}
    again = [str(uuid7()) for _ in range(20)]
    for _ in range(number // BATCH):
        batch = [_damaged(random, again) for _ in range(BATCH)]
        before = await _parked(database)
        await service(name).take(database, batch)
        kept = await _kept(name, database)
        parked = [one for one in batch if _is_set_aside(name, one, kept, first)]
        assert await _parked(database) - before == len(parked)


def _damaged(random, again):
    """A message, now and then as it should be, and now and then under an id that is known."""
    sample = {**random.choice(SAMPLES), "id": str(uuid7())}
    if random.random() < 0.1:
        sample["id"] = random.choice(again)
    match random.randrange(5):
        case 0:
            body = json.dumps(sample).encode()
        case 1 | 2:
            body = mutations.json_of(random, sample)
        case _:
            body = mutations.bytes_of(random, json.dumps(sample).encode())
    sender = random.choice(["bookings", "resources"]) if random.random() < 0.05 else None
    return read(body, sent_by=sender or sample["source"].strip("/"), sealer=None)


def _is_set_aside(name, one, kept, first):
    """Whether it is parked: unreadable, not to be worked on, or another one under its id."""
    if isinstance(one, Flaw):
        return True
    of_the_past = one.envelope.origin == "import"
    heard = service(name).heard_of_the_past if of_the_past else service(name).heard
    if name != "reporting" and type(one.message) not in heard:
        return False  # not mine
    message_id = one.envelope.id
    # The journal knows a message by its id, an inbox by its id and who hears it.
    known_by = message_id if name == "reporting" else (message_id, type(one.message))
    return message_id not in kept or first.setdefault(known_by, one.body) != one.body


async def _kept(name, database):
    """The ids of the messages that were done, were stale, or wait for another try."""
    table = "journal" if name == "reporting" else "inbox"
    rows = await database.pool.fetch(f"SELECT message_id FROM {table}")  # noqa: S608
    return {row["message_id"] for row in rows}


async def _parked(database):
    return await database.pool.fetchval("SELECT count(*) FROM parked")
