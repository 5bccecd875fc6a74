"""Organisations whose staff came: somebody asks them what became of it.

Not kept, but worked out from who attended; what is kept is what came of asking.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.rules.organisation_follow_up import ASKED_FOR, due_on
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Day, Form
from pdu_shared.local_time import local_day
from pdu_shared.problems import Fault, NotFound, Refused
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["briefings"])


class Outcome(StrEnum):
    """What came of asking an organisation."""

    TALKED = "talked"
    AGREED_ACTION = "agreed_action"
    NO_ANSWER = "no_answer"
    NOT_NEEDED = "not_needed"


class NoteOutcome(Form):
    """What came of asking, and when to ask again."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"outcome": "no_answer", "next_on": "2027-02-01"}]}
    )

    outcome: Outcome
    next_on: Day | None = Field(None, description="When to ask again; none when it is settled")


class StaffCame(BaseModel):
    """An organisation to ask what became of what its staff learned."""

    learning_event_id: UUID
    title: str
    held_on: date
    organisation_id: UUID
    organisation: str
    people: int = Field(description="How many of its staff came")
    outcome: Outcome | None = Field(description="Of asking before")
    due_on: date
    overdue: bool


class StaffCamePage(BaseModel):
    """Whom to ask, the most urgent first."""

    items: list[StaffCame]


@router.get("/organisation-follow-ups")
async def organisation_follow_ups(
    database: Store,
    now: Now,
    organisation_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> StaffCamePage:
    """Organisations whose staff came in the last half year, until what came of it is settled."""
    async with database.pool.acquire(timeout=5) as conn:
        rows = await _came(conn, now, organisation_id=organisation_id)
    items = [_seen(row, now) for row in rows]
    return StaffCamePage(items=sorted(items, key=lambda one: (one.due_on, one.title))[:limit])


@router.put("/organisation-follow-ups/{learning_event_id}/{organisation_id}")
async def note_outcome(
    learning_event_id: UUID,
    organisation_id: UUID,
    noted: NoteOutcome,
    database: Store,
    now: Now,
) -> StaffCame:
    """Write down what came of asking. It stays on the list where somebody asks again.

    404 where none of its staff came.
    """
    if noted.next_on and noted.next_on <= local_day(now):
        raise Refused(errors=[Fault("/next_on", "past", "Give a day that is still to come.")])
    async with transaction(database) as conn:
        rows = await _came(
            conn, now, learning_event_id=learning_event_id, organisation_id=organisation_id
        )
        if not rows:
            raise NotFound
        await conn.execute(
            """
            INSERT INTO organisation_follow_up (learning_event_id, organisation_id, outcome,
                                                next_on, noted_at)
            VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (learning_event_id, organisation_id) DO UPDATE
               SET outcome = excluded.outcome, next_on = excluded.next_on,
                   noted_at = excluded.noted_at
            """,
            learning_event_id,
            rows[0]["organisation_id"],
            noted.outcome,
            noted.next_on,
            now,
        )
    said = {**rows[0], "outcome": noted.outcome, "next_on": noted.next_on}
    return _seen(said, now)


def _seen(row: asyncpg.Record | dict[str, object], now: datetime) -> StaffCame:
    said = dict(row)
    due = due_on(said["held_on"], said.pop("next_on"))
    return StaffCame.model_validate({**said, "due_on": due, "overdue": due < local_day(now)})


async def _came(
    conn: Conn,
    now: datetime,
    *,
    organisation_id: UUID | None = None,
    learning_event_id: UUID | None = None,
) -> list[asyncpg.Record]:
    """Organisations whose staff came, under the name that the registry has for them.

    Of one learning event also those with which it is settled.
    """
    return await conn.fetch(
        """
        WITH came AS (
            SELECT session.learning_event_id,
                   coalesce(kept_id, attendance.organisation_id) AS organisation_id,
                   max((session.starts_at AT TIME ZONE session.tz)::date) AS held_on,
                   count(DISTINCT attendance.person_id) AS people,
                   min(booking.organisation) AS typed
              FROM attendance
              JOIN session USING (session_id)
              JOIN attendance_entry AS entry USING (attendance_id)
              LEFT JOIN organisation_alias ON merged_id = attendance.organisation_id
              LEFT JOIN booking USING (booking_id)
             WHERE attendance.organisation_id IS NOT NULL
               AND session.starts_at > $1 AND session.starts_at < $2
               AND entry.state IN ('present', 'partial')
               AND NOT EXISTS (SELECT FROM attendance_entry AS later
                                WHERE later.supersedes = entry.entry_id)
               AND ($4::uuid IS NULL OR session.learning_event_id = $4)
             GROUP BY 1, 2)
        SELECT came.learning_event_id, event.title, held_on, organisation_id,
               coalesce(canonical_name, typed, 'An organisation') AS organisation, people,
               outcome, next_on
          FROM came
          JOIN learning_event AS event USING (learning_event_id)
          LEFT JOIN organisation USING (organisation_id)
          LEFT JOIN organisation_follow_up AS asked USING (learning_event_id, organisation_id)
         WHERE ($3::uuid IS NULL OR organisation_id = $3
                OR organisation_id = (SELECT kept_id FROM organisation_alias WHERE merged_id = $3))
           AND (outcome IS NULL OR next_on IS NOT NULL OR $4 IS NOT NULL)
         ORDER BY held_on, came.learning_event_id, organisation_id
         LIMIT 1000
        """,
        now - ASKED_FOR,
        now,
        organisation_id,
        learning_event_id,
    )
