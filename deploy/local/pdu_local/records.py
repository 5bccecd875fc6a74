"""Files of records: which there are, who takes them, and their rows as they stand in a folder."""

import csv
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pdu_local.failure import Failure
from pdu_shared.importing import MOST_ROWS, History
from pdu_shared.rows import Row
from pdu_shared.service import Service

WRONG = 2


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a row of a file."""

    file: str
    line: int
    column: str
    code: str
    detail: str | None

    def __str__(self) -> str:
        """`attendances.csv:17: state: unknown-code. Possible are: …`."""
        where = f"{self.file}:{self.line}:"
        what = f"{where} {self.column}: {self.code}" if self.column else f"{where} {self.code}"
        return f"{what}. {self.detail}" if self.detail else what


@dataclass(frozen=True, slots=True)
class Records:
    """One file of a folder, and the service that takes it."""

    path: Path
    owner: str
    history: History[Any]
    lines: int

    @property
    def name(self) -> str:
        """What the file is called, without its ending."""
        return self.history.file


@dataclass(frozen=True, slots=True)
class Line:
    """A row, and the line on which it begins."""

    number: int
    columns: dict[str, Any]


def records_in(folder: Path, services: Iterable[Service]) -> list[Records]:
    """The files that are there, each in UTF-8 and with the columns that it should have.

    They stand in the order of the services and of what those take: events before attendances.
    Raises Failure for a folder without any, and for a file that cannot be read.
    """
    if not folder.is_dir():
        raise Failure(f"{folder} is not a folder.", "Say where the CSV files are.", code=WRONG)
    takers = [(service.name, one) for service in services for one in service.histories]
    found = [
        _checked(path, owner, history)
        for owner, history in takers
        if (path := folder / f"{history.file}.csv").exists()
    ]
    if not found:
        known = ", ".join(f"{history.file}.csv" for _, history in takers)
        raise Failure(f"{folder} has no records.", f"It may have {known}.", code=WRONG)
    return found


def parts_of(records: Records, complaints: list[Complaint]) -> Iterator[list[Line]]:
    """The rows, as many at a time as a request takes.

    A row that is there already is left out; one that says something else of the same, or has not
    its columns, is complained of.
    """
    part: list[Line] = []
    known: dict[Hashable, Line] = {}
    for line in _lines(records, complaints):
        first = known.setdefault(_key(records.history.row, line), line)
        if first is line:
            part.append(line)
        elif first.columns != line.columns:
            told = f"Line {first.number} says something else of the same."
            complaints.append(Complaint(records.path.name, line.number, "", "repeated-key", told))
        if len(part) == MOST_ROWS:
            yield part
            part = []
    if part:
        yield part


def _lines(records: Records, complaints: list[Complaint]) -> Iterator[Line]:
    with records.path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        begins = reader.line_num + 1
        for values in reader:
            if len(values) == len(header):
                yield Line(begins, dict(zip(header, values, strict=True)))
            elif values:
                told = f"It has {len(values)} columns and should have {len(header)}."
                complaints.append(Complaint(records.path.name, begins, "", "columns", told))
            begins = reader.line_num + 1


def _key(kind: type[Row], line: Line) -> Hashable:
    if kind.key is Row.key:
        return tuple(line.columns.values())
    try:
        return kind.model_construct(**line.columns).key
    except (AttributeError, ValueError):
        return line.number  # the service says what is wrong with it


def _checked(path: Path, owner: str, history: History[Any]) -> Records:
    lines = _count_lines(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file), [])
    columns = history.row.model_fields
    told = [
        *(f"{name!r} is no column of it" for name in header if name not in columns),
        *(
            f"the column {name!r} is missing"
            for name, column in columns.items()
            if name not in header and (column.is_required() or not header)
        ),
        *(f"{name!r} is there twice" for name in {*header} if header.count(name) > 1),
    ]
    if told:
        raise Failure(
            f"{path.name}: {'; '.join(told)}.",
            f"Its first line should be: {','.join(columns)}",
            code=WRONG,
        )
    return Records(path, owner, history, max(lines - 1, 0))


def _count_lines(path: Path) -> int:
    number = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                raise Failure(
                    f"{path.name}, line {number}: this is not UTF-8.",
                    "Save the file as CSV in UTF-8, and import it again.",
                    code=WRONG,
                ) from None
    return number
