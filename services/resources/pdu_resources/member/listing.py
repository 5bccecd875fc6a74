"""All members for a coordinator: listed, found, and as a file. Whose lines were read is kept."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from pdu_shared import reads
from pdu_shared.access import Caller, Who
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, Database, transaction
from pdu_shared.forms import OneLine
from pdu_shared.local_time import local_clock, local_day
from pdu_shared.paging import ROWS, AsFile, Paged, Within, cut
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store
from pdu_shared.sheet import Cell
from pdu_shared.sheet_file import AS_SHEET, Rows, sheet

router = APIRouter(tags=["coordinator"])

KIND = "member"


class MemberFilter(Within):
    """Which members: those to whom all of this applies. The days are those of registration."""

    sector: Code | None = None
    work_field: Code | None = None
    role_level: Code | None = None
    area: Code | None = None
    interest: Code | None = None
    organisation: Annotated[OneLine | None, Field(description="Found in any of its names")] = None
    organisation_id: Annotated[UUID | None, Field(description="Under any of its names")] = None
    closed: Annotated[bool | None, Field(description="Whether they have left")] = None


class MemberPage(MemberFilter, Paged):
    """Which members, and which page of them."""


class MemberSheet(MemberFilter, AsFile):
    """Which members, and in which kind of file."""


class FindMembers(MemberPage):
    """Whose account. Sent as a body, because addresses of pages are kept in many places."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name_or_address": "robin@example.org", "limit": 20}]}
    )

    name_or_address: Annotated[OneLine, Field(description="Found in the name or the address")]
    closed: Annotated[StrictBool | None, Field(description="Whether they have left")] = None


class MemberLine(BaseModel):
    """A member in a list. Of those from records of the past, and of those who left, no name."""

    person_id: UUID
    name: str | None
    address: str | None
    organisation: str | None = Field(description="Its name in the registry, or as they typed it")
    organisation_id: UUID | None = Field(description="Of the registry; null where it knows none")
    sector: str
    work_field: str
    role_level: str
    area: str
    interests: tuple[str, ...]
    registered_at: datetime
    changed_at: datetime | None
    closed_at: datetime | None
    merged_into: UUID | None = Field(description="The id of the person that they are, too")


class MemberLines(BaseModel):
    """One page of members. `next` goes into `after` for the following page."""

    items: list[MemberLine]
    next: UUID | None


COLUMNS: dict[str, Callable[[MemberLine], Cell]] = {
    "Name": lambda line: line.name,
    "Address": lambda line: line.address,
    "Organisation": lambda line: line.organisation,
    "Sector": lambda line: line.sector,
    "Work field": lambda line: line.work_field,
    "Role": lambda line: line.role_level,
    "Area": lambda line: line.area,
    "Interests": lambda line: ", ".join(line.interests),
    "Registered": lambda line: local_clock(line.registered_at),
    "Left": lambda line: local_clock(line.closed_at) if line.closed_at else None,
    "Member": lambda line: str(line.person_id),
}


@router.get("/coordinator/members")
async def listed(
    asked: Annotated[MemberPage, Query()], database: Store, caller: Who, now: Now
) -> MemberLines:
    """Members, latest first. Whose line was read, and by whom, is kept."""
    return await _page(database, asked, _Reader(caller, now, "listing"))


@router.post("/coordinator/members/search")
async def found(asked: FindMembers, database: Store, caller: Who, now: Now) -> MemberLines:
    """The members found by a part of the name or address. Changes nothing; reading is kept."""
    reader = _Reader(caller, now, "search")
    return await _page(database, asked, reader, text=asked.name_or_address)


@router.get("/coordinator/members/file", response_class=StreamingResponse, responses=AS_SHEET)
async def as_file(
    asked: Annotated[MemberSheet, Query()], database: Store, caller: Who, now: Now
) -> StreamingResponse:
    """The same members as a file for a spreadsheet. Who took it away is kept for each of them."""
    rows = _rows(database, asked, _Reader(caller, now, "file"))
    return await sheet("members", tuple(COLUMNS), rows, asked.format, local_day(now))


@router.get("/coordinator/members/{person_id}")
async def one(person_id: UUID, database: Store, caller: Who, now: Now) -> MemberLine:
    """One member. That it was read, and by whom, is kept."""
    async with transaction(database) as conn:
        lines = await lines_of(conn, [person_id])
        if not lines:
            raise NotFound
        await _Reader(caller, now, "one").note(conn, lines)
    return lines[0]


class _Reader:
    """Who reads, when, and in what way."""

    def __init__(self, caller: Caller, now: datetime, why: str) -> None:
        self._caller, self._now, self._why = caller, now, why

    async def note(self, conn: Conn, lines: list[MemberLine]) -> None:
        """Write down that they read these, in the transaction of reading."""
        ids = [line.person_id for line in lines if line.name]
        await reads.note(conn, self._caller, kind=KIND, of_ids=ids, why=self._why, now=self._now)


async def lines_of(conn: Conn, person_ids: list[UUID]) -> list[MemberLine]:
    """The lines of these members, latest first."""
    return await _lines(conn, MemberFilter(), None, len(person_ids), only=person_ids)


async def _page(
    database: Database, asked: MemberPage, reader: _Reader, *, text: str | None = None
) -> MemberLines:
    async with transaction(database) as conn:
        lines = await _lines(conn, asked, asked.after, asked.limit + 1, text=text)
        items, following = cut(lines, asked.limit, lambda line: line.person_id)
        await reader.note(conn, items)
    return MemberLines(items=items, next=following)


async def _rows(database: Database, asked: MemberFilter, reader: _Reader) -> AsyncIterator[Rows]:
    after: UUID | None = None
    while True:
        async with transaction(database) as conn:
            lines = await _lines(conn, asked, after, ROWS)
            await reader.note(conn, lines)
        yield [[cell(line) for cell in COLUMNS.values()] for line in lines]
        if len(lines) < ROWS:
            return
        after = lines[-1].person_id


async def _lines(  # noqa: PLR0913 - a filter, a page, and who
    conn: Conn,
    asked: MemberFilter,
    after: UUID | None,
    limit: int,
    *,
    text: str | None = None,
    only: list[UUID] | None = None,
) -> list[MemberLine]:
    rows = await conn.fetch(
        """
        WITH RECURSIVE up (name_id, organisation_id, canonical_name, merged_into) AS (
            SELECT name_id, organisation_id, canonical_name, merged_into
              FROM organisation_name JOIN organisation USING (organisation_id)
             UNION ALL
            SELECT name_id, organisation.organisation_id, organisation.canonical_name,
                   organisation.merged_into
              FROM up JOIN organisation ON organisation.organisation_id = up.merged_into),
        known AS (SELECT name_id, organisation_id, canonical_name FROM up WHERE merged_into IS NULL)
        SELECT member.person_id, member.name, address,
               coalesce(canonical_name, organisation) AS organisation, known.organisation_id,
               sector, work_field, role_level, area, interests, registered_at, changed_at,
               closed_at, kept_id AS merged_into
          FROM member
          LEFT JOIN known ON known.name_id = member.organisation_id
          LEFT JOIN person_merge ON merged_id = person_id
         WHERE ($1::text IS NULL OR sector = $1)
           AND ($2::text IS NULL OR work_field = $2)
           AND ($3::text IS NULL OR role_level = $3)
           AND ($4::text IS NULL OR area = $4)
           AND ($5::text IS NULL OR $5 = ANY (interests))
           AND ($6::text IS NULL OR strpos(lower(organisation), lower($6)) > 0
                OR strpos(lower(canonical_name), lower($6)) > 0)
           AND ($7::uuid IS NULL OR known.organisation_id = $7)
           AND ($8::bool IS NULL OR (closed_at IS NOT NULL) = $8)
           AND ($9::timestamptz IS NULL OR registered_at >= $9)
           AND ($10::timestamptz IS NULL OR registered_at <= $10)
           AND ($11::text IS NULL
                OR strpos(lower(name), lower($11)) > 0 OR strpos(lower(address), lower($11)) > 0)
           AND ($12::uuid[] IS NULL OR person_id = ANY ($12))
           AND ($13::uuid IS NULL
                OR (registered_at, person_id)
                   < ((SELECT registered_at FROM member WHERE person_id = $13), $13))
         ORDER BY registered_at DESC, person_id DESC
         LIMIT $14
        """,
        asked.sector,
        asked.work_field,
        asked.role_level,
        asked.area,
        asked.interest,
        asked.organisation,
        asked.organisation_id,
        asked.closed,
        asked.begins,
        asked.ends,
        text,
        only,
        after,
        limit,
    )
    return [MemberLine(**row) for row in rows]
