"""What everybody may see: the newest published set, for pages and for readers outside."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header
from fastapi.responses import Response
from pydantic import BaseModel

from pdu_reporting import snapshot_rows
from pdu_reporting.publishing import PublishedTable
from pdu_reporting.rules.caveat import Caveat, in_words
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Store

FOR_ALL = "public, max-age=300"
JSON = "application/json"
AGAIN: dict[int | str, dict[str, Any]] = {304: {"description": "You have it already."}}

Known = Annotated[str, Header(alias="If-None-Match", description="The `ETag` of what you have.")]

router = APIRouter(tags=["published"])


class PublishedYear(BaseModel):
    """A project year as it was defined."""

    code: str
    label: str
    starts_on: date
    ends_on: date
    is_partial: bool


class Published(BaseModel):
    """The published set. Before the first publication there are no tables and no snapshot."""

    snapshot_id: UUID | None
    title: str | None
    frozen_at: datetime | None
    as_of: datetime | None
    journal_position: int | None
    project_years: list[PublishedYear]
    caveats: dict[Caveat, str]
    """Those of the rows, in words."""
    tables: list[PublishedTable]


@router.get("/published", response_model=Published, responses=AGAIN)
async def published(database: Store, known: Known = "") -> Response:
    """Every table of the set that was published last."""
    async with database.pool.acquire(timeout=5) as conn:
        return await _answered(conn, known, None)


@router.get("/published/{name}", response_model=Published, responses=AGAIN)
async def published_table(name: str, database: Store, known: Known = "") -> Response:
    """One of its tables, such as `attendances.sector`. 404 for one that is not in it."""
    async with database.pool.acquire(timeout=5) as conn:
        return await _answered(conn, known, name)


async def _answered(conn: Conn, known: str, name: str | None) -> Response:
    snapshot = await snapshot_rows.newest_published(conn)
    if snapshot is None and name is not None:
        raise NotFound
    etag = f'"{snapshot.snapshot_id if snapshot else "none"}"'
    headers = {"ETag": etag, "Cache-Control": FOR_ALL}
    if etag in {tag.strip().removeprefix("W/") for tag in known.split(",")}:
        return Response(status_code=304, headers=headers)
    shown = await snapshot_rows.shown_in(conn, snapshot.snapshot_id) if snapshot else []
    tables = [table for table in shown if name in (None, table.name)]
    if name is not None and not tables:
        raise NotFound
    told = Published(
        snapshot_id=snapshot.snapshot_id if snapshot else None,
        title=snapshot.title if snapshot else None,
        frozen_at=snapshot.frozen_at if snapshot else None,
        as_of=snapshot.as_of if snapshot else None,
        journal_position=snapshot.journal_position if snapshot else None,
        project_years=await _years(conn),
        caveats=_words(tables),
        tables=tables,
    )
    return Response(told.model_dump_json(), media_type=JSON, headers=headers)


def _words(tables: Sequence[PublishedTable]) -> dict[Caveat, str]:
    cells = [row["caveats"] for table in tables for row in table.rows]
    found = {str(one) for cell in cells if isinstance(cell, list) for one in cell}
    return {one: in_words(one) for one in Caveat if one in found}


async def _years(conn: Conn) -> list[PublishedYear]:
    rows = await conn.fetch(
        "SELECT code, label, starts_on, ends_on, is_partial FROM project_year ORDER BY starts_on"
    )
    return [PublishedYear(**row) for row in rows]
