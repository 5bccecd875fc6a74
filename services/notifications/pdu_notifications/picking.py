"""Which letter a postman takes next, and what stands in the way of those that do not go."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import asyncpg

from pdu_notifications.delivery import PickedUp, move
from pdu_notifications.letter import LETTERS
from pdu_notifications.pace import Pace
from pdu_notifications.rules.channel import Reach, Way, way_to
from pdu_notifications.rules.courtesy import Quiet
from pdu_notifications.rules.sending import (
    LEASE,
    LOOK_AT_TASKS_EVERY,
    AskFirst,
    ByHand,
    SendNow,
    Standing,
    fate,
)
from pdu_notifications.turn import Asked, not_before
from pdu_shared.bus import Thread
from pdu_shared.contracts.vocabulary import (
    Channel,
    LetterState,
    MailingList,
    SubscriptionState,
)
from pdu_shared.database import Conn, Database, transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Custom:
    """What decides about letters beside themselves."""

    quiet: Quiet | None = None
    pace: Pace | None = None
    can_ask: bool = False
    machines: frozenset[Channel] = frozenset()
    """The ways besides e-mail that no person has to go."""


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
        way = _way(row, custom)
        letter = _picked_up(row, way)
        turn = await _turn(conn, row, now, custom.quiet) if row["list"] else None
        match fate(_standing(row, now, custom, (letter, way), turn), now=now):
            case SendNow():
                await _claim(conn, letter, LetterState.SENDING, now)
                if custom.pace and letter.channel is Channel.EMAIL:
                    custom.pace.take(letter.domain, now)
                return letter
            case ByHand():
                await _hand_to_people(conn, letter, now)
                if row["state"] == LetterState.BY_HAND:
                    return True
                outcome = LetterState.BY_HAND
            case AskFirst():
                letter = replace(letter, in_doubt=True, **_went(row))
                await _claim(conn, letter, LetterState.IN_DOUBT, now)
                return letter
            case decided:
                await move(conn, letter, decided, now)
                outcome = decided.state
    LETTERS.labels(outcome).inc()
    return True


def _way(row: asyncpg.Record, custom: Custom) -> Way | None:
    """The way that it goes."""
    return way_to(
        Reach(
            wishes=Channel(row["wishes"] or Channel.EMAIL),
            email=row["address"],
            email_stopped=row["suppressed"],
            phone=row["phone"],
            texts_stopped=row["texts_stopped"],
            through=row["through"],
            postal_address=row["postal_address"],
        ),
        machines=custom.machines,
        mail_only=row["mail_only"] or row["list"] is not None,
    )


def _went(row: asyncpg.Record) -> dict[str, Any]:
    """The way that it may have gone, whatever they wish since."""
    channel = Channel(row["channel"])
    return {"channel": channel} | ({"address": row["address"]} if channel is Channel.EMAIL else {})


def _standing(
    row: asyncpg.Record,
    now: datetime,
    custom: Custom,
    goes: tuple[PickedUp, Way | None],
    turn: tuple[str, datetime] | None,
) -> Standing:
    letter, way = goes
    by_mail = letter.channel is Channel.EMAIL
    return Standing(
        state=LetterState(row["state"]),
        attempt=row["attempt"],
        repeatable=row["repeatable"],
        posted_at=row["posted_at"],
        expires_at=row["expires_at"],
        while_booking=row["while_booking"],
        booking_state=row["booking_state"],
        lacks=_lacks(row, way),
        unwanted=_unwanted(row, by_mail=by_mail),
        not_before=turn,
        rests_until=custom.pace.free_at(letter.domain, now) if custom.pace and by_mail else None,
        can_ask=custom.can_ask
        if row["channel"] == Channel.EMAIL
        else Channel(row["channel"]) in custom.machines,
        by_hand=way is not None and way.by_hand,
    )


def _unwanted(row: asyncpg.Record, *, by_mail: bool) -> str | None:
    if by_mail and row["suppressed"]:
        return "address_suppressed"
    if row["list"] and row["subscription_state"] != SubscriptionState.ACTIVE:
        return "unsubscribed"
    return None


async def _turn(
    conn: Conn, row: asyncpg.Record, now: datetime, quiet: Quiet | None
) -> tuple[str, datetime]:
    asked = Asked(row["letter_id"], row["person_id"], MailingList(row["list"]), row["kind"])
    return await not_before(conn, asked, now=now, quiet=quiet)


def _lacks(row: asyncpg.Record, way: Way | None) -> str | None:
    if row["while_booking"] and not row["booking_state"]:
        return "no_booking"
    if way is None:
        return "no_address"
    if row["needs_link"] and not row["link"]:
        return "no_link"
    return None


def _picked_up(row: asyncpg.Record, way: Way | None) -> PickedUp:
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
        channel=way.channel if way else Channel.EMAIL,
        address=way.to if way else None,
        name=row["name"] or row["called"],
        link=row["link"],
        subscriber_id=row["subscriber_id"],
        subscription_id=row["subscription_id"],
        resent=row["resent"],
    )


async def _claim(conn: Conn, letter: PickedUp, state: LetterState, now: datetime) -> None:
    await conn.execute(
        """
        UPDATE letter SET state = $2, attempt = $3, next_at = $4, changed_at = $5, channel = $6
         WHERE letter_id = $1
        """,
        letter.letter_id,
        state,
        letter.attempt,
        now + LEASE,
        now,
        letter.channel,
    )


async def _hand_to_people(conn: Conn, letter: PickedUp, now: datetime) -> None:
    """Make it a task of a person. It is looked at again: it may be true no more before it is done.

    Who has an e-mail address by then gets it that way.
    """
    await conn.execute(
        """
        UPDATE letter
           SET state = 'by_hand', reason = NULL, channel = $2, next_at = $3,
               changed_at = CASE state WHEN 'by_hand' THEN changed_at ELSE $4 END
         WHERE letter_id = $1
        """,
        letter.letter_id,
        letter.channel,
        now + LOOK_AT_TASKS_EVERY,
        now,
    )


async def _next(conn: Conn, now: datetime) -> asyncpg.Record | None:
    return await conn.fetchrow(
        """
        SELECT letter.letter_id, letter.key, letter.kind, letter.related_id, letter.content,
               letter.needs_link, letter.state, letter.attempt, letter.repeatable,
               letter.while_booking, letter.posted_at, letter.expires_at, letter.resent,
               letter.correlation_id, letter.causation_id, letter.list, letter.channel,
               letter.mail_only, contact_way.name AS called, contact_way.wishes,
               contact_way.phone, contact_way.through, contact_way.postal_address,
               silent.address IS NOT NULL AS texts_stopped,
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
          LEFT JOIN LATERAL (
               SELECT name, wishes, phone, through, postal_address
                 FROM contact_way
                WHERE person_id = letter.person_id
                   OR person_id IN (SELECT kept_id FROM person_alias
                                     WHERE merged_id = letter.person_id
                                     UNION ALL
                                    SELECT merged_id FROM person_alias
                                     WHERE kept_id = letter.person_id)
                ORDER BY told_by DESC
                LIMIT 1) AS contact_way ON true
          LEFT JOIN suppression   ON suppression.address = lower(contact_point.address)
          LEFT JOIN suppression AS silent ON silent.address = contact_way.phone
          LEFT JOIN subscriber    ON letter.list IS NOT NULL
                                 AND subscriber.person_id = letter.person_id
          LEFT JOIN subscription  ON subscription.subscriber_id = subscriber.subscriber_id
                                 AND subscription.list = letter.list
         WHERE letter.state IN ('queued', 'sending', 'in_doubt', 'deferred', 'by_hand')
           AND letter.next_at <= $1
         ORDER BY letter.next_at
         LIMIT 1
           FOR UPDATE OF letter SKIP LOCKED
        """,
        now,
    )
