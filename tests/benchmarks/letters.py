"""Letters a second, one after another as the postman sends them, against one connection each."""

import asyncio
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.headerregistry import Address
from pathlib import Path

import raw_box
from benchmarks.measure import Benchmark, Sample
from benchmarks.stage import Stage
from pdu_shared.handover import Accepted
from pdu_shared.mail import Letter, compose
from pdu_shared.smtp import Patience, Smtp

LETTERS_A_SECOND = 300
MESSAGE = compose(
    Letter(
        message_id="<1@example.org>",
        written_at=datetime(2027, 1, 14, tzinfo=UTC),
        sender=Address("PDU", "pdu", "example.org"),
        to=Address(username="marian", domain="example.org"),
        subject="Your place",
        text="Hello Marian,\n" * 40,
        html="<p>Hello Marian,</p>\n" * 40,
    )
)


@asynccontextmanager
async def _a_box() -> AsyncIterator[int]:
    """A mail server in a process of its own, by its port."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(raw_box.__file__)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield int(await process.stdout.readline())
    finally:
        process.terminate()
        await process.communicate()


async def _rate(port: int, count: int, *, each: int) -> float:
    smtp = Smtp(f"smtp+plain://127.0.0.1:{port}", patience=Patience(letters=each))
    begun = time.perf_counter()
    for _ in range(count):
        outcome = await smtp.send(
            MESSAGE, envelope_sender="pdu@example.org", before_data=_nothing_to_note
        )
        assert outcome == Accepted()
    seconds = time.perf_counter() - begun
    await smtp.close()
    return count / seconds


async def _nothing_to_note() -> None:
    return


async def _rounds(stage: Stage, seconds: float) -> AsyncGenerator[Sample, None]:
    del stage  # no service takes part
    count = int(LETTERS_A_SECOND * seconds)
    async with _a_box() as port:
        while True:
            one_each = await _rate(port, count, each=1)
            shared = await _rate(port, count, each=100)
            yield Sample(value=shared, yardstick=one_each)


BENCHMARKS = (
    Benchmark(
        name="letters",
        unit="letters/s",
        yardstick="a connection for each",
        rounds=_rounds,
        floor=1.3,
        aim=2,
    ),
)
