"""The registry as a file for a spreadsheet, which can be sent back in."""

from collections.abc import AsyncIterator, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from pdu_shared.database import Conn, Database
from pdu_shared.local_time import local_day
from pdu_shared.runtime import Now, Store
from pdu_shared.sheet import Cell
from pdu_shared.sheet_file import AS_SHEET, Rows, SheetFormat, sheet

router = APIRouter(tags=["organisations"])

ROWS = 500
BETWEEN = "; "


class OrganisationLine(BaseModel):
    """A line of the file; its columns are those of `POST /imports/organisations`."""

    organisation_id: UUID
    name: str
    sector: str | None
    area: str | None
    parent: str | None
    website: str | None
    also_known_as: list[str]


COLUMNS: dict[str, Callable[[OrganisationLine], Cell]] = {
    "name": lambda line: line.name,
    "sector": lambda line: line.sector,
    "area": lambda line: line.area,
    "parent": lambda line: line.parent,
    "website": lambda line: line.website,
    "also_known_as": lambda line: BETWEEN.join(line.also_known_as),
}


@router.get("/organisations-file", response_class=StreamingResponse, responses=AS_SHEET)
async def as_file(
    database: Store, now: Now, form: Annotated[SheetFormat, Query(alias="format")] = SheetFormat.CSV
) -> StreamingResponse:
    """Take the whole registry away as a file."""
    return await sheet("organisations", tuple(COLUMNS), _rows(database), form, local_day(now))


async def _rows(database: Database) -> AsyncIterator[Rows]:
    after: UUID | None = None
    while True:
        async with database.pool.acquire(timeout=5) as conn:
            lines = await _lines(conn, after)
        yield [[cell(line) for cell in COLUMNS.values()] for line in lines]
        if len(lines) < ROWS:
            return
        after = lines[-1].organisation_id


async def _lines(conn: Conn, after: UUID | None) -> list[OrganisationLine]:
    rows = await conn.fetch(
        """
        SELECT one.organisation_id, one.canonical_name AS name, one.sector, one.area,
               parent.canonical_name AS parent, one.website,
               (SELECT coalesce(array_agg(name ORDER BY lower(name)), '{}')
                  FROM organisation_name
                 WHERE organisation_name.organisation_id = one.organisation_id
                   AND name <> one.canonical_name) AS also_known_as
          FROM organisation AS one
          LEFT JOIN organisation AS parent ON parent.organisation_id = one.parent_id
         WHERE one.merged_into IS NULL AND ($1::uuid IS NULL OR one.organisation_id > $1)
         ORDER BY one.organisation_id
         LIMIT $2
        """,
        after,
        ROWS,
    )
    return [OrganisationLine(**row) for row in rows]
