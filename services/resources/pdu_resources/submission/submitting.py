"""Members bring something for the library, and see what became of it."""

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.library.form import Address, Streams, Tags
from pdu_resources.library.item import add_item, described, new_item
from pdu_resources.library.rows import Brought
from pdu_resources.rules.library import State
from pdu_shared import outbox
from pdu_shared.access import Caller, Who
from pdu_shared.contracts.resources.library import ItemType, ResourceSubmitted, Scope
from pdu_shared.contracts.vocabulary import Level
from pdu_shared.database import Conn
from pdu_shared.forms import Form, OneLine, Paragraphs, PublishedLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict
from pdu_shared.runtime import Now, Store

MOST_WAITING = 20
router = APIRouter(tags=["submissions"])


class Submit(Form):
    """Something that others could use. Files follow under the key that the answer gives."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "practice_tool",
                    "title": "Our welcome sheet",
                    "summary": "What we give to everybody on the first day.",
                    "workstreams": ["pie"],
                    "scope": "local",
                    "credit": "The team of a hostel in Sneinton",
                }
            ]
        }
    )

    type: ItemType
    title: PublishedLine
    summary: Annotated[OneLine, Field(max_length=600)]
    body: Annotated[Paragraphs, Field(max_length=30_000)] | None = None
    link: Address | None = None
    workstreams: Streams = ()
    tags: Tags = ()
    scope: Scope = Scope.LOCAL
    level: Level | None = None
    credit: OneLine | None = Field(
        default=None, description="How you want to be thanked in public, if you do"
    )


class Submitted(BaseModel):
    """It is here, and somebody will read it."""

    item_key: str
    state: State


class Mine(BaseModel):
    """Something that you brought, and what became of it."""

    item_key: str
    title: str
    type: ItemType
    state: State
    reason: str | None
    added_at: datetime


class MyList(BaseModel):
    """Everything that you brought, the latest first."""

    items: list[Mine]


@router.post("/submissions", status_code=201, response_model=Submitted)
async def submit(form: Submit, database: Store, asked: Asked, caller: Who, now: Now) -> Response:
    """Bring something for the library. Coordinators read it before anybody else does."""
    use_case = partial(_submit, form=form, by=_person(caller), now=now)
    return await once(database, asked, use_case)


@router.get("/submissions/mine")
async def mine(database: Store, caller: Who) -> MyList:
    """What you brought for the library, and what became of it."""
    rows = await database.pool.fetch(
        """
        SELECT item_key::text, title, type, state, reason, added_at
          FROM library_item WHERE submitted_by = $1
         ORDER BY added_at DESC, item_id LIMIT 100
        """,
        _person(caller),
    )
    return MyList(items=[Mine(**row) for row in rows])


def _person(caller: Caller) -> UUID:
    if caller.sub is None:
        raise Conflict("Only a person brings something, not a program.")
    return caller.sub


async def _submit(conn: Conn, *, form: Submit, by: UUID, now: datetime) -> Answer:
    waiting = await conn.fetchval(
        "SELECT count(*) FROM library_item WHERE submitted_by = $1 AND state = 'submitted'", by
    )
    if waiting >= MOST_WAITING:
        raise Conflict(f"{MOST_WAITING} things of yours wait to be read: give us some time.")
    item_key = f"from-a-member-{uuid7()}"
    begun = new_item(item_key, form.type, form.title, State.SUBMITTED)
    said = form.model_dump(exclude={"credit", "type", "title"}, exclude_none=True)
    item = described(begun, said)
    await add_item(conn, item, now=now, brought=Brought(by, form.credit))
    submitted = ResourceSubmitted(
        item_id=item.item_id,
        item_key=item_key,
        type=item.type,
        workstreams=tuple(item.workstreams),
        scope=item.scope,
        level=item.level,
    )
    await outbox.add(conn, submitted)
    return Answer.of(Submitted(item_key=item_key, state=State.SUBMITTED))
