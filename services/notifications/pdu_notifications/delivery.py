"""What a postman writes down about the letter in his hands: in doubt, or what became of it."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pdu_notifications import suppression
from pdu_notifications.letter import LETTERS
from pdu_notifications.rules.sending import LEASE, Later, Never
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
    """Where its channel leads: an e-mail address, a number, a postal address."""
    name: str | None
    link: str | None
    """Where its link leads in the portal, such as `b/<token>`."""
    subscriber_id: UUID | None
    subscription_id: UUID | None
    """Of letters that belong to a list: what the links that lead out are for."""
    resent: int = 0
    """How often somebody had it sent once more."""
    channel: Channel = Channel.EMAIL
    in_doubt: bool = False
    """It may have been sent: whoever took it over is asked first."""

    @property
    def domain(self) -> str:
        """Where it goes, when it goes by e-mail."""
        if self.channel is not Channel.EMAIL:
            return ""
        return (self.address or "").rpartition("@")[2].lower()

    @property
    def sent_as(self) -> str:
        """What its Message-ID is made of."""
        return f"{self.key}#{self.resent}" if self.resent else self.key


def mark_of(key: bytes, address: str) -> bytes:
    """By this we know again where a letter went, without keeping the address with it."""
    return hmac.digest(key, address.lower().encode(), "sha256")[:16]


async def note_doubt(
    database: Database, letter: PickedUp, *, reached: bytes, now: datetime
) -> None:
    """From here until the outcome is recorded, the letter may have been sent.

    Raises ClaimLostError when the lease is over and somebody else has it.
    """
    async with transaction(database) as conn:
        noted = await conn.execute(
            """
            UPDATE letter SET state = 'in_doubt', next_at = $3, changed_at = $4, reached = $5
             WHERE letter_id = $1 AND attempt = $2 AND state = 'sending'
            """,
            letter.letter_id,
            letter.attempt,
            now + LEASE,
            now,
            reached,
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
        await move(conn, letter, outcome, now)
    LETTERS.labels(outcome.state).inc()


async def move(conn: Conn, letter: PickedUp, outcome: Later | Never, now: datetime) -> None:
    """Bring a letter into another state, and tell of it."""
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
    if outcome.state is LetterState.BOUNCED and letter.address:
        await suppression.note(conn, letter.letter_id, letter.address, outcome.reason, now=now)
    if told := _told(letter, outcome):
        await outbox.add(conn, outbox.Promise(told, letter.thread))


def _told(letter: PickedUp, outcome: Later | Never) -> Message | None:
    """What others hear of it; nothing while it is on its way."""
    about: dict[str, Any] = {
        "letter_id": letter.letter_id,
        "template": letter.kind,
        "channel": letter.channel,
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
