"""The bulletin: mails a second to a raw sink, every recipient marked, against plain smtplib."""

import asyncio
import os
import smtplib
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.headerregistry import Address
from pathlib import Path
from uuid import uuid4

from benchmarks.machine import cpu_seconds
from benchmarks.measure import Benchmark, Sample
from benchmarks.stage import Stage
from notifications.press import a_press, an_issue, sent_out, state_of
from notifications.reading import subscribers
from pdu_notifications.bulletin.sending import PRESSES
from pdu_shared import mail
from pdu_shared.database import Database, open_database

TESTS = Path(__file__).parents[1]
READERS_A_SECOND = 1_500
PLAIN_A_SECOND = 150
MARKDOWN = "\n\n".join(
    f"## Story {number}\n\nSomething *happened*, and [here is what](https://example.org/{number})."
    for number in range(20)
)


@asynccontextmanager
async def sink() -> AsyncIterator[int]:
    """A mail server that only takes, as a process of its own; its port."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "raw_box",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield int(await process.stdout.readline())
    finally:
        process.stdin.close()
        await process.wait()


class _Box:
    """Where a press finds it."""

    def __init__(self, port: int) -> None:
        self.port = port


async def _rounds(stage: Stage, seconds: float) -> AsyncGenerator[Sample, None]:
    readers, plain = int(READERS_A_SECOND * seconds), int(PLAIN_A_SECOND * seconds)
    url = stage.house.settings("notifications").database_dsn()
    async with sink() as port, open_database(url, application="bench") as database:
        while True:
            await database.pool.execute("DELETE FROM bulletin_copy; DELETE FROM subscriber")
            addresses = await subscribers(database, readers)
            yardstick = await asyncio.to_thread(_plainly, port, addresses[:plain])
            used = time.process_time() + cpu_seconds([stage.postgres.server.pid or 0])
            rate = await _print(database, _Box(port), readers)
            used = time.process_time() + cpu_seconds([stage.postgres.server.pid or 0]) - used
            yield Sample(value=rate, yardstick=yardstick, cpu_ms=used / readers * 1000)


async def _print(database: Database, box: _Box, readers: int) -> float:
    issue_id = await an_issue(database, headline=MARKDOWN)
    began = time.perf_counter()
    while await state_of(database, issue_id) != "sent":
        await asyncio.gather(*(sent_out(a_press(database, box)) for _ in range(PRESSES)))
    took = time.perf_counter() - began
    sent = await database.pool.fetchval(
        "SELECT count(*) FROM bulletin_copy WHERE issue_id = $1 AND state = 'sent'", issue_id
    )
    assert sent == readers, f"{sent} of {readers} were sent"
    return readers / took


def _plainly(port: int, addresses: list[str]) -> float:
    """One connection, and a message built for each recipient."""
    sender = Address("Practice Development Unit", "pdu", "example.org")
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for address in addresses:
            message = mail.compose(
                mail.Letter(
                    message_id=f"<{uuid4().hex}@example.org>",
                    written_at=datetime.now(UTC),
                    sender=sender,
                    to=mail.address(address),
                    subject="The bulletin",
                    text=MARKDOWN,
                    html=f"<!DOCTYPE html><html lang=en><title>x</title><pre>{MARKDOWN}</pre>",
                    unsubscribe=f"https://portal.example.org/u/{uuid4().hex}",
                )
            )
            server.send_message(message)
    return len(addresses) / (time.perf_counter() - began)


BENCHMARKS = (
    Benchmark(
        name="bulletin",
        unit="mails/s",
        yardstick="smtplib, a message built for each",
        rounds=_rounds,
        floor=5,
        aim=20,
    ),
)
