"""A coordinator reads what members brought: it becomes a draft of the library, or it does not."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.library.form import Key
from pdu_resources.library.rows import keep, lock_item
from pdu_resources.library.seen import ItemSeen, item_seen
from pdu_resources.rules.library import State, may_become
from pdu_shared.access import Who
from pdu_shared.contracts.resources.library import ItemType
from pdu_shared.database import transaction
from pdu_shared.forms import Form, OneLine
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["submissions"])


class Decide(Form):
    """What becomes of it. Whoever brought it reads the reason."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"state": "draft"}]})

    state: Literal[State.DRAFT, State.DECLINED]
    reason: OneLine | None = Field(default=None, description="Needed to decline, in plain words")


class Waiting(BaseModel):
    """Something that a member brought."""

    item_key: str
    type: ItemType
    title: str
    summary: str
    credit: str | None
    files: int
    added_at: datetime


class WaitingList(BaseModel):
    """What waits to be read, the oldest first."""

    items: list[Waiting]


@router.get("/submissions")
async def waiting(database: Store, limit: Annotated[int, Query(ge=1, le=100)] = 50) -> WaitingList:
    """What members brought and nobody has decided about, the oldest first."""
    rows = await database.pool.fetch(
        """
        SELECT item_key::text, type, title, summary, credit, added_at,
               (SELECT count(*) FROM library_file
                 WHERE library_file.item_id = library_item.item_id) AS files
          FROM library_item WHERE state = 'submitted'
         ORDER BY added_at, item_id LIMIT $1
        """,
        limit,
    )
    return WaitingList(items=[Waiting(**row) for row in rows])


@router.put("/submissions/{item_key}/decision")
async def decide(item_key: Key, form: Decide, database: Store, caller: Who, now: Now) -> ItemSeen:
    """Take what a member brought as a draft of the library, or decline it with a reason.

    What was declined can still be taken. Doing it twice is doing it once.
    """
    if form.state is State.DECLINED and not form.reason:
        raise Refused(errors=[Fault("/reason", "missing", "Say why, in plain words.")])
    async with transaction(database) as conn:
        item = await lock_item(conn, item_key)
        brought = await conn.fetchval(
            "SELECT item_key LIKE 'from-a-member-%' FROM library_item WHERE item_key = $1", item_key
        )
        if not brought:
            raise NotFound
        if item.state is not form.state:
            if not may_become(item.state, form.state):
                raise Conflict(f"It is {item.state}: that was decided.")
            await conn.execute(
                """
                UPDATE library_item
                   SET state = $2, reason = $3, changed_at = $4, version = version + 1
                 WHERE item_id = $1
                """,
                item.item_id,
                form.state,
                form.reason,
                now,
            )
            await keep(conn, item, {"state": item.state}, by=caller.sub, now=now)
        return await item_seen(conn, item_key)
