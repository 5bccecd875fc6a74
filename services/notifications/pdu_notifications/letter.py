"""A letter: composed once, posted in the transaction of its cause, sent later by the postman."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import structlog
from prometheus_client import Counter

from pdu_notifications import mailing_list
from pdu_notifications.booking import Standing
from pdu_notifications.rules.courtesy import Quiet
from pdu_notifications.wording import Content
from pdu_shared import outbox
from pdu_shared.bus import current_thread
from pdu_shared.contracts.notifications import MessageQueued, MessageSuppressed
from pdu_shared.contracts.vocabulary import Channel, LetterState, MailingList
from pdu_shared.database import Conn
from pdu_shared.identity import uuid7
from pdu_shared.telemetry import REGISTRY

log = structlog.get_logger()

LETTERS = Counter("pdu_letters", "Letters that came into this state.", ["state"], registry=REGISTRY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What one person is to read, and when it is no longer true."""

    kind: str
    person_id: UUID
    related_id: UUID
    content: Content
    offset: str = "0"
    """Tells letters of one kind about one booking apart."""
    while_booking: Standing | None = None
    """It goes out only while its booking stands so."""
    expires_at: datetime | None = None
    mail_only: bool = False
    """Whether it goes by e-mail or not at all, such as one that proves whose a mailbox is."""
    list: MailingList | None = None
    """The list that it belongs to; none for what somebody waits for, such as a confirmation."""
    waits_for_morning: bool = False
    """Whether one that is planned may come in the morning instead of at night."""
    repeatable: bool = False
    """Whether it goes again, under the same Message-ID, when it may or may not have been sent."""

    @property
    def key(self) -> str:
        """For each key there is one letter, however often its cause is told."""
        return key_of(self.kind, self.related_id, self.offset)

    def not_before(self, now: datetime, quiet: Quiet | None) -> datetime:
        """When a planned one is posted: now, or in the morning if that is not too late.

        One that belongs to a list waits as a posted letter, for whatever its list asks for.
        """
        if quiet is None or not self.waits_for_morning:
            return now
        morning = quiet.over_at(now)
        return now if self.expires_at and self.expires_at <= morning else morning


def key_of(kind: str, related_id: UUID, offset: str = "0") -> str:
    """The notification key: kind, what it is about, and the offset."""
    return f"{kind}:{related_id}:{offset}"


async def post(conn: Conn, letter: Letter) -> bool:
    """Put a letter in the post, in the transaction of whatever causes it.

    False for a repetition, and for what did not just happen: an import writes to nobody.
    """
    if current_thread().origin != "live":
        return False
    letter_id, now = uuid7(), datetime.now(UTC)
    if not await _insert(conn, letter_id, letter, now):
        return False
    if letter.list:
        await mailing_list.put_on(conn, letter.person_id, letter.list, now=now)
    await outbox.add(
        conn,
        MessageQueued(
            letter_id=letter_id,
            template=letter.kind,
            channel=Channel.EMAIL,
            related_id=letter.related_id,
        ),
    )
    LETTERS.labels(LetterState.QUEUED).inc()
    log.info("posted", letter_id=str(letter_id), kind=letter.kind)
    return True


async def call_back(conn: Conn, related_id: UUID, kinds: Collection[str], *, reason: str) -> None:
    """Keep back what has not gone yet, because what it is about is not so any more."""
    rows = await conn.fetch(
        """
        UPDATE letter SET state = 'cancelled', reason = $3, changed_at = $4
         WHERE related_id = $1 AND kind = ANY ($2::text[])
           AND state IN ('queued', 'deferred', 'by_hand')
        RETURNING letter_id, kind, channel
        """,
        related_id,
        list(kinds),
        reason,
        datetime.now(UTC),
    )
    told = [
        MessageSuppressed(
            letter_id=row["letter_id"],
            template=row["kind"],
            channel=Channel(row["channel"]),
            related_id=related_id,
            reason=reason,
        )
        for row in rows
    ]
    await outbox.add(conn, *told)
    LETTERS.labels(LetterState.CANCELLED).inc(len(rows))


async def was_written(conn: Conn, kind: str, person_ids: Sequence[UUID]) -> bool:
    """Whether a person has had a letter of this kind, about whatever."""
    found: bool = await conn.fetchval(
        "SELECT EXISTS (SELECT FROM letter WHERE person_id = ANY ($1::uuid[]) AND kind = $2)",
        person_ids,
        kind,
    )
    return found


async def pages_written(conn: Conn, kind: str, person_id: UUID, related_id: UUID) -> Sequence[str]:
    """Where the links of earlier letters of this kind about the same led."""
    rows = await conn.fetch(
        """
        SELECT content FROM letter
         WHERE person_id = $1 AND kind = $2 AND related_id = $3 AND content <> ''
        """,
        person_id,
        kind,
        related_id,
    )
    letters = [Content.model_validate_json(row["content"]) for row in rows]
    return [page for one in letters for section in one.sections for _, page in section.pages]


async def _insert(conn: Conn, letter_id: UUID, letter: Letter, now: datetime) -> bool:
    """Whether it was new."""
    thread = current_thread()
    inserted = await conn.fetchval(
        """
        INSERT INTO letter (letter_id, key, kind, person_id, related_id, content, needs_link,
                            while_booking, expires_at, repeatable, correlation_id, causation_id,
                            list, mail_only, state, next_at, posted_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'queued',
                $15, $15, $15)
            ON CONFLICT (key) DO NOTHING
        RETURNING true
        """,
        letter_id,
        letter.key,
        letter.kind,
        letter.person_id,
        letter.related_id,
        letter.content.model_dump_json(),
        letter.content.needs_link,
        letter.while_booking,
        letter.expires_at,
        letter.repeatable,
        thread.correlation_id,
        thread.causation_id,
        letter.list,
        letter.mail_only,
        now,
    )
    return bool(inserted)
