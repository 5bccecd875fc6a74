"""Letters that people tell, as rows: only those that are still true."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

import asyncpg

from pdu_notifications.delivery import PickedUp
from pdu_shared.bus import Thread
from pdu_shared.contracts.vocabulary import Channel, LetterState
from pdu_shared.database import Conn

TRIED_JUST_NOW = timedelta(minutes=1)
"""Two words of not being reached within that are one."""
SHOWN = ("task_id", "channel", "kind", "related_id", "since", "until", "tries", "tried_at")

_TASKS = """
        SELECT letter.letter_id AS task_id, letter.letter_id, letter.key, letter.channel,
               letter.kind, letter.related_id, letter.content, letter.posted_at AS since,
               letter.posted_at, letter.expires_at AS until, letter.expires_at, letter.tries,
               letter.tried_at, letter.attempt, letter.correlation_id, letter.causation_id,
               letter.resent, letter.state, link.path AS link, contact_way.name,
               contact_way.arranged_by,
               CASE letter.channel WHEN 'post' THEN contact_way.postal_address
                                   ELSE coalesce(contact_way.phone, contact_way.through)
               END AS address
          FROM letter
          JOIN LATERAL (
               SELECT name, phone, through, postal_address, arranged_by
                 FROM contact_way
                WHERE person_id = letter.person_id
                   OR person_id IN (SELECT kept_id FROM person_alias
                                     WHERE merged_id = letter.person_id
                                     UNION ALL
                                    SELECT merged_id FROM person_alias
                                     WHERE kept_id = letter.person_id)
                ORDER BY told_by DESC
                LIMIT 1) AS contact_way ON true
          LEFT JOIN link    ON link.related_id = letter.related_id
          LEFT JOIN booking ON booking.booking_id = letter.related_id
         WHERE ($1::uuid IS NULL OR contact_way.arranged_by = $1)
        """
_TRUE = """
           AND letter.state = 'by_hand'
           AND (letter.expires_at IS NULL OR letter.expires_at > $2)
           AND (while_booking IS NULL OR booking.state = while_booking)
        """

Shown = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """A letter that a person tells: what a list shows of it, and the rest."""

    shown: Shown
    letter: PickedUp
    state: LetterState
    arranged_by: UUID | None

    @classmethod
    def of(cls, row: asyncpg.Record) -> Self:
        """As it is written down."""
        return cls(_shown(row), _letter(row), LetterState(row["state"]), row["arranged_by"])


async def tasks(
    conn: Conn,
    *,
    arranged_by: UUID | None,
    channel: Channel | None,
    now: datetime,
    page: tuple[int, int],
) -> list[tuple[Shown, str]]:
    """What is to be told, the most urgent first, each with what its letter says."""
    rows = await conn.fetch(
        f"""
        {_TASKS}{_TRUE}
           AND ($3::text IS NULL OR letter.channel = $3)
         ORDER BY letter.expires_at NULLS LAST, letter.letter_id
         LIMIT $4 OFFSET $5
        """,
        arranged_by,
        now,
        channel,
        *page,
    )
    return [(_shown(row), row["content"]) for row in rows]


async def find(
    conn: Conn, task_id: UUID, *, arranged_by: UUID | None, now: datetime
) -> Found | None:
    """One of them, if it is still to be told."""
    row = await conn.fetchrow(
        f"{_TASKS}{_TRUE} AND letter.letter_id = $3",
        arranged_by,
        now,
        task_id,
    )
    return Found.of(row) if row else None


async def lock(conn: Conn, task_id: UUID, *, arranged_by: UUID | None) -> Found | None:
    """One that a person tells, or told, whatever became of it: nobody else changes it."""
    row = await conn.fetchrow(
        f"""
        {_TASKS} AND letter.letter_id = $2 AND letter.channel IN ('phone', 'post')
           FOR UPDATE OF letter
        """,
        arranged_by,
        task_id,
    )
    return Found.of(row) if row else None


async def note_try(conn: Conn, task_id: UUID, now: datetime) -> Mapping[str, Any]:
    """Count that somebody was not reached: how often, and when last."""
    row = await conn.fetchrow(
        """
        UPDATE letter
           SET tries = tries + CASE WHEN tried_at > $3 THEN 0 ELSE 1 END, tried_at = $2
         WHERE letter_id = $1
     RETURNING tries, tried_at
        """,
        task_id,
        now,
        now - TRIED_JUST_NOW,
    )
    assert row is not None, "it is locked"
    return dict(row)


def _shown(row: asyncpg.Record) -> Shown:
    return {name: row[name] for name in SHOWN}


def _letter(row: asyncpg.Record) -> PickedUp:
    return PickedUp(
        letter_id=row["letter_id"],
        key=row["key"],
        kind=row["kind"],
        related_id=row["related_id"],
        content=row["content"],
        posted_at=row["posted_at"],
        expires_at=row["expires_at"],
        attempt=row["attempt"],
        thread=Thread(row["correlation_id"], row["causation_id"]),
        address=row["address"],
        name=row["name"],
        link=row["link"],
        subscriber_id=None,
        subscription_id=None,
        resent=row["resent"],
        channel=Channel(row["channel"]),
    )
