"""What a notice about a letter does: once, and only about a letter that we sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import asyncpg
import structlog
from prometheus_client import Counter

from pdu_notifications import mailing_list, suppression
from pdu_notifications.delivery import mark_of
from pdu_notifications.letter import LETTERS
from pdu_notifications.return_path import OF_A_COPY
from pdu_notifications.rules.report import What, is_about_the_address
from pdu_shared import outbox
from pdu_shared.bus import Thread, continuing
from pdu_shared.contracts.notifications import MessageFailed, MessageSent
from pdu_shared.contracts.vocabulary import Channel, LetterState, SubscriptionState
from pdu_shared.database import Conn
from pdu_shared.telemetry import REGISTRY

log = structlog.get_logger()

RETURNS = Counter(
    "pdu_returns",
    "Notices about letters: taken, repeated, of no letter of ours, forged, passing or strange.",
    ["way", "what"],
    registry=REGISTRY,
)
ON_THE_WAY = frozenset({LetterState.SENDING, LetterState.IN_DOUBT})
UNDELIVERED = {What.BOUNCED: LetterState.BOUNCED, What.FAILED: LetterState.FAILED}


class Way(StrEnum):
    """How we learned of it."""

    MAILBOX = "mailbox"
    RELAY = "relay"
    PROVIDER = "provider"


class Taken(StrEnum):
    """What became of a notice."""

    TAKEN = "taken"
    REPEATED = "repeated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What became of one letter, of the time that it was sent."""

    letter_id: UUID
    resent: int
    what: What
    status: str
    way: Way


async def take(conn: Conn, notice: Notice, *, key: bytes, now: datetime) -> Taken:
    """Have a notice take effect; `key` is what tells which address a letter went to.

    A notice may come before the postman has written down that he sent the letter.
    """
    if notice.resent == OF_A_COPY:
        taken = await _take_of_copy(conn, notice, now)
        RETURNS.labels(notice.way, taken).inc()
        return taken
    letter = await _letter(conn, notice.letter_id)
    taken = Taken.UNKNOWN
    if letter and letter["reached"] is not None and notice.resent <= letter["resent"]:
        taken = Taken.TAKEN if await _is_new(conn, notice, now) else Taken.REPEATED
    if letter and taken is Taken.TAKEN:
        with continuing(Thread(letter["correlation_id"], letter["causation_id"])):
            await _have_effect(conn, notice, letter, key, now)
        log.info("notice taken", letter_id=str(notice.letter_id), what=notice.what, way=notice.way)
    RETURNS.labels(notice.way, taken).inc()
    return taken


async def _take_of_copy(conn: Conn, notice: Notice, now: datetime) -> Taken:
    """A copy of a bulletin knows its address; it is told of as part of its issue."""
    copy_id = notice.letter_id.int
    copy = await conn.fetchrow(
        "SELECT person_id, address, attempt FROM bulletin_copy WHERE copy_id = $1 FOR UPDATE",
        copy_id,
    )
    if copy is None or not copy["attempt"]:
        return Taken.UNKNOWN
    if not await _is_new(conn, notice, now):
        return Taken.REPEATED
    if notice.what in UNDELIVERED:
        await conn.execute(
            """
            UPDATE bulletin_copy SET state = $2, reason = $3, changed_at = $4
             WHERE copy_id = $1 AND state IN ('sent', 'in_doubt')
            """,
            copy_id,
            UNDELIVERED[notice.what],
            notice.status,
            now,
        )
        if is_about_the_address(notice.status):
            person, address = copy["person_id"], copy["address"]
            await suppression.came_back(conn, person, address, notice.status, now=now)
    if notice.what is What.COMPLAINED:
        await suppression.stop(conn, copy["person_id"], copy["address"], "complaint", now=now)
        await _end_lists(conn, copy["person_id"], now)
    return Taken.TAKEN


async def _have_effect(
    conn: Conn, notice: Notice, letter: asyncpg.Record, key: bytes, now: datetime
) -> None:
    state = LetterState(letter["state"])
    about = {
        "letter_id": notice.letter_id,
        "template": letter["kind"],
        "channel": Channel(letter["channel"]),
        "related_id": letter["related_id"],
    }
    if notice.what is What.COMPLAINED:
        await _end_lists(conn, letter["person_id"], now)
    if notice.resent != letter["resent"]:
        return  # it was sent once more since, perhaps to another address
    if notice.what in UNDELIVERED and (state is LetterState.SENT or state in ON_THE_WAY):
        await _move(conn, notice, UNDELIVERED[notice.what], now)
        await outbox.add(conn, MessageFailed(**about, reason=notice.status))
    elif state in ON_THE_WAY:
        await _move(conn, notice, LetterState.SENT, now)
        await outbox.add(conn, MessageSent(**about))
    if notice.what is What.COMPLAINED or is_about_the_address(notice.status):
        await _stop(conn, notice, letter, key, now)


async def _stop(
    conn: Conn, notice: Notice, letter: asyncpg.Record, key: bytes, now: datetime
) -> None:
    """Write no more to the address that the letter went to, if it is still theirs."""
    for address in await _addresses(conn, letter["person_id"]):
        if mark_of(key, address) != letter["reached"]:
            continue
        if notice.what is What.COMPLAINED:
            await suppression.stop(conn, letter["person_id"], address, "complaint", now=now)
        else:
            await suppression.note(conn, notice.letter_id, address, notice.status, now=now)


async def _end_lists(conn: Conn, person_id: UUID, now: datetime) -> None:
    subscriber_id = await conn.fetchval(
        "SELECT subscriber_id FROM subscriber WHERE person_id = $1 FOR UPDATE", person_id
    )
    if subscriber_id is None:
        return
    known = await mailing_list.subscriptions(conn, subscriber_id)
    ended = {
        one: SubscriptionState.SUPPRESSED
        for one, found in known.items()
        if found.state in mailing_list.WANTED
    }
    step = mailing_list.Step(how="complaint", at=now)
    await mailing_list.move(conn, subscriber_id, ended, step)


async def _letter(conn: Conn, letter_id: UUID) -> asyncpg.Record | None:
    return await conn.fetchrow(
        """
        SELECT person_id, kind, related_id, state, resent, reached, channel, correlation_id,
               causation_id
          FROM letter
         WHERE letter_id = $1
           FOR UPDATE
        """,
        letter_id,
    )


async def _is_new(conn: Conn, notice: Notice, now: datetime) -> bool:
    inserted = await conn.fetchval(
        """
        INSERT INTO returned (letter_id, resent, what, status, way, at)
        VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT DO NOTHING
        RETURNING true
        """,
        notice.letter_id,
        notice.resent,
        notice.what,
        notice.status,
        notice.way,
        now,
    )
    return bool(inserted)


async def _move(conn: Conn, notice: Notice, state: LetterState, now: datetime) -> None:
    reason = "accepted" if state is LetterState.SENT else notice.status
    await conn.execute(
        """
        UPDATE letter SET state = $2, reason = $3, changed_at = $4 WHERE letter_id = $1
        """,
        notice.letter_id,
        state,
        reason,
        now,
    )
    LETTERS.labels(state).inc()


async def _addresses(conn: Conn, person_id: UUID) -> list[str]:
    rows = await conn.fetch(
        """
        SELECT address FROM contact_point
         WHERE person_id = $1
            OR person_id IN (SELECT kept_id FROM person_alias WHERE merged_id = $1
                              UNION ALL
                             SELECT merged_id FROM person_alias WHERE kept_id = $1)
        """,
        person_id,
    )
    return [row["address"] for row in rows]
