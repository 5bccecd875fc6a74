"""Files for a spreadsheet, CSV or XLSX, of any length: written page by page, never held whole."""

import asyncio
import codecs
import csv
import io
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from fastapi.responses import StreamingResponse

from pdu_shared.sheet import Cell, harmless, in_words

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK = 1 << 16
WIDTH = 18  # of a column, in characters

Rows: TypeAlias = Sequence[Sequence[Cell]]

AS_SHEET: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file. Text that a spreadsheet would run begins with an apostrophe.",
        "content": {
            CSV: {"schema": {"type": "string"}},
            XLSX: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
"""What OpenAPI says of a route that answers with a sheet."""


class SheetFormat(StrEnum):
    """The kind of file: CSV (UTF-8, one line for each row) or an Excel workbook."""

    CSV = "csv"
    XLSX = "xlsx"


async def sheet(
    name: str, headings: Sequence[str], pages: AsyncIterator[Rows], form: SheetFormat, day: date
) -> StreamingResponse:
    """A file to keep, named by what it lists and by the day. Nobody stores it on the way."""
    first = await anext(pages, ())  # before the answer begins, so that it can still be a problem
    headers = {
        "Content-Disposition": f'attachment; filename="{name}-{day.isoformat()}.{form}"',
        "Cache-Control": "no-store",
    }
    if form is SheetFormat.CSV:
        lines = _csv(headings, first, pages)
        return StreamingResponse(lines, media_type=f"{CSV}; charset=utf-8", headers=headers)
    workbook = await _workbook(headings, first, pages)
    return StreamingResponse(_chunks(workbook), media_type=XLSX, headers=headers)


async def _csv(
    headings: Sequence[str], first: Rows, pages: AsyncIterator[Rows]
) -> AsyncIterator[bytes]:
    # Excel takes a file without this mark for one in the code page of the machine.
    yield codecs.BOM_UTF8 + _lines([headings, *first])
    async for rows in pages:
        yield _lines(rows)


def _lines(rows: Rows) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([in_words(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


async def _workbook(headings: Sequence[str], first: Rows, pages: AsyncIterator[Rows]) -> IO[bytes]:
    # Few processes ever write one.
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # noqa: PLC0415

    file = TemporaryFile()  # noqa: SIM115 - closed when the last chunk has gone
    workbook = Workbook(file, {"constant_memory": True})
    formats: dict[type, Any] = {
        datetime: workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        date: workbook.add_format({"num_format": "yyyy-mm-dd"}),
    }
    worksheet = workbook.add_worksheet()
    worksheet.freeze_panes(1, 0)
    worksheet.set_column(0, len(headings) - 1, WIDTH)
    worksheet.write_row(0, 0, headings, workbook.add_format({"bold": True}))
    number = 1
    await asyncio.to_thread(_write, worksheet, formats, number, first)
    number += len(first)
    async for rows in pages:
        await asyncio.to_thread(_write, worksheet, formats, number, rows)
        number += len(rows)
    await asyncio.to_thread(workbook.close)
    file.seek(0)
    return file


def _write(worksheet: "Worksheet", formats: dict[type, Any], number: int, rows: Rows) -> None:
    for line, row in enumerate(rows, start=number):
        for column, cell in enumerate(row):
            match harmless(cell):
                case str() as text:
                    worksheet.write_string(line, column, text)
                case datetime() | date() as at:
                    worksheet.write_datetime(line, column, at, formats[type(at)])
                case int() as whole:
                    worksheet.write_number(line, column, whole)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
