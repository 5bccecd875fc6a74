"""All bookings for a coordinator: listed, found by name or address, and as a file."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from pdu_shared.access import Who
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import PlaceState
from pdu_shared.database import Conn, Database
from pdu_shared.forms import OneLine
from pdu_shared.local_time import local_clock, local_day
from pdu_shared.paging import AsFile, Paged, Within, cut, every_page
from pdu_shared.runtime import Now, Store
from pdu_shared.sheet import Cell
from pdu_shared.sheet_file import AS_SHEET, Rows, sheet

router = APIRouter(tags=["coordinator"])
log = structlog.get_logger()


class BookingFilter(Within):
    """Which bookings: those to which all of this applies. The days are those of booking."""

    learning_event_id: UUID | None = None
    state: Annotated[tuple[PlaceState, ...], Field(description="One of these states")] = ()
    sector: Code | None = None
    organisation: Annotated[OneLine | None, Field(description="Found in its name")] = None


class BookingPage(BookingFilter, Paged):
    """Which bookings, and which page of them."""


class BookingSheet(BookingFilter, AsFile):
    """Which bookings, and in which kind of file."""


class FindBookings(BookingPage):
    """Whose bookings. Sent as a body, because addresses of pages are kept in many places."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name_or_address": "robin@example.org", "limit": 20}]}
    )

    name_or_address: Annotated[OneLine, Field(description="Found in the name or the address")]


class BookingLine(BaseModel):
    """A booking in a list. Name and address are gone 28 days after the event."""

    booking_id: UUID
    learning_event_id: UUID
    title: str
    starts_at: datetime | None
    state: PlaceState
    booked_at: datetime
    ended_at: datetime | None
    name: str | None
    address: str | None
    organisation: str | None
    sector: str
    work_field: str
    role_level: str
    area: str
    heard_about: str | None


class BookingLines(BaseModel):
    """One page of bookings. `next` goes into `after` for the following page."""

    items: list[BookingLine]
    next: UUID | None


COLUMNS: dict[str, Callable[[BookingLine], Cell]] = {
    "Learning event": lambda line: line.title,
    "First day": lambda line: local_clock(line.starts_at) if line.starts_at else None,
    "State": lambda line: line.state,
    "Name": lambda line: line.name,
    "Address": lambda line: line.address,
    "Organisation": lambda line: line.organisation,
    "Sector": lambda line: line.sector,
    "Work field": lambda line: line.work_field,
    "Role": lambda line: line.role_level,
    "Area": lambda line: line.area,
    "Heard about it": lambda line: line.heard_about,
    "Booked": lambda line: local_clock(line.booked_at),
    "Ended": lambda line: local_clock(line.ended_at) if line.ended_at else None,
    "Booking": lambda line: str(line.booking_id),
}


@router.get("/coordinator/bookings")
async def listed(asked: Annotated[BookingPage, Query()], database: Store) -> BookingLines:
    """Bookings in every state, latest first."""
    return await _page(database, asked, text=None)


@router.post("/coordinator/bookings/search")
async def found(asked: FindBookings, database: Store, caller: Who) -> BookingLines:
    """The bookings of a person, found by a part of the name or address. Changes nothing."""
    page = await _page(database, asked, text=asked.name_or_address)
    log.info("searched for a person", by=str(caller.sub), found=len(page.items))
    return page


@router.get("/coordinator/bookings/file", response_class=StreamingResponse, responses=AS_SHEET)
async def as_file(
    asked: Annotated[BookingSheet, Query()], database: Store, now: Now
) -> StreamingResponse:
    """The same bookings as a file for a spreadsheet; what people need is not in it."""
    rows = _rows(database, asked)
    return await sheet("bookings", tuple(COLUMNS), rows, asked.format, local_day(now))


async def _page(database: Database, asked: BookingPage, *, text: str | None) -> BookingLines:
    async with database.pool.acquire(timeout=5) as conn:
        lines = await _lines(conn, asked, asked.after, asked.limit + 1, text=text)
    items, following = cut(lines, asked.limit, lambda line: line.booking_id)
    return BookingLines(items=items, next=following)


async def _rows(database: Database, asked: BookingFilter) -> AsyncIterator[Rows]:
    async def read(conn: Conn, after: UUID | None, limit: int) -> list[BookingLine]:
        return await _lines(conn, asked, after, limit)

    async for lines in every_page(database, read, lambda line: line.booking_id):
        yield [[cell(line) for cell in COLUMNS.values()] for line in lines]


async def _lines(
    conn: Conn, asked: BookingFilter, after: UUID | None, limit: int, *, text: str | None = None
) -> list[BookingLine]:
    rows = await conn.fetch(
        """
        SELECT booking_id, learning_event_id, event.title,
               (SELECT min(starts_at)
                  FROM session
                 WHERE session.learning_event_id = booking.learning_event_id) AS starts_at,
               booking.state, booked_at, ended_at, name, address, organisation, sector, work_field,
               role_level, area, heard_about
          FROM booking
          JOIN learning_event AS event USING (learning_event_id)
          LEFT JOIN contact USING (booking_id)
         WHERE ($1::uuid IS NULL OR learning_event_id = $1)
           AND (cardinality($2::text[]) = 0 OR booking.state = ANY ($2))
           AND ($3::text IS NULL OR sector = $3)
           AND ($4::text IS NULL OR strpos(lower(organisation), lower($4)) > 0)
           AND ($5::timestamptz IS NULL OR booked_at >= $5)
           AND ($6::timestamptz IS NULL OR booked_at <= $6)
           AND ($7::text IS NULL
                OR strpos(lower(name), lower($7)) > 0 OR strpos(lower(address), lower($7)) > 0)
           AND ($8::uuid IS NULL
                OR (booked_at, booking_id)
                   < ((SELECT booked_at FROM booking WHERE booking_id = $8), $8))
         ORDER BY booked_at DESC, booking_id DESC
         LIMIT $9
        """,
        asked.learning_event_id,
        asked.state,
        asked.sector,
        asked.organisation,
        asked.begins,
        asked.ends,
        text,
        after,
        limit,
    )
    return [BookingLine(**row) for row in rows]
