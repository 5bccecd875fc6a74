"""What coordinators look after: what is due for a review, what lacks captions, and what it was."""

import json
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from pdu_resources.library.form import Key
from pdu_resources.rules.library import SOON, State
from pdu_shared.contracts.resources.library import ItemType
from pdu_shared.forms import Form
from pdu_shared.local_time import local_day
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["library"])


class Due(BaseModel):
    """A published item that somebody should look at."""

    item_key: str
    type: ItemType
    title: str
    reviewed_on: date
    review_due_on: date
    overdue: bool
    views: int


class DueList(BaseModel):
    """What is due, the longest overdue first."""

    items: list[Due]


class Soon(Form):
    """How far ahead to look, and how many to show."""

    days: Annotated[int, Field(ge=0, le=730, description="Due within so many days")] = SOON.days
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class Managed(BaseModel):
    """An item as coordinators list it."""

    item_key: str
    type: ItemType
    title: str
    state: State
    without_captions_because: str | None
    changed_at: datetime


class ManagedPage(BaseModel):
    """One page of items, the one that changed last first. `next` goes into `after`."""

    items: list[Managed]
    next: str | None


class WhichItems(Form):
    """Which items."""

    state: State | None = None
    without_captions: Annotated[
        bool, Field(description="Only recordings that nobody can read or see the words of")
    ] = False
    after: Annotated[Key | None, Field(description="`next` of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class Change(BaseModel):
    """One change: what was changed, how it was before, and when."""

    version: int
    what: list[str]
    was: dict[str, Any]
    changed_by: UUID | None
    changed_at: datetime


class History(BaseModel):
    """What became of an item, the last change first."""

    changes: list[Change]


@router.get("/library/review-due")
async def review_due(asked: Annotated[Soon, Query()], database: Store, now: Now) -> DueList:
    """What somebody should look at again, the longest overdue first."""
    today = local_day(now)
    rows = await database.pool.fetch(
        """
        SELECT item_key::text, type, title, reviewed_on, review_due_on,
               review_due_on < $1 AS overdue,
               (SELECT count(*) FROM activity
                 WHERE activity.item_id = library_item.item_id) AS views
          FROM library_item
         WHERE state = 'published' AND review_due_on <= $2
         ORDER BY review_due_on, item_id
         LIMIT $3
        """,
        today,
        today + timedelta(days=asked.days),
        asked.limit,
    )
    return DueList(items=[Due(**row) for row in rows])


@router.get("/library/items")
async def manage(asked: Annotated[WhichItems, Query()], database: Store) -> ManagedPage:
    """Every item in whatever state, for those who look after the library."""
    rows = await database.pool.fetch(
        """
        SELECT item_key::text, type, title, state, without_captions_because, changed_at
          FROM library_item
         WHERE ($1::text IS NULL OR state = $1)
           AND (NOT $2 OR (type = 'recording' AND NOT EXISTS (
                   SELECT FROM library_file AS file WHERE file.item_id = library_item.item_id
                      AND role IN ('captions', 'transcript'))))
           AND ($3::text IS NULL OR (changed_at, item_id) <
                   (SELECT changed_at, item_id FROM library_item WHERE item_key = $3))
         ORDER BY changed_at DESC, item_id DESC
         LIMIT $4
        """,
        asked.state,
        asked.without_captions,
        asked.after,
        asked.limit + 1,
    )
    items = [Managed(**row) for row in rows[: asked.limit]]
    more = len(rows) > asked.limit
    return ManagedPage(items=items, next=items[-1].item_key if more else None)


@router.get("/items/{item_key}/history")
async def history(item_key: Key, database: Store) -> History:
    """What became of an item: every change, how it was before, and who changed it."""
    rows = await database.pool.fetch(
        """
        SELECT library_change.version, what, was, changed_by, library_change.changed_at
          FROM library_item LEFT JOIN library_change USING (item_id)
         WHERE item_key = $1
         ORDER BY change_id DESC
         LIMIT 500
        """,
        item_key,
    )
    if not rows:
        raise NotFound
    changes = [
        Change(**{**row, "was": json.loads(row["was"])})
        for row in rows
        if row["version"] is not None
    ]
    return History(changes=changes)
