"""Copies on their way, as rows: taken in hand for sending, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from pdu_notifications.bulletin.printing import Reader, domain_of
from pdu_notifications.manners import manners
from pdu_notifications.pace import Pace
from pdu_notifications.rules.courtesy import LONGEST_LOOK_BACK, Caps, room_at
from pdu_notifications.rules.sending import LEASE, Later, Never
from pdu_notifications.suppression import came_back
from pdu_shared.contracts.vocabulary import LetterState, MailingList, SubscriptionState
from pdu_shared.database import Conn, Database, transaction

BATCH = 20
"""So many are in doubt at a time: what is lost at most when the process is killed."""
WAITS_FOR_ROOM = timedelta(days=8)
"""How long a copy waits for somebody who got too much already; then the next issue will do."""


@dataclass(frozen=True, slots=True)
class InHand:
    """A copy that is being sent. `attempt` is the claim: only its holder says what became of it."""

    copy_id: int
    person_id: UUID
    attempt: int
    reader: Reader


Fate = Later | Never


@dataclass(frozen=True, slots=True)
class Turn:
    """What decides whether somebody is to get another letter now."""

    list: MailingList
    began_at: datetime
    caps: Caps
    now: datetime
    pace: Pace | None


async def take(
    database: Database, issue_id: UUID, *, now: datetime, pace: Pace | None = None
) -> list[InHand]:
    """Take the next copies of an issue in hand. From here on each may have been sent.

    Whoever left the list since, or whose address takes no letters any more, is left out here; so is
    whoever got too much of late, for the time being, or is where no more may go just now.
    """
    while True:
        looked_at, in_hand = await _take(database, issue_id, now, pace)
        if in_hand or not looked_at:
            return in_hand


async def _take(
    database: Database, issue_id: UUID, now: datetime, pace: Pace | None
) -> tuple[int, list[InHand]]:
    async with transaction(database) as conn:
        row = await conn.fetchrow(
            "SELECT state, list, began_at FROM bulletin_issue WHERE issue_id = $1 FOR SHARE",
            issue_id,
        )
        if row is None or row["state"] != "sending":
            return 0, []
        rows = await _next(conn, issue_id, now, BATCH)
        caps, _ = await manners(conn, None)
        turn = Turn(MailingList(row["list"]), row["began_at"], caps, now, pace)
        fates = {one["copy_id"]: _fate(one, turn) for one in rows}
        in_hand = [in_hand_of(one) for one in rows if fates[one["copy_id"]] is None]
        await _write(conn, {key: fate for key, fate in fates.items() if fate}, now)
        await conn.execute(
            """
            UPDATE bulletin_copy
               SET state = 'in_doubt', attempt = attempt + 1, next_at = $2, changed_at = $3
             WHERE copy_id = ANY ($1::bigint[])
            """,
            [one.copy_id for one in in_hand],
            now + LEASE,
            now,
        )
    return len(rows), in_hand


async def record(
    database: Database, became: Sequence[tuple[InHand, Fate]], *, now: datetime
) -> None:
    """Write down what became of copies that were in hand."""
    async with transaction(database) as conn:
        await _write(conn, {one.copy_id: fate for one, fate in became}, now)
        bounced = [(one, fate) for one, fate in became if fate.state is LetterState.BOUNCED]
        for one, fate in bounced:
            await came_back(conn, one.person_id, one.reader.address, fate.reason, now=now)


async def _next(conn: Conn, issue_id: UUID, now: datetime, most: int) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT copy.copy_id, copy.person_id, copy.subscriber_id, copy.subscription_id,
               copy.address, copy.attempt, subscription.state AS subscription_state,
               contact.address AS reached_at, suppression.address IS NOT NULL AS suppressed,
               lately.lists, lately.sent_at
          FROM bulletin_copy AS copy
          LEFT JOIN subscription USING (subscription_id)
          LEFT JOIN LATERAL (
               SELECT address FROM bulletin_address
                WHERE bulletin_address.person_id = copy.person_id) AS contact ON true
          LEFT JOIN suppression ON suppression.address = lower(copy.address)
         CROSS JOIN LATERAL (
               SELECT coalesce(array_agg(list), '{}') AS lists,
                      coalesce(array_agg(changed_at), '{}') AS sent_at
                 FROM sent_lately AS sent
                WHERE sent.person_id = copy.person_id AND sent.changed_at > $4) AS lately
         WHERE copy.issue_id = $1 AND copy.state IN ('queued', 'deferred') AND copy.next_at <= $2
         ORDER BY copy.next_at, copy.copy_id
         LIMIT $3
           FOR UPDATE OF copy SKIP LOCKED
        """,
        issue_id,
        now,
        most,
        now - LONGEST_LOOK_BACK,
    )


def _fate(row: asyncpg.Record, turn: Turn) -> Fate | None:
    """What keeps a copy from being sent now; nothing when it goes."""
    if row["suppressed"]:
        return Never(LetterState.SUPPRESSED, "address_suppressed")
    if row["subscription_state"] != SubscriptionState.ACTIVE:
        return Never(LetterState.SUPPRESSED, "unsubscribed")
    if row["reached_at"] is None or row["reached_at"].lower() != row["address"].lower():
        return Never(LetterState.SUPPRESSED, "address_changed")
    lately = zip(row["lists"], row["sent_at"], strict=True)
    sent = [(MailingList(which), at) for which, at in lately]
    room = room_at(turn.list, sent, now=turn.now, caps=turn.caps)
    if room <= turn.now:
        return _rest(row["address"], turn)
    if room > turn.began_at + WAITS_FOR_ROOM:
        return Never(LetterState.SUPPRESSED, "frequency_cap")
    return Later(LetterState.QUEUED, "frequency_cap", room)


def _rest(address: str, turn: Turn) -> Fate | None:
    """Until when no more may go to where this address is; one that may go is counted."""
    if turn.pace is None:
        return None
    domain = domain_of(address)
    free_at = turn.pace.free_at(domain, turn.now)
    if free_at is not None and free_at > turn.now:
        return Later(LetterState.QUEUED, "domain_rests", free_at)
    turn.pace.take(domain, turn.now)
    return None


def in_hand_of(row: asyncpg.Record, *, attempts: int = 1) -> InHand:
    """The copy of a row, which is tried so many times more than before."""
    return InHand(
        row["copy_id"],
        row["person_id"],
        row["attempt"] + attempts,
        Reader(
            address=row["address"],
            subscriber_id=row["subscriber_id"],
            subscription_id=row["subscription_id"],
        ),
    )


async def _write(conn: Conn, fates: dict[int, Fate], now: datetime) -> None:
    if not fates:
        return
    await conn.execute(
        """
        UPDATE bulletin_copy AS copy
           SET state = said.state, reason = said.reason, next_at = said.next_at, changed_at = $5
          FROM unnest($1::bigint[], $2::text[], $3::text[], $4::timestamptz[])
               AS said (copy_id, state, reason, next_at)
         WHERE copy.copy_id = said.copy_id AND copy.state <> 'sent'
        """,
        list(fates),
        [fate.state for fate in fates.values()],
        [fate.reason for fate in fates.values()],
        [fate.at if isinstance(fate, Later) else now for fate in fates.values()],
        now,
    )
