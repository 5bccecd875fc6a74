"""The letters with the codes. They go from here to the mail server and are never on the bus.

No database connection is held during the conversation with the server. A letter may go twice
when the process dies in between: it has the same digits and the same Message-ID.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from functools import partial
from uuid import UUID

import structlog

from pdu_resources.member.code import Purpose, digits_of
from pdu_resources.rules.code import VALID_FOR
from pdu_shared import mail
from pdu_shared.again import rounds
from pdu_shared.database import Conn, Database, transaction
from pdu_shared.handover import Accepted, Bounced, Outcome, Rejected, Sink
from pdu_shared.runtime import Runtime
from pdu_shared.sinks import sink_of

log = structlog.get_logger()

PROVIDER = "Practice Development Unit"
LOOK_EVERY = 0.3
LINES = 2
"""Letters under way at the same time: one that hangs does not hold up the other."""
LEASE = timedelta(seconds=130)
"""Longer than the mail server may take for one letter."""
PAUSE = timedelta(seconds=20)
FOR = {
    Purpose.SIGN_UP: "With this code you open your free account of the hub",
    Purpose.SIGN_IN: "With this code you sign in to the hub",
    Purpose.NEW_ADDRESS: "With this code your account of the hub moves to this address",
}
TEXT = """\
Hello,

{purpose}:

    {code}

It is good for {minutes} minutes, once, where you asked for it. Nobody from our team will ever ask
you for it.

If you did not ask for a code, there is nothing to do: somebody may have mistyped their address.

{provider}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What it takes to send a code."""

    database: Database
    sink: Sink
    sender: Address
    key: bytes
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    @classmethod
    def of(cls, runtime: Runtime) -> "Desk":
        """The desk that the settings name."""
        settings = runtime.settings
        sender = mail.address(settings.mail_from)
        return cls(
            database=runtime.database,
            sink=sink_of(settings),
            sender=Address(PROVIDER, sender.username, sender.domain),
            key=runtime.person_key,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLetter:
    """A letter in the hands of one line."""

    code_id: UUID
    purpose: Purpose
    address: str
    asked_at: datetime
    expires_at: datetime


async def send_codes(runtime: Runtime) -> None:
    """Send what is asked for, for ever."""
    desk = Desk.of(runtime)
    async with asyncio.TaskGroup() as lines:
        for _ in range(LINES):
            lines.create_task(rounds(partial(send_next, desk), name="codes", rest=LOOK_EVERY))


async def send_next(desk: Desk) -> bool:
    """Send the letter that has waited longest; False when none waits."""
    letter = await _pick_up(desk)
    if letter is None:
        return False
    outcome = await _send(desk, letter)
    async with transaction(desk.database) as conn:
        await _record(conn, letter.code_id, outcome, desk.now())
    log.info("code dealt with", purpose=letter.purpose, outcome=type(outcome).__name__)
    return True


async def _nothing_to_note() -> None:
    # A doubt needs no note: the same code once more is better than none.
    return


def _written(desk: Desk, letter: CodeLetter) -> mail.Letter:
    digits = digits_of(desk.key, letter.code_id)
    return mail.Letter(
        message_id=mail.message_id(f"code {letter.code_id}", desk.sender.domain),
        written_at=letter.asked_at,
        sender=desk.sender,
        to=mail.address(letter.address),
        # Without the digits: a subject is shown on screens that others see.
        subject="Your code for the hub",
        text=TEXT.format(
            purpose=FOR[letter.purpose],
            code=f"{digits[:3]} {digits[3:]}",
            minutes=int(VALID_FOR.total_seconds() // 60),
            provider=PROVIDER,
        ),
    )


async def _pick_up(desk: Desk) -> CodeLetter | None:
    now = desk.now()
    async with transaction(desk.database) as conn:
        row = await conn.fetchrow(
            """
            UPDATE code_letter SET attempt = attempt + 1, next_at = $2
              FROM mailed_code
             WHERE code_letter.code_id = (SELECT code_id FROM code_letter
                                           WHERE next_at <= $1
                                           ORDER BY next_at LIMIT 1
                                             FOR UPDATE SKIP LOCKED)
               AND mailed_code.code_id = code_letter.code_id
            RETURNING mailed_code.code_id, purpose, address, asked_at, expires_at
            """,
            now,
            now + LEASE,
        )
    if row is None:
        return None
    return CodeLetter(
        code_id=row["code_id"],
        purpose=Purpose(row["purpose"]),
        address=row["address"],
        asked_at=row["asked_at"],
        expires_at=row["expires_at"],
    )


async def _send(desk: Desk, letter: CodeLetter) -> Outcome:
    if desk.now() >= letter.expires_at:
        return Rejected(code=0)
    return await desk.sink.send(
        mail.compose(_written(desk, letter)),
        envelope_sender=desk.sender.addr_spec,
        before_data=_nothing_to_note,
    )


async def _record(conn: Conn, code_id: UUID, outcome: Outcome, now: datetime) -> None:
    if isinstance(outcome, Accepted | Bounced | Rejected):
        await conn.execute("DELETE FROM code_letter WHERE code_id = $1", code_id)
    else:
        await conn.execute(
            "UPDATE code_letter SET next_at = $2 WHERE code_id = $1", code_id, now + PAUSE
        )
