"""What may stand in a cell of a spreadsheet, so that it is shown and never run."""

import re
from datetime import date, datetime
from typing import TypeAlias

Cell: TypeAlias = str | int | date | datetime | None

# Spreadsheets look past spaces and quotation marks, and take full-width signs for signs.
_WOULD_RUN = re.compile(r"""[\s"']*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]""")


def harmless(cell: Cell) -> Cell:
    """The cell, with an apostrophe before text that a spreadsheet would take for a formula."""
    if isinstance(cell, str) and _WOULD_RUN.match(cell):
        return f"'{cell}"
    return cell


def in_words(cell: Cell) -> str | int | None:
    """The cell as a file of plain text has it: days and times as ISO 8601 writes them."""
    match harmless(cell):
        case datetime() as at:
            return at.isoformat(" ", "minutes")
        case date() as day:
            return day.isoformat()
        case safe:
            return safe
