"""The library page by page: the newest first, or from A to Z; and how much there is of what."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query
from fastapi.responses import Response
from pydantic import BaseModel

from pdu_resources.library.page import Browse, written_together
from pdu_shared.contracts.resources.library import ItemType, Scope
from pdu_shared.contracts.vocabulary import Level
from pdu_shared.database import Conn
from pdu_shared.direct import DirectRoute
from pdu_shared.runtime import Here, Store

router = APIRouter(tags=["library"])
pages = APIRouter(tags=["library"], route_class=DirectRoute)
NOT_UNASKED = "no-cache"
"""It may be kept, and has to be asked for each time: a new item is in the list at once."""


class Listed(BaseModel):
    """An item as it stands in a list."""

    item_key: str
    type: ItemType
    title: str
    summary: str
    workstreams: list[str]
    tags: list[str]
    scope: Scope | None
    level: Level | None
    minutes: int | None
    members_only: bool
    learning_event_id: UUID | None
    speaker: str | None
    published_at: datetime
    review_due_on: date | None


class Page(BaseModel):
    """One page of the library. `next` goes into `after` for the following page."""

    items: list[Listed]
    next: str | None


class Counted(BaseModel):
    """How many published items there are of each."""

    types: dict[str, int]
    workstreams: dict[str, int]
    letters: dict[str, int]
    scopes: dict[str, int]
    levels: dict[str, int]


@pages.get(
    "/items",
    response_model=Page,
    responses={304: {"description": "You have it already."}},
)
async def browse(
    asked: Annotated[Browse, Query()], here: Here, if_none_match: Annotated[str, Header()] = ""
) -> Response:
    """What the library offers, to everybody: recordings too, which only members can play."""
    body, etag = await here.part(written_together).answer(asked)
    headers = {"ETag": etag, "Cache-Control": NOT_UNASKED}
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    if etag in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@router.get("/library/counts")
async def counts(database: Store) -> Counted:
    """How much there is of what: by type, work stream, letter, scope and level."""
    async with database.pool.acquire(timeout=5) as conn:
        return await counted(conn)


async def counted(conn: Conn) -> Counted:
    """How much there is of what."""
    rows = await conn.fetch("""
        WITH published AS (SELECT * FROM library_item WHERE state = 'published')
        SELECT 'types' AS list, type AS word, count(*) AS items FROM published GROUP BY type
        UNION ALL SELECT 'workstreams', code, count(*)
                    FROM published, unnest(workstreams) AS code GROUP BY code
        UNION ALL SELECT 'letters', letter, count(*) FROM published GROUP BY letter
        UNION ALL SELECT 'scopes', scope, count(*) FROM published GROUP BY scope
        UNION ALL SELECT 'levels', level, count(*) FROM published WHERE level IS NOT NULL
                   GROUP BY level
         ORDER BY list, word
        """)
    told: dict[str, dict[str, int]] = {name: {} for name in Counted.model_fields}
    for row in rows:
        told[row["list"]][row["word"]] = row["items"]
    return Counted(**told)
