"""What was before each change, who changed it and when."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, Field

from pdu_resources.versioned.paging import After, Limit, cut
from pdu_shared.access import Caller, Who
from pdu_shared.database import Conn
from pdu_shared.identity import uuid7
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["history"])


@dataclass(frozen=True, slots=True)
class Hand:
    """Who changes something, and when."""

    caller: Caller
    now: datetime

    @property
    def by(self) -> UUID | None:
        """Which person; None for a machine."""
        return self.caller.sub


async def hand(caller: Who, now: Now) -> Hand:
    """Who makes the present request."""
    return Hand(caller, now)


By = Annotated[Hand, Depends(hand)]


class Change(BaseModel):
    """A change, and what was before it."""

    change_id: UUID
    kind: str = Field(description="Of what: local_service, steering_meeting, plan …")
    was: dict[str, Any] = Field(description="The fields that are another since, as they were")
    changed_by: UUID | None = Field(description="The `sub` of who changed it")
    changed_at: AwareDatetime


class Changes(BaseModel):
    """One page of changes. `next` goes into `after` for the following page."""

    items: list[Change]
    next: UUID | None


@router.get("/changes/{of_id}")
async def changes(of_id: UUID, database: Store, after: After = None, limit: Limit = 20) -> Changes:
    """How something came to be as it is, latest change first; nothing if it never changed."""
    rows = await database.pool.fetch(
        """
        SELECT change_id, kind, was, changed_by, changed_at
          FROM change
         WHERE of_id = $1 AND ($2::uuid IS NULL OR change_id < $2)
         ORDER BY change_id DESC
         LIMIT $3
        """,
        of_id,
        after,
        limit + 1,
    )
    items = [Change(**{**row, "was": json.loads(row["was"])}) for row in rows]
    page, following = cut(items, limit, lambda one: one.change_id)
    return Changes(items=page, next=following)


def differing(was: Mapping[str, Any] | asyncpg.Record, now: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are another now, as they were."""
    before = dict(was)
    return {name: before[name] for name in now if name in before and before[name] != now[name]}


async def note(conn: Conn, kind: str, of_id: UUID, was: Mapping[str, Any], by: Hand) -> None:
    """Keep what was, in the transaction of the change. Leave out names of persons."""
    await conn.execute(
        """
        INSERT INTO change (change_id, kind, of_id, was, changed_by, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        uuid7(),
        kind,
        of_id,
        json.dumps(was, default=str),
        by.by,
        by.now,
    )
