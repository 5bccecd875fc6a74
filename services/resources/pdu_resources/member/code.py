"""Codes by letter: who reads the mail of an address shows it by typing six digits.

The digits are made from the id of the code with the person key, so no table holds them. Whoever
asks gets the id and nobody else does: a code is good only for the request that asked for it, and
strangers can neither guess at it nor use up its tries.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil
from typing import Annotated
from uuid import UUID, uuid4

import structlog
from pydantic import StringConstraints

from pdu_resources.rules.code import (
    DIGITS,
    KEPT_FOR,
    VALID_FOR,
    Kept,
    Verdict,
    verdict,
    wait_before_another,
)
from pdu_shared.database import Conn, Database, transaction
from pdu_shared.forms import Form
from pdu_shared.persons import persons_of
from pdu_shared.problems import Fault, Refused, TooMany

log = structlog.get_logger()

_LABEL = b"mailed code\0"
"""What else is made with the same key never looks like this."""
SAID = {
    Verdict.WRONG: "This is not the code that we sent.",
    Verdict.USED: "This code has been used: ask for another one.",
    Verdict.EXPIRED: "This code has run out: ask for another one.",
    Verdict.GUESSED: "This code was tried too often: ask for another one.",
}

TypedDigits = Annotated[str, StringConstraints(pattern=r"^[0-9 -]{6,16}$")]
"""Six digits as somebody types them, with gaps if they like."""


class Purpose(StrEnum):
    """What a code is for. One that was sent for one thing opens no other."""

    SIGN_UP = "sign_up"
    SIGN_IN = "sign_in"
    NEW_ADDRESS = "new_address"


class TypedCode(Form):
    """A code, and the id that was given when it was asked for."""

    code_id: UUID
    code: TypedDigits


@dataclass(frozen=True, slots=True)
class Try:
    """One try at a code, counted already: redeeming asks for it, so none goes uncounted."""

    code_id: UUID
    typed: str
    number: int


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever reads the mail of this address. `person_id` is its pseudonym."""

    address: str
    person_id: UUID


async def send_code(conn: Conn, key: bytes, address: str, purpose: Purpose, now: datetime) -> UUID:
    """Have a code sent to this address, known or not; its id, for whoever asked and nobody else.

    `key` is the person key. Raises TooMany when the address has been sent enough of them.
    """
    [person_id] = await persons_of(conn, key, [address])
    # Two who ask at once are counted one after the other.
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 100))", str(person_id))
    rows = await conn.fetch(
        "SELECT asked_at FROM mailed_code WHERE person_id = $1 AND asked_at > $2",
        person_id,
        now - KEPT_FOR,
    )
    if wait := wait_before_another([row["asked_at"] for row in rows], now=now):
        raise TooMany(
            "Enough codes were sent to this address: wait a while.",
            retry_after=ceil(wait.total_seconds()),
        )
    code_id = uuid4()  # not the kernel's: nobody may guess it from the one before
    await conn.execute(
        """
        WITH asked AS (
            INSERT INTO mailed_code (code_id, purpose, address, person_id, asked_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6))
        INSERT INTO code_letter (code_id, next_at) VALUES ($1, $5)
        """,
        code_id,
        purpose,
        address,
        person_id,
        now,
        now + VALID_FOR,
    )
    return code_id


async def count_try(database: Database, given: TypedCode) -> Try:
    """Count one more try, for good: whatever becomes of the request, it was one."""
    async with transaction(database) as conn:
        number: int | None = await conn.fetchval(
            "UPDATE mailed_code SET tries = tries + 1 WHERE code_id = $1 RETURNING tries",
            given.code_id,
        )
    return Try(given.code_id, given.code, number or 0)


async def redeem(conn: Conn, key: bytes, attempt: Try, purpose: Purpose, now: datetime) -> Holder:
    """Use up a code, in the transaction of what it is used for; whose it was.

    Raises Refused, pointing at `/code`, with `wrong-code`, `used-code`, `expired-code` or
    `too-many-tries`.
    """
    row = await conn.fetchrow(
        """
        SELECT address, person_id, expires_at, used_at
          FROM mailed_code
         WHERE code_id = $1 AND purpose = $2
           FOR UPDATE
        """,
        attempt.code_id,
        purpose,
    )
    kept = None
    if row:
        digits, used = digits_of(key, attempt.code_id), row["used_at"] is not None
        kept = Kept(digits=digits, expires_at=row["expires_at"], used=used)
    found = verdict(kept, attempt.typed, number=attempt.number, now=now)
    if row is None or found is not Verdict.RIGHT:
        log.info("code refused", reason=found, purpose=purpose, number=attempt.number)
        raise Refused(errors=[Fault("/code", found, SAID[found])])
    await conn.execute(
        "UPDATE mailed_code SET used_at = $2 WHERE code_id = $1", attempt.code_id, now
    )
    return Holder(row["address"], row["person_id"])


def digits_of(key: bytes, code_id: UUID) -> str:
    """The six digits that a letter tells."""
    made = hmac.digest(key, _LABEL + code_id.bytes, "sha256")
    return f"{int.from_bytes(made[:8]) % 10**DIGITS:0{DIGITS}}"


async def forget_codes(conn: Conn, now: datetime) -> int:
    """Forget the codes of yesterday, and the addresses they went to; how many."""
    done: str = await conn.execute("DELETE FROM mailed_code WHERE asked_at < $1", now - KEPT_FOR)
    return int(done.rsplit(maxsplit=1)[-1])
