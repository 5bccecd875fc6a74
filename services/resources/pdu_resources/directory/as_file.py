"""The directory to take home: as a file for a spreadsheet."""

from collections.abc import AsyncIterator, Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from pdu_resources.directory.entry import LocalService
from pdu_resources.directory.finding import Filters, find
from pdu_resources.directory.rows import select_services, service_of
from pdu_shared.database import Database
from pdu_shared.local_time import local_day
from pdu_shared.runtime import Now, Store
from pdu_shared.sheet import Cell
from pdu_shared.sheet_file import AS_SHEET, Rows, SheetFormat, sheet

if TYPE_CHECKING:
    from uuid import UUID

router = APIRouter(tags=["directory"])

ROWS = 500

COLUMNS: dict[str, Callable[[LocalService], Cell]] = {
    "Organisation": lambda one: one.organisation,
    "Service": lambda one: one.title,
    "What": lambda one: one.offers,
    "For whom": lambda one: one.for_whom,
    "Areas": lambda one: ", ".join(one.areas),
    "Work streams": lambda one: ", ".join(one.workstreams),
    "How to refer": lambda one: one.how_to_refer,
    "People may come by themselves": lambda one: "yes" if one.self_referral else "no",
    "Opening": lambda one: one.opening,
    "Cost": lambda one: one.cost,
    "Telephone": lambda one: one.telephone,
    "E-mail": lambda one: one.email,
    "Website": lambda one: one.website,
    "Standing": lambda one: one.standing,
    "Confirmed on": lambda one: one.reviewed_on,
}


class AsFile(Filters):
    """Which entries, and which kind of file."""

    format: SheetFormat = SheetFormat.CSV


@router.get("/directory/file", response_class=StreamingResponse, responses=AS_SHEET)
async def as_file(
    asked: Annotated[AsFile, Query()], database: Store, now: Now
) -> StreamingResponse:
    """Who does what, as a file for a spreadsheet."""
    today = local_day(now)
    return await sheet(
        "directory", tuple(COLUMNS), _pages(database, asked, today), asked.format, today
    )


async def _pages(database: Database, filters: Filters, today: date) -> AsyncIterator[Rows]:
    """All entries, page by page; between two pages no connection is held."""
    after: UUID | None = None
    while True:
        async with database.pool.acquire(timeout=5) as conn:
            ids = await find(conn, filters, after=after, limit=ROWS)
            entries = [service_of(row, today) for row in await select_services(conn, ids)]
        yield [[cell(one) for cell in COLUMNS.values()] for one in entries]
        if len(ids) < ROWS:
            return
        after = ids[-1]
