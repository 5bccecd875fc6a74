"""All learning events for a coordinator, in every state: listed, searched, and as a file."""

from collections.abc import AsyncIterator, Callable
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from pdu_bookings.rules.programme import State
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import EventKind
from pdu_shared.database import Conn, Database
from pdu_shared.forms import OneLine
from pdu_shared.local_time import local_clock, local_day
from pdu_shared.paging import AsFile, Paged, Within, cut, every_page
from pdu_shared.runtime import Now, Store
from pdu_shared.sheet import Cell
from pdu_shared.sheet_file import AS_SHEET, Rows, sheet

router = APIRouter(tags=["coordinator"])


class Places(StrEnum):
    """How full a learning event is."""

    LEFT = "left"
    FULL = "full"
    WAITING = "waiting"


class EventFilter(Within):
    """Which learning events: those to which all of this applies."""

    text: Annotated[OneLine | None, Field(description="Found in the title or purpose")] = None
    state: Annotated[tuple[State, ...], Field(description="One of these states")] = ()
    workstream: Code | None = None
    series: Code | None = None
    kind: EventKind | None = None
    places: Places | None = None


class EventPage(EventFilter, Paged):
    """Which learning events, and which page of them."""


class EventSheet(EventFilter, AsFile):
    """Which learning events, and in which kind of file."""


class EventLine(BaseModel):
    """A learning event in a list; places are those of its fullest session."""

    learning_event_id: UUID
    title: str
    kind: EventKind
    event_type: str
    state: State
    workstreams: list[str]
    series: str | None
    sessions: int
    starts_at: datetime | None
    ends_at: datetime | None
    capacity: int
    taken: int
    waiting: int


class EventLines(BaseModel):
    """One page of learning events. `next` goes into `after` for the following page."""

    items: list[EventLine]
    next: UUID | None


COLUMNS: dict[str, Callable[[EventLine], Cell]] = {
    "Title": lambda line: line.title,
    "State": lambda line: line.state,
    "First day": lambda line: _local(line.starts_at),
    "Last day": lambda line: _local(line.ends_at),
    "Sessions": lambda line: line.sessions,
    "Kind": lambda line: line.kind,
    "Type": lambda line: line.event_type,
    "Work streams": lambda line: ", ".join(line.workstreams),
    "Series": lambda line: line.series,
    "Places": lambda line: line.capacity,
    "Places taken": lambda line: line.taken,
    "People waiting": lambda line: line.waiting,
}


@router.get("/coordinator/learning-events")
async def listed(asked: Annotated[EventPage, Query()], database: Store) -> EventLines:
    """Learning events in every state, soonest first; those without a date come last."""
    async with database.pool.acquire(timeout=5) as conn:
        lines = await _lines(conn, asked, asked.after, asked.limit + 1)
    items, following = cut(lines, asked.limit, lambda line: line.learning_event_id)
    return EventLines(items=items, next=following)


@router.get(
    "/coordinator/learning-events/file", response_class=StreamingResponse, responses=AS_SHEET
)
async def as_file(
    asked: Annotated[EventSheet, Query()], database: Store, now: Now
) -> StreamingResponse:
    """The same learning events as a file for a spreadsheet."""
    rows = _rows(database, asked)
    return await sheet("learning-events", tuple(COLUMNS), rows, asked.format, local_day(now))


async def _rows(database: Database, asked: EventFilter) -> AsyncIterator[Rows]:
    async def read(conn: Conn, after: UUID | None, limit: int) -> list[EventLine]:
        return await _lines(conn, asked, after, limit)

    async for lines in every_page(database, read, lambda line: line.learning_event_id):
        yield [[cell(line) for cell in COLUMNS.values()] for line in lines]


def _local(at: datetime | None) -> date | None:
    return local_clock(at) if at else None


async def _lines(conn: Conn, asked: EventFilter, after: UUID | None, limit: int) -> list[EventLine]:
    rows = await conn.fetch(
        """
        SELECT learning_event_id, title, kind, event_type, state, workstreams, series,
               coalesce(sessions, 0) AS sessions, starts_at, ends_at,
               coalesce(capacity, 0) AS capacity, coalesce(taken, 0) AS taken,
               coalesce(waiting, 0) AS waiting
          FROM learning_event
          LEFT JOIN (SELECT learning_event_id, count(*) AS sessions, min(starts_at) AS starts_at,
                            max(ends_at) AS ends_at,
                            min(capacity + coalesce(online_capacity, 0)) AS capacity,
                            max(taken + online_taken) AS taken,
                            max(waiting + online_waiting) AS waiting
                       FROM session
                      GROUP BY learning_event_id) AS meeting USING (learning_event_id)
         WHERE ($1::text IS NULL
                OR strpos(lower(title || ' ' || coalesce(purpose, '')), lower($1)) > 0)
           AND (cardinality($2::text[]) = 0 OR state = ANY ($2))
           AND ($3::text IS NULL OR $3 = ANY (workstreams))
           AND ($4::text IS NULL OR series = $4)
           AND ($5::text IS NULL OR kind = $5)
           AND ($6::text IS NULL
                OR CASE $6 WHEN 'left' THEN taken < capacity
                           WHEN 'full' THEN taken >= capacity
                           ELSE waiting > 0 END)
           AND ($7::timestamptz IS NULL OR starts_at >= $7)
           AND ($8::timestamptz IS NULL OR starts_at <= $8)
           AND ($9::uuid IS NULL
                OR (coalesce(starts_at, 'infinity'), learning_event_id)
                   > ((SELECT coalesce(min(starts_at), 'infinity')
                         FROM session
                        WHERE learning_event_id = $9), $9))
         ORDER BY coalesce(starts_at, 'infinity'), learning_event_id
         LIMIT $10
        """,
        asked.text,
        asked.state,
        asked.workstream,
        asked.series,
        asked.kind,
        asked.places,
        asked.begins,
        asked.ends,
        after,
        limit,
    )
    return [EventLine(**row) for row in rows]
