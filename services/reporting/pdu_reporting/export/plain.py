"""Tables as CSV (RFC 4180, UTF-8): safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from pdu_reporting.export.table import Cell, Column
from pdu_shared.sheet import harmless

MEDIA_TYPE = "text/csv"


def heading(columns: Sequence[Column]) -> str:
    """The first line."""
    return lines([[column.name for column in columns]])


def lines(rows: Iterable[Sequence[Cell]]) -> str:
    """One line for each row."""
    text = io.StringIO()
    csv.writer(text).writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def _cell(cell: Cell) -> Cell:
    match cell:
        case bool():
            return "true" if cell else "false"
        case datetime():
            return cell.isoformat()
        case str():
            return _text(cell)
        case _:
            return cell


def _text(cell: str) -> str:
    safe = harmless(cell)
    assert isinstance(safe, str), "text stays text"
    return safe
