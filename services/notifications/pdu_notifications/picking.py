"""Which letter a postman takes next, and what stands in the way of those that do not go."""

from dataclasses import dataclass, replace
from datetime import datetime

import asyncpg

from pdu_notifications.delivery import PickedUp, move
from pdu_notifications.letter import LETTERS
from pdu_notifications.pace import Pace
from pdu_notifications.rules.courtesy import Quiet
from pdu_notifications.rules.sending import LEASE, AskFirst, SendNow, Standing, fate
from pdu_notifications.turn import Asked, not_before
from pdu_shared.bus import Thread
from pdu_shared.contracts.vocabulary import LetterState, MailingList, SubscriptionState
from pdu_shared.database import Conn, Database, transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Custom:
    """What decides about letters beside themselves."""

    quiet: Quiet | None = None
    pace: Pace | None = None
    can_ask: bool = False


async def pick_up(
    database: Database, *, now: datetime, custom: Custom = Custom()
) -> PickedUp | bool:
    """Take the letter that has waited longest, if it may go; else note what became of it.

    True when one was dealt with, False when there is none to look at.
    """
    async with transaction(database) as conn:
        row = await _next(conn, now)
        if row is None:
            return False
        letter = _picked_up(row)
        turn = await _turn(conn, row, now, custom.quiet) if row["list"] else None
        match fate(_standing(row, now, custom, letter.domain, turn), now=now):
            case SendNow():
                await _claim(conn, letter, LetterState.SENDING, now)
                if custom.pace:
                    custom.pace.take(letter.domain, now)
                return letter
            case AskFirst():
                await _claim(conn, letter, LetterState.IN_DOUBT, now)
                return replace(letter, in_doubt=True)
            case outcome:
                await move(conn, letter, outcome, now)
    LETTERS.labels(outcome.state).inc()
    return True


def _standing(
    row: asyncpg.Record,
    now: datetime,
    custom: Custom,
    domain: str,
    turn: tuple[str, datetime] | None,
) -> Standing:
    return Standing(
        state=LetterState(row["state"]),
        attempt=row["attempt"],
        repeatable=row["repeatable"],
        posted_at=row["posted_at"],
        expires_at=row["expires_at"],
        while_booking=row["while_booking"],
        booking_state=row["booking_state"],
        lacks=_lacks(row),
        unwanted=_unwanted(row),
        not_before=turn,
        rests_until=custom.pace.free_at(domain, now) if custom.pace else None,
        can_ask=custom.can_ask,
    )


def _unwanted(row: asyncpg.Record) -> str | None:
    if row["suppressed"]:
        return "address_suppressed"
    if row["list"] and row["subscription_state"] != SubscriptionState.ACTIVE:
        return "unsubscribed"
    return None


async def _turn(
    conn: Conn, row: asyncpg.Record, now: datetime, quiet: Quiet | None
) -> tuple[str, datetime]:
    asked = Asked(row["letter_id"], row["person_id"], MailingList(row["list"]), row["kind"])
    return await not_before(conn, asked, now=now, quiet=quiet)


def _lacks(row: asyncpg.Record) -> str | None:
    if row["while_booking"] and not row["booking_state"]:
        return "no_booking"
    if not row["address"]:
        return "no_address"
    if row["needs_link"] and not row["link"]:
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
        link=row["link"],
        subscriber_id=row["subscriber_id"],
        subscription_id=row["subscription_id"],
        resent=row["resent"],
    )


async def _claim(conn: Conn, letter: PickedUp, state: LetterState, now: datetime) -> None:
    await conn.execute(
        """
        UPDATE letter SET state = $2, attempt = $3, next_at = $4, changed_at = $5
         WHERE letter_id = $1
        """,
        letter.letter_id,
        state,
        letter.attempt,
        now + LEASE,
        now,
    )


async def _next(conn: Conn, now: datetime) -> asyncpg.Record | None:
    return await conn.fetchrow(
        """
        SELECT letter.letter_id, letter.key, letter.kind, letter.related_id, letter.content,
               letter.needs_link, letter.state, letter.attempt, letter.repeatable,
               letter.while_booking, letter.posted_at, letter.expires_at, letter.resent,
               letter.correlation_id, letter.causation_id, letter.list,
               booking.state AS booking_state,
               contact_point.address, contact_point.name, link.path AS link,
               suppression.address IS NOT NULL AS suppressed, subscriber.subscriber_id,
               subscription.subscription_id, subscription.state AS subscription_state,
               letter.person_id
          FROM letter
          LEFT JOIN booking       ON booking.booking_id = letter.related_id
          LEFT JOIN link          ON link.related_id = letter.related_id
          LEFT JOIN LATERAL (
               SELECT address, name FROM contact_point WHERE person_id = letter.person_id
                UNION ALL
               SELECT address, name
                 FROM person_alias JOIN contact_point ON person_id = kept_id
                WHERE merged_id = letter.person_id
                UNION ALL
               SELECT address, name
                 FROM person_alias JOIN contact_point ON person_id = merged_id
                WHERE kept_id = letter.person_id
                LIMIT 1) AS contact_point ON true
          LEFT JOIN suppression   ON suppression.address = lower(contact_point.address)
          LEFT JOIN subscriber    ON letter.list IS NOT NULL
                                 AND subscriber.person_id = letter.person_id
          LEFT JOIN subscription  ON subscription.subscriber_id = subscriber.subscriber_id
                                 AND subscription.list = letter.list
         WHERE letter.state IN ('queued', 'sending', 'in_doubt', 'deferred')
           AND letter.next_at <= $1
         ORDER BY letter.next_at
         LIMIT 1
           FOR UPDATE OF letter SKIP LOCKED
        """,
        now,
    )
