"""The way of a letter from the table to the mail server, as rows: picked up, in doubt, recorded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from pdu_notifications.letter import LETTERS
from pdu_notifications.rules.sending import LEASE, Later, Never, SendNow, Standing, fate
from pdu_shared import outbox
from pdu_shared.bus import Thread
from pdu_shared.contracts.message import Message
from pdu_shared.contracts.notifications import MessageFailed, MessageSent, MessageSuppressed
from pdu_shared.contracts.vocabulary import Channel, LetterState
from pdu_shared.database import Conn, Database, transaction


class ClaimLostError(Exception):
    """Another postman has the letter now: the lease was over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PickedUp:
    """A letter in the hands of one postman. `attempt` is the claim: only its holder may record."""

    letter_id: UUID
    key: str
    kind: str
    related_id: UUID
    content: str
    posted_at: datetime
    expires_at: datetime | None
    attempt: int
    thread: Thread
    address: str | None
    name: str | None
    token: str | None


async def pick_up(database: Database, *, now: datetime) -> PickedUp | bool:
    """Take the letter that has waited longest, if it may go; else note what became of it.

    True when one was dealt with, False when there is none to look at.
    """
    async with transaction(database) as conn:
        row = await _next(conn, now)
        if row is None:
            return False
        letter = _picked_up(row)
        match fate(_standing(row), now=now):
            case SendNow():
                await _claim(conn, letter, now)
                return letter
            case outcome:
                await _move(conn, letter, outcome, now)
    LETTERS.labels(outcome.state).inc()
    return True


async def note_doubt(database: Database, letter: PickedUp, *, now: datetime) -> None:
    """From here until the outcome is recorded, the letter may have been sent.

    Raises ClaimLostError when the lease is over and somebody else has it.
    """
    async with transaction(database) as conn:
        noted = await conn.execute(
            """
            UPDATE letter SET state = 'in_doubt', next_at = $3, changed_at = $4
             WHERE letter_id = $1 AND attempt = $2 AND state = 'sending'
            """,
            letter.letter_id,
            letter.attempt,
            now + LEASE,
            now,
        )
    if noted != "UPDATE 1":
        raise ClaimLostError


async def record(
    database: Database, letter: PickedUp, outcome: Later | Never, *, now: datetime
) -> None:
    """Write down what became of a letter, and tell of it."""
    async with transaction(database) as conn:
        held = await conn.fetchval(
            """
            SELECT true FROM letter
             WHERE letter_id = $1 AND attempt = $2 AND state IN ('sending', 'in_doubt')
               FOR UPDATE
            """,
            letter.letter_id,
            letter.attempt,
        )
        if not held:
            raise ClaimLostError
        await _move(conn, letter, outcome, now)
    LETTERS.labels(outcome.state).inc()


async def _move(conn: Conn, letter: PickedUp, outcome: Later | Never, now: datetime) -> None:
    await conn.execute(
        """
        UPDATE letter SET state = $2, reason = $3, next_at = $4, changed_at = $5
         WHERE letter_id = $1
        """,
        letter.letter_id,
        outcome.state,
        outcome.reason,
        outcome.at if isinstance(outcome, Later) else now,
        now,
    )
    if told := _told(letter, outcome):
        await outbox.add(conn, outbox.Promise(told, letter.thread))


def _told(letter: PickedUp, outcome: Later | Never) -> Message | None:
    """What others hear of it; nothing while it is on its way."""
    about: dict[str, Any] = {
        "letter_id": letter.letter_id,
        "template": letter.kind,
        "channel": Channel.EMAIL,
        "related_id": letter.related_id,
    }
    match outcome.state:
        case LetterState.SENT:
            return MessageSent(**about)
        case LetterState.BOUNCED | LetterState.FAILED:
            return MessageFailed(**about, reason=outcome.reason)
        case LetterState.CANCELLED | LetterState.EXPIRED | LetterState.SUPPRESSED:
            return MessageSuppressed(**about, reason=outcome.reason)
    return None


def _standing(row: asyncpg.Record) -> Standing:
    return Standing(
        state=LetterState(row["state"]),
        attempt=row["attempt"],
        repeatable=row["repeatable"],
        posted_at=row["posted_at"],
        expires_at=row["expires_at"],
        while_booking=row["while_booking"],
        booking_state=row["booking_state"],
        lacks=_lacks(row),
    )


def _lacks(row: asyncpg.Record) -> str | None:
    if row["while_booking"] and not row["booking_state"]:
        return "no_booking"
    if not row["address"]:
        return "no_address"
    if row["needs_link"] and not row["token"]:
        return "no_link"
    return None


def _picked_up(row: asyncpg.Record) -> PickedUp:
    return PickedUp(
        letter_id=row["letter_id"],
        key=row["key"],
        kind=row["kind"],
        related_id=row["related_id"],
        content=row["content"],
        posted_at=row["posted_at"],
        expires_at=row["expires_at"],
        attempt=row["attempt"] + 1,
        thread=Thread(row["correlation_id"], row["causation_id"]),
        address=row["address"],
        name=row["name"],
        token=row["token"],
    )


async def _claim(conn: Conn, letter: PickedUp, now: datetime) -> None:
    await conn.execute(
        """
        UPDATE letter SET state = 'sending', attempt = $2, next_at = $3, changed_at = $4
         WHERE letter_id = $1
        """,
        letter.letter_id,
        letter.attempt,
        now + LEASE,
        now,
    )


async def _next(conn: Conn, now: datetime) -> asyncpg.Record | None:
    return await conn.fetchrow(
        """
        SELECT letter.letter_id, letter.key, letter.kind, letter.related_id, letter.content,
               letter.needs_link, letter.state, letter.attempt, letter.repeatable,
               letter.while_booking, letter.posted_at, letter.expires_at,
               letter.correlation_id, letter.causation_id,
               booking.state AS booking_state,
               contact_point.address, contact_point.name, booking_link.token
          FROM letter
          LEFT JOIN booking       ON booking.booking_id = letter.related_id
          LEFT JOIN booking_link  ON booking_link.booking_id = letter.related_id
          LEFT JOIN contact_point ON contact_point.person_id = letter.person_id
         WHERE letter.state IN ('queued', 'sending', 'in_doubt', 'deferred')
           AND letter.next_at <= $1
         ORDER BY letter.next_at
         LIMIT 1
           FOR UPDATE OF letter SKIP LOCKED
        """,
        now,
    )
