"""A fork server for crash tests: `python -m zygote` runs scenarios, each in a process of its own.

A scenario is killed with SIGKILL at its k-th suspension: the k-th time that any of its tasks, a
library's too, waits for something. Orders come as JSON lines, and so do the outcomes.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from functools import partial

from pdu_shared import inbox
from pdu_shared.consumer import Consumer, reading
from pdu_shared.contracts.resources.vocabulary import CategoryDefined
from pdu_shared.database import open_database
from pdu_shared.listening import by_message, name_of
from pdu_shared.reading import read
from pdu_shared.relay import Relay
from pdu_shared.waiting import try_again

TABLES = """
    CREATE TABLE effect (code text NOT NULL);
    CREATE TABLE broken (code text NOT NULL);
    """
HANGS_AFTER = 30


class Life:
    """Counts suspensions from `begin` on, and ends the process at the one that is fatal."""

    def __init__(self, fatal):
        self.fatal, self.suspensions, self.begun = fatal, 0, False

    def begin(self):
        self.begun = True

    def suspend(self):
        if self.begun:
            self.suspensions += 1
            if self.suspensions == self.fatal:
                os.kill(os.getpid(), signal.SIGKILL)


class Mortal(Coroutine):
    """A coroutine that tells a life of its suspensions."""

    def __init__(self, inner, life):
        self.inner, self.life = inner, life

    def send(self, value):
        awaited = self.inner.send(value)
        self.life.suspend()
        return awaited

    def throw(self, *error):
        awaited = self.inner.throw(*error)
        self.life.suspend()
        return awaited

    def close(self):
        self.inner.close()

    def __await__(self):
        return self


async def note(conn, message: CategoryDefined):
    """One effect for each time that it is called; fails for what a test has broken."""
    if await conn.fetchval("SELECT true FROM broken WHERE code = $1", message.code):
        raise ArithmeticError
    await conn.execute("INSERT INTO effect VALUES ($1)", message.code)


async def relay(life, told):
    """Publishes what is in the outbox."""
    async with open_database(told["database"], application="crash") as database:
        relaying = Relay("bookings", database, [told["amqp"]])
        task = asyncio.create_task(relaying.run())
        if told.get("from_the_start"):
            life.begin()
        await relaying.reaches_broker.wait()
        life.begin()
        while await database.pool.fetchval(
            "SELECT EXISTS (SELECT FROM outbox WHERE published_at IS NULL)"
        ):
            await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def take(life, told):
    """Takes a batch as the consumer hands it over, `times` times."""
    batch = [read(body.encode(), sent_by="resources", sealer=None) for body in told["bodies"]]
    async with open_database(told["database"], application="crash") as database:
        for _ in range(told.get("times", 1)):
            life.begin()
            await asyncio.create_task(inbox.take(database, batch, by_message([note])))


async def consume(life, told):
    """Consumes until a message has had its effect and the queue is empty."""
    async with open_database(told["database"], application="crash") as database:
        consumer = Consumer(
            "bookings",
            [told["amqp"]],
            reading(None),
            partial(inbox.take, database, listeners=by_message([note])),
        )
        task = asyncio.create_task(consumer.run())
        if told.get("from_the_start"):
            life.begin()
        await consumer.reaches_broker.wait()
        life.begin()
        while not await database.pool.fetchval(
            "SELECT count(*) = $2 FROM effect WHERE code = ANY ($1)",
            told["codes"],
            len(told["codes"]),
        ):
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)  # the acknowledgement is on its way
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def retry(life, told):
    """Tries again what waits."""
    async with open_database(told["database"], application="crash") as database:
        now = datetime.now(UTC) + timedelta(minutes=1)
        life.begin()
        while await asyncio.create_task(try_again(database, {name_of(note): note}, None, now=now)):
            pass


SCENARIOS = {"relay": relay, "take": take, "consume": consume, "retry": retry}


async def live(life, told):
    """The scenario itself is immortal: what it starts is not."""
    loop = asyncio.get_running_loop()
    loop.set_task_factory(
        lambda loop, coro, **rest: asyncio.Task(Mortal(coro, life), loop=loop, **rest)
    )
    await SCENARIOS[told["scenario"]](life, told)


def born(told):
    """The life of a forked process; never returns."""
    signal.alarm(HANGS_AFTER)
    log = os.open(told["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        asyncio.run(live(Life(told["fatal"]), told))
    except BaseException as failure:  # noqa: BLE001 - told to the test, whatever it is
        sys.stderr.write(f"{told['scenario']} {told['fatal']}: {failure!r}\n")
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def main():
    """Fork a process for every order and say how it ended."""
    for line in sys.stdin:
        told = json.loads(line)
        if not (child := os.fork()):
            born(told)
        _, status = os.waitpid(child, 0)
        outcome = {0: "lived", signal.SIGKILL: "killed"}.get(status, f"status {status}")
        sys.stdout.write(f"{outcome}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
