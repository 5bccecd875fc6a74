"""Crash tests from the outside: a fork server, and the promises that hold after every crash."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aio_pika

import told
from bus import body_of
from pdu_shared import outbox
from pdu_shared.database import Database, transaction
from scratch import Scratch

TESTS = Path(__file__).parent
MOST = 400


class Zygote:
    """A running fork server."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self.process, self.log = process, log

    async def live(self, scenario: str, fatal: int = 0, **details: Any) -> str:
        """Run a scenario, to its end or to its fatal suspension: `lived` or `killed`."""
        order = {"scenario": scenario, "fatal": fatal, "log": str(self.log), **details}
        self.process.stdin.write(f"{json.dumps(order)}\n".encode())
        outcome = (await self.process.stdout.readline()).decode().strip()
        assert outcome in ("lived", "killed"), f"{outcome}\n{self.log.read_text()[-3000:]}"
        return outcome


@asynccontextmanager
async def zygote(folder: Path, *, code: Sequence[Path] = ()) -> AsyncIterator[Zygote]:
    """A fork server; `code` comes before the code under test, for changed copies of it."""
    path = os.pathsep.join([*map(str, code), str(TESTS), *sys.path])
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "zygote",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )
    try:
        yield Zygote(process, folder / "zygote.log")
    finally:
        process.stdin.close()
        await process.wait()


async def crash_the_relay(
    place: Scratch, database: Database, forks: Zygote, *, step: int = 1, **details: Any
) -> int:
    """Kill the relay at every `step`-th suspension, with something to tell each time; how often."""
    kills = 0
    where = {"database": place.database_url("bookings_app"), "amqp": place.amqp_url("bookings")}
    for fatal in range(1, MOST, step):
        # What is still to be told is enough to tell: the number of awaits stays the same.
        if not await database.pool.fetchval(
            "SELECT EXISTS (SELECT FROM outbox WHERE published_at IS NULL)"
        ):
            async with transaction(database) as conn:
                await outbox.add(conn, told.cancelled(), told.cancelled())
        if await forks.live("relay", fatal, **where, **details) == "lived":
            break
        kills += 1
    await forks.live("relay", **where)
    return kills


async def crash_taking(
    place: Scratch, database: Database, forks: Zygote, *, step: int = 1
) -> list[str]:
    """Kill the inbox at every suspension; the broker brings back all. The codes that were told."""
    where = {"database": place.database_url("bookings_app")}
    everything: list[str] = []
    codes: list[str] = []
    for fatal in range(1, MOST, step):
        good, failing = told.category(), told.category()
        await database.pool.execute("INSERT INTO broken VALUES ($1)", failing.code)
        bodies = [body_of(one).decode() for one in (good, failing)]
        codes += [good.code, failing.code]
        everything += bodies
        if await forks.live("take", fatal, bodies=bodies, **where) == "lived":
            break
    await forks.live("take", bodies=everything, **where)
    await database.pool.execute("DELETE FROM broken")
    await forks.live("retry", **where)
    return codes


async def crash_the_consumer(
    place: Scratch, database: Database, forks: Zygote, *, step: int = 1, **details: Any
) -> list[str]:
    """Kill the consumer at every suspension, with something to do each time; the codes told."""
    where = {"database": place.database_url("bookings_app"), "amqp": place.amqp_url("bookings")}
    codes: list[str] = []
    for fatal in range(1, MOST, step):
        if not codes or await effects(database, codes[-1:]) == [1]:
            message = told.category()
            codes.append(message.code)
            await publish(place, body_of(message))
        outcome = await forks.live("consume", fatal, codes=codes[-1:], **where, **details)
        if outcome == "lived":
            break
    return codes


async def publish(place: Scratch, *bodies: bytes) -> None:
    """What resources would tell."""
    async with place.channel("resources") as channel:
        exchange = await channel.get_exchange("pdu.messages", ensure=False)
        for body in bodies:
            message = aio_pika.Message(body, user_id="resources", delivery_mode=2)
            await exchange.publish(message, "resources.CategoryDefined")


async def effects(database: Database, codes: Sequence[str]) -> list[int]:
    """How many effects each message had."""
    rows = await database.pool.fetch(
        "SELECT code, count(*) AS times FROM effect WHERE code = ANY ($1) GROUP BY code", codes
    )
    times = {row["code"]: row["times"] for row in rows}
    return [times.get(code, 0) for code in codes]


async def wrong_effects(database: Database, codes: Sequence[str]) -> dict[str, int]:
    """The messages that had no effect, or more than one."""
    found = await effects(database, codes)
    return {code: times for code, times in zip(codes, found, strict=True) if times != 1}
