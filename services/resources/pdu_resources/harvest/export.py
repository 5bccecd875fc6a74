"""The whole library as JSON, page by page, and the newest of it as a feed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from pdu_resources.harvest.oai_request import Place
from pdu_resources.harvest.records import Selection, record, records
from pdu_resources.library.form import Key
from pdu_resources.rules.dublin_core import dublin_core
from pdu_resources.setting.document import setting
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.library import ItemType
from pdu_shared.forms import Form
from pdu_shared.runtime import Here, Store

ATOM = "application/atom+xml"
_SPACE = "http://www.w3.org/2005/Atom"
IN_A_FEED = 30

router = APIRouter(tags=["harvest"])


class Exported(BaseModel):
    """An item in Dublin Core. One that was archived has no metadata any more."""

    item_key: str
    archived: bool
    changed_at: datetime
    dublin_core: Mapping[str, list[str]]


class ExportPage(BaseModel):
    """One page. `next` goes into `after` for the following page."""

    records: list[Exported]
    next: str | None


class Pages(Form):
    """Which page."""

    after: Annotated[Key | None, Field(description="`next` of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 100


class Feed(Form):
    """Of what the feed is."""

    type: ItemType | None = None
    workstream: Code | None = None


@router.get("/library/export")
async def export(asked: Annotated[Pages, Query()], here: Here) -> ExportPage:
    """Every item in Dublin Core, the one that changed longest ago first."""
    place = Place(here.settings.portal_url)
    async with here.database.pool.acquire(timeout=5) as conn:
        before = await record(conn, asked.after) if asked.after else None
        chosen = Selection().after(before) if before else Selection()
        found = await records(conn, chosen, asked.limit + 1)
    page = found[: asked.limit]
    return ExportPage(
        records=[
            Exported(
                item_key=one.item_key,
                archived=one.archived,
                changed_at=one.changed_at,
                dublin_core={} if one.archived else dublin_core(one, place.page(one.item_key)),
            )
            for one in page
        ],
        next=page[-1].item_key if len(found) > asked.limit else None,
    )


@router.get(
    "/library/feed",
    response_class=Response,
    responses={200: {"description": "An Atom feed", "content": {ATOM: {}}}},
)
async def feed(asked: Annotated[Feed, Query()], here: Here, database: Store) -> Response:
    """The newest of the library as an Atom feed: of everything, of a type, of a work stream."""
    async with database.pool.acquire(timeout=5) as conn:
        name = await setting(conn, "instance.name")
        rows = await conn.fetch(
            """
            SELECT item_key::text, title, summary, published_at, changed_at, type
              FROM library_item
             WHERE state = 'published' AND ($1::text IS NULL OR type = $1)
               AND ($2::text IS NULL OR $2 = ANY (workstreams))
             ORDER BY published_at DESC, item_id DESC
             LIMIT $3
            """,
            asked.type,
            asked.workstream,
            IN_A_FEED,
        )
    place = Place(here.settings.portal_url)
    root = Element("feed", {"xmlns": _SPACE})
    _say(root, "title", "New in the online hub")
    _say(root, "id", f"{place.url}/library/feed")
    newest = max(
        (row["changed_at"] for row in rows), default=datetime.fromtimestamp(0).astimezone()
    )
    _say(root, "updated", newest.isoformat())
    _say(_sub(root, "author"), "name", str(name))
    for row in rows:
        entry = _sub(root, "entry")
        page = place.page(row["item_key"])
        _say(entry, "title", row["title"])
        _say(entry, "id", page)
        _sub(entry, "link").set("href", page)
        _say(entry, "published", row["published_at"].isoformat())
        _say(entry, "updated", row["changed_at"].isoformat())
        _sub(entry, "category").set("term", row["type"])
        _say(entry, "summary", row["summary"])
    body = tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, media_type=ATOM, headers={"Cache-Control": "public, max-age=300"})


def _sub(parent: Element, name: str) -> Element:
    return SubElement(parent, name)


def _say(parent: Element, name: str, text: str) -> None:
    _sub(parent, name).text = text
