"""What will be asked of whom: a row for each request and reminder, with the reason for it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from pdu_resources.rules.cadence import Request, reminders_of
from pdu_shared.database import Conn
from pdu_shared.identity import uuid7


async def plan(
    conn: Conn, person_id: UUID, learning_event_id: UUID, requests: Sequence[Request]
) -> None:
    """Plan what somebody will be asked. A later session moves it; once it was asked, it stays.

    A request that is no more known as a survey is left out.
    """
    await conn.executemany(
        """
        INSERT INTO survey_due AS kept (due_id, what, survey_key, wave, learning_event_id,
                                        person_id, due_at, reason)
        SELECT due_id, 'invite', survey_key, told.wave, learning_event_id, person_id, due_at, reason
          FROM (SELECT $1::uuid, $2::text, $3::text, $4::uuid, $5::uuid, $6::timestamptz, $7::text)
               AS told (due_id, survey_key, wave, learning_event_id, person_id, due_at, reason)
          JOIN survey USING (survey_key)
         WHERE NOT imported
           AND NOT EXISTS (SELECT FROM invitation AS before
                            WHERE before.survey_key = told.survey_key
                              AND before.person_id = told.person_id
                              AND before.learning_event_id
                                  IS NOT DISTINCT FROM told.learning_event_id
                              AND before.wave = coalesce(told.wave, before.wave)
                              AND NOT before.imported)
            ON CONFLICT (what, survey_key, wave, learning_event_id, person_id, invitation_id,
                         number) DO UPDATE
           SET due_at = excluded.due_at, reason = excluded.reason
         WHERE kept.due_at < excluded.due_at
        """,
        [
            (
                uuid7(),
                one.survey_key,
                one.wave,
                None if one.wave else learning_event_id,
                person_id,
                one.due_at,
                one.reason,
            )
            for one in requests
        ],
    )


async def plan_reminders(
    conn: Conn, invitations: Sequence[dict[str, Any]], *, now: datetime
) -> None:
    """Plan to remind those who were invited just now."""
    await conn.executemany(
        """
        INSERT INTO survey_due (due_id, what, survey_key, wave, learning_event_id, person_id,
                                invitation_id, number, due_at, reason)
        VALUES ($1, 'remind', $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        [
            (
                uuid7(),
                one["survey_key"],
                one["wave"],
                one["learning_event_id"],
                one["person_id"],
                one["invitation_id"],
                number,
                due_at,
                f"reminder {number} of 2",
            )
            for one in invitations
            for number, due_at in reminders_of(now)
        ],
    )


async def take_next(conn: Conn, *, now: datetime) -> asyncpg.Record | None:
    """Take what is due first out of the plan. Another copy of the worker takes the next."""
    return await conn.fetchrow(
        """
        DELETE FROM survey_due
         WHERE due_id = (SELECT due_id FROM survey_due WHERE due_at <= $1
                          ORDER BY due_at, due_id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING due_id, what, survey_key, wave, learning_event_id, person_id, invitation_id,
                  number, due_at, reason
        """,
        now,
    )


async def put_off(conn: Conn, row: asyncpg.Record, *, until: datetime, why: str) -> None:
    """Ask later, and say why in the plan."""
    await conn.execute(
        """
        INSERT INTO survey_due (due_id, what, survey_key, wave, learning_event_id, person_id,
                                invitation_id, number, due_at, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT DO NOTHING
        """,
        row["due_id"],
        row["what"],
        row["survey_key"],
        row["wave"],
        row["learning_event_id"],
        row["person_id"],
        row["invitation_id"],
        row["number"],
        until,
        row["reason"] if why in row["reason"] else f"{row['reason']}; {why}",
    )


async def forget_reminders(conn: Conn, invitation_id: UUID) -> None:
    """Nobody is reminded of what they have answered or taken back."""
    await conn.execute("DELETE FROM survey_due WHERE invitation_id = $1", invitation_id)


async def forget_event(conn: Conn, person_id: UUID, learning_event_id: UUID) -> None:
    """Ask nothing about an event that somebody was not at, as the register says now.

    What was planned for a wave stays: they may have been at another event.
    """
    await conn.execute(
        """
        DELETE FROM survey_due AS planned
         WHERE person_id = $1 AND learning_event_id = $2
           AND NOT EXISTS (SELECT FROM attendance AS there
                            WHERE there.person_id = $1 AND there.learning_event_id = $2 AND came)
        """,
        person_id,
        learning_event_id,
    )
