"""My learning record to take away: to read, to print, for a spreadsheet, for a record store."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from pdu_resources.identity.keys import base_of
from pdu_resources.member.same_person import ids_of
from pdu_resources.my_activity.rows import entries_of
from pdu_resources.paper import PDF, pdf
from pdu_resources.rules.learning_record import Entry, Kind, how_long, statements
from pdu_resources.rules.project_year import local_date
from pdu_resources.usage.activity import account_of
from pdu_shared.access import Who
from pdu_shared.database import Conn
from pdu_shared.runtime import Here, Now, Runtime
from pdu_shared.sheet_file import CSV, SheetFormat, sheet

HEADINGS = ("Kind", "Key", "Title", "Begun", "Completed", "Minutes", "Code")
TITLES = {
    Kind.MODULE: "E-learning modules",
    Kind.PATHWAY: "Pathways",
    Kind.LEARNING_EVENT: "Learning events",
}
router = APIRouter(tags=["my activity"])


class RecordFormat(StrEnum):
    """The kind of record: to read by programs, for a spreadsheet, to print, xAPI statements."""

    JSON = "json"
    CSV = "csv"
    PDF = "pdf"
    XAPI = "xapi"


class Learned(BaseModel):
    """One entry of a learning record."""

    kind: Kind
    ref: str = Field(description="The key of the module or pathway, the id of the learning event")
    title: str
    started_at: datetime | None
    completed_at: datetime | None
    minutes: int | None
    code: str | None = Field(description="Of the certificate or badge, by which it is verified")


class LearningRecord(BaseModel):
    """What I learned here and came to."""

    entries: list[Learned]


_DESCRIBED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The record. `xapi` is a list of statements (xAPI 1.0.3).",
        "content": {
            "application/json": {"schema": {"type": ["object", "array"]}},
            CSV: {"schema": {"type": "string"}},
            PDF: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.get("/learning-record", responses=_DESCRIBED, response_model=None)
async def record(
    runtime: Here,
    caller: Who,
    now: Now,
    form: Annotated[RecordFormat, Query(alias="format")] = RecordFormat.JSON,
) -> Response:
    """My learning record. What I answered and what I wrote for myself is not in it."""
    async with runtime.database.pool.acquire(timeout=5) as conn:
        person_id = await account_of(conn, caller)
        mine = await ids_of(conn, person_id)
        entries = await entries_of(conn, mine)
        name = await _name(conn, mine)
    match form:
        case RecordFormat.CSV:
            day = local_date(now)
            return await sheet("learning-record", HEADINGS, _pages(entries), SheetFormat.CSV, day)
        case RecordFormat.PDF:
            return await pdf(
                "learning-record", _data(runtime, name, entries, now), name="learning-record"
            )
        case RecordFormat.XAPI:
            told = statements(base_of(runtime), person_id, entries)
            return _file(told, "learning-record.xapi.json")
    learned = LearningRecord(entries=[learned_of(one) for one in entries])
    return _file(learned.model_dump(mode="json"), "learning-record.json")


def learned_of(entry: Entry) -> Learned:
    """An entry as its learner sees it."""
    return Learned(
        kind=entry.kind,
        ref=entry.ref,
        title=entry.title,
        started_at=entry.started_at,
        completed_at=entry.completed_at,
        minutes=entry.minutes,
        code=entry.code,
    )


def _file(content: object, name: str) -> JSONResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return JSONResponse(content, headers=headers)


async def _pages(entries: Sequence[Entry]) -> AsyncIterator[list[list[Any]]]:
    yield [
        [
            entry.kind,
            entry.ref,
            entry.title,
            entry.started_at and local_date(entry.started_at),
            entry.completed_at and local_date(entry.completed_at),
            entry.minutes,
            entry.code,
        ]
        for entry in entries
    ]


def _data(
    runtime: Runtime, name: str | None, entries: Sequence[Entry], now: datetime
) -> dict[str, Any]:
    done = [entry for entry in entries if entry.completed_at]
    return {
        "holder": name or "A member",
        "issuer": runtime.settings.hub_name,
        "printed_on": _day(now),
        "parts": [
            {
                "title": title,
                "rows": [
                    {"what": one.title, "when": _day(one.completed_at), "much": how_long(one)}
                    for one in done
                    if one.kind is kind
                ],
            }
            for kind, title in TITLES.items()
        ],
    }


def _day(at: datetime | None) -> str:
    return f"{local_date(at):%-d %B %Y}" if at else ""


async def _name(conn: Conn, person_ids: Sequence[UUID]) -> str | None:
    name: str | None = await conn.fetchval(
        "SELECT name FROM member WHERE person_id = ANY ($1::uuid[]) AND name IS NOT NULL LIMIT 1",
        list(person_ids),
    )
    return name
