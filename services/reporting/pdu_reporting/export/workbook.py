"""Tables as Excel workbooks: the rows on one sheet, and on another what is told of them."""

import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from pdu_reporting.export.table import Cell, Table
from pdu_shared.sheet import harmless
from pdu_shared.sheet_file import XLSX as MEDIA_TYPE

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

__all__ = ["MEDIA_TYPE", "workbook"]

WIDTH, WIDE = 18, 90  # of a column, in characters
LONGEST = 30_000  # a cell holds 32,767 characters


def workbook(table: Table) -> bytes:
    """The whole file."""
    # Few processes ever write one.
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # noqa: PLC0415

    file = io.BytesIO()
    book = Workbook(file, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    bold = book.add_format({"bold": True})
    rows = book.add_worksheet("Figures")
    rows.freeze_panes(1, 0)
    rows.set_column(0, len(table.columns) - 1, WIDTH)
    rows.write_row(0, 0, [column.name for column in table.columns], bold)
    for number, row in enumerate(table.rows, start=1):
        for place, cell in enumerate(row):
            _write(rows, number, place, cell)
    about = book.add_worksheet("About")
    about.set_column(0, 0, WIDTH)
    about.set_column(1, 1, WIDE, book.add_format({"text_wrap": True, "valign": "top"}))
    for number, (name, words) in enumerate(_told(table)):
        about.write_string(number, 0, name, bold)
        _write(about, number, 1, words[:LONGEST])
    book.set_properties({"title": table.name, "comments": table.title})
    book.close()
    return file.getvalue()


def _told(table: Table) -> Iterator[tuple[str, str]]:
    yield table.name, table.title
    for name, told in table.told.items():
        yield name, told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
    for column in table.columns:
        yield f"column {column.name}", column.means


def _write(sheet: "Worksheet", row: int, column: int, cell: Cell) -> None:
    match cell:
        case None:
            return
        case bool():
            sheet.write_boolean(row, column, cell)
        case int() | float():
            sheet.write_number(row, column, cell)
        case datetime():
            # A workbook knows no time zones.
            sheet.write_string(row, column, cell.isoformat())
        case date():
            sheet.write_datetime(row, column, cell)
        case str():
            sheet.write_string(row, column, harmless(cell))
