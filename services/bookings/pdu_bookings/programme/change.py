"""What learning events and their sessions were before they were changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from pdu_shared.access import Caller, Who
from pdu_shared.database import Conn
from pdu_shared.identity import uuid7
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["learning events"])

PRIVATE = frozenset(
    {"joining_link", "support_name", "support_reach", "without_lived_experience_because"}
)
"""Of these it is kept that they changed, not what they were."""


class Change(BaseModel):
    """A change that was made: when, by whom, why, and what it was before."""

    change_id: UUID
    session_id: UUID | None
    change: str
    reason_code: str | None
    was: dict[str, Any]
    changed_at: datetime
    by_role: str


class Changes(BaseModel):
    """The changes to a learning event and its sessions, the first one first."""

    items: list[Change]


@router.get("/learning-events/{learning_event_id}/changes")
async def changes(learning_event_id: UUID, database: Store) -> Changes:
    """What a learning event and its sessions were before each change."""
    async with database.pool.acquire(timeout=5) as conn:
        return Changes(items=await _select_changes(conn, learning_event_id))


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose hand changes something, and when."""

    role: str
    now: datetime
    person_id: UUID | None = None
    """None for a machine."""

    @classmethod
    def of(cls, caller: Caller, now: datetime) -> Self:
        """The hand of a caller."""
        return cls(min(caller.roles), now, caller.sub)


async def hand(caller: Who, now: Now) -> Hand:
    """The hand of whoever makes the present request."""
    return Hand.of(caller, now)


By = Annotated[Hand, Depends(hand)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What a learning event, or one of its sessions, was before a change, and why it changed."""

    learning_event_id: UUID
    session_id: UUID | None = None
    change: str
    was: Mapping[str, Any]
    reason_code: str | None = None


async def keep(conn: Conn, before: Before, by: Hand) -> None:
    """Keep what was before a change."""
    was = {name: None if name in PRIVATE else value for name, value in before.was.items()}
    await conn.execute(
        """
        INSERT INTO learning_event_change (change_id, learning_event_id, session_id, change,
                                           reason_code, was, changed_at, by_role)
        VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, $7, $8)
        """,
        uuid7(),
        before.learning_event_id,
        before.session_id,
        before.change,
        before.reason_code,
        json.dumps(was, default=str),
        by.now,
        by.role,
    )


async def _select_changes(conn: Conn, learning_event_id: UUID) -> list[Change]:
    rows = await conn.fetch(
        """
        SELECT change_id, session_id, change, reason_code, was::text, changed_at, by_role
          FROM learning_event_change
         WHERE learning_event_id = $1
         ORDER BY change_id
        """,
        learning_event_id,
    )
    return [Change(**{**row, "was": json.loads(row["was"])}) for row in rows]
