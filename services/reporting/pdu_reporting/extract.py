"""Facts row by row, for evaluators with tools of their own: a million rows with little memory."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date
from enum import StrEnum
from tempfile import TemporaryFile
from typing import IO, Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from pdu_reporting.counting import moment
from pdu_reporting.export import parquet, plain
from pdu_reporting.export.table import Cell
from pdu_reporting.extracts import EXTRACTS, Extract
from pdu_reporting.filters import fault
from pdu_shared.database import Database
from pdu_shared.forms import Day
from pdu_shared.problems import Fault, Refused, Unavailable
from pdu_shared.runtime import Store

PAGE = 5_000
CHUNK = 1 << 16
MOST_AT_ONCE = 2
"""Each holds a connection for as long as its reader takes."""
LONGEST = 600.0
NDJSON = "application/x-ndjson"

router = APIRouter(tags=["facts"])

PLACES = asyncio.Semaphore(MOST_AT_ONCE)


class FactFormat(StrEnum):
    """The kind of file."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


class ColumnTold(BaseModel):
    """A column, what stands in it and what it means."""

    name: str
    holds: str
    means: str


class FactTold(BaseModel):
    """Facts that can be had row by row."""

    name: str
    statement: str
    columns: list[ColumnTold]


class FactsTold(BaseModel):
    """All of them."""

    items: list[FactTold]


@router.get("/facts")
async def told() -> FactsTold:
    """Which facts there are row by row, and what their columns mean."""
    return FactsTold(
        items=[
            FactTold(
                name=one.name,
                statement=one.statement,
                columns=[
                    ColumnTold(name=column.name, holds=column.holds, means=column.means)
                    for column in one.columns
                ],
            )
            for one in EXTRACTS.values()
        ]
    )


@router.get(
    "/facts/{name}",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "The rows, in the order of their days.",
            "content": {
                one: {"schema": {"type": "string"}}
                for one in (plain.MEDIA_TYPE, NDJSON, parquet.MEDIA_TYPE)
            },
        }
    },
)
async def extract(
    name: Annotated[str, Path(json_schema_extra={"enum": list(EXTRACTS)})],
    database: Store,
    period_from: Day | None = None,
    period_to: Day | None = None,
    form: Annotated[FactFormat, Query(alias="format")] = FactFormat.CSV,
) -> StreamingResponse:
    """Facts row by row, under ids that lead to nobody and are the same within one file only."""
    if name not in EXTRACTS:
        raise Refused(errors=[fault("name", "unknown_facts", EXTRACTS, place="path")])
    if period_from and period_to and period_from > period_to:
        before = "The last day is before the first."
        raise Refused(errors=[Fault("/query/period_to", "before_first", before)])
    if PLACES.locked():
        raise Unavailable("Others are being written: try again shortly.", retry_after=10)
    pages = pages_of(database, EXTRACTS[name], (period_from, period_to))
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{form}"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(
        _written(EXTRACTS[name], pages, form), media_type=MEDIA_TYPES[form], headers=headers
    )


MEDIA_TYPES = {
    FactFormat.CSV: plain.MEDIA_TYPE,
    FactFormat.JSONL: NDJSON,
    FactFormat.PARQUET: parquet.MEDIA_TYPE,
}


async def _written(
    one: Extract, pages: AsyncIterator[list[Sequence[Cell]]], form: FactFormat
) -> AsyncIterator[bytes]:
    match form:
        case FactFormat.CSV:
            yield plain.heading(one.columns).encode()
            async for page in pages:
                yield (await asyncio.to_thread(plain.lines, page)).encode()
        case FactFormat.JSONL:
            names = [column.name for column in one.columns]
            async for page in pages:
                yield (await asyncio.to_thread(_lines, names, page)).encode()
        case FactFormat.PARQUET:
            with TemporaryFile() as file:
                await _fill(file, one, pages)
                file.seek(0)
                while chunk := file.read(CHUNK):
                    yield chunk


def _lines(names: Sequence[str], page: Sequence[Sequence[Cell]]) -> str:
    rows = (dict(zip(names, row, strict=True)) for row in page)
    return "".join(f"{json.dumps(row, default=_day)}\n" for row in rows)


def _day(value: object) -> str:
    assert isinstance(value, date), "all else is JSON already"
    return value.isoformat()


async def _fill(file: IO[bytes], one: Extract, pages: AsyncIterator[list[Sequence[Cell]]]) -> None:
    """Parquet is written by another thread, which asks here for one page after the other."""
    loop = asyncio.get_running_loop()

    async def following() -> list[Sequence[Cell]]:
        return await anext(pages, [])

    def asked() -> Iterator[list[Sequence[Cell]]]:
        while page := asyncio.run_coroutine_threadsafe(following(), loop).result(LONGEST):
            yield page

    told: dict[str, Any] = {"name": one.name, "statement": one.statement}
    await asyncio.to_thread(parquet.write, file, one.columns, asked(), told)


async def pages_of(
    database: Database, one: Extract, days: tuple[date | None, date | None]
) -> AsyncIterator[list[Sequence[Cell]]]:
    """The rows, from one moment of the journal, a page at a time: none is kept.

    The statement takes a salt, and the first and the last day or null.
    """
    async with PLACES, moment(database, one.tables) as conn:
        # Whoever reads two files cannot tell that a person in one is a person in the other.
        cursor = await conn.cursor(one.query, secrets.token_bytes(16), *days, timeout=LONGEST)
        while rows := await cursor.fetch(PAGE, timeout=LONGEST):
            yield [tuple(row) for row in rows]
