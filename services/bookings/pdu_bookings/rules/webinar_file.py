"""Reading the report of a webinar tool: CSV as Zoom, Teams and others export it.

Columns are found by what they are called; what stands above the line that names them, and below
the first empty line after it, is passed over. Days are read in the order that is near the session.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pdu_bookings.rules.webinar import Stay
from pdu_shared.local_time import moment

CALLED: Mapping[str, frozenset[str]] = {
    "email": frozenset(
        {"email", "e mail", "email address", "e mail address", "user email", "attendee email"}
    ),
    "joined": frozenset(
        {"join time", "first join", "first join time", "joined", "joined at", "time joined"}
    ),
    "left": frozenset({"leave time", "last leave", "last leave time", "left", "left at"}),
    "lasted": frozenset(
        {"duration", "total duration", "in meeting duration", "time in session", "minutes"}
    ),
}
"""The columns that are read, and what tools call them."""

_DELIMITERS = ",;\t"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DAY = re.compile(
    r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2}),? (\d{1,2}):(\d{2})(?::(\d{2}))? ?([ap]m)?$"
)
_PARTS = re.compile(r"(\d{1,4}) ?(h|m|s)[a-z]*\.?")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})$")
_NEAR = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a report: whose address, if it has one, and for how long they were there."""

    line: int
    email: str
    stay: Stay


class UnreadableError(ValueError):
    """What is wrong with a report, and where: a line, and the name of its column."""

    def __init__(self, line: int, code: str, detail: str, column: str = "") -> None:
        super().__init__(detail)
        self.line, self.code, self.detail, self.column = line, code, detail, column


@dataclass(frozen=True, slots=True)
class _Column:
    place: int
    title: str
    utc: bool
    seconds: bool


def read(body: bytes, *, near: datetime, zone: str) -> list[Row]:
    """The rows of a report of a session that starts near this time; UnreadableError."""
    text = _text(body)
    for delimiter in _DELIMITERS:
        lines = list(_lines(text, delimiter))
        for place, (_, cells) in enumerate(lines):
            if columns := _columns(cells):
                return [
                    _row(line, given, columns, near, ZoneInfo(zone))
                    for line, given in _until_empty(lines[place + 1 :])
                ]
    raise UnreadableError(
        1,
        "no-columns",
        "No line names its columns: Email, and Join time and Leave time or Duration.",
    )


def _text(body: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if body.startswith(mark)), "utf-8")
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise UnreadableError(line, "not-text", "Save the file as UTF-8 or UTF-16.") from None


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableError(line, "not-csv", f"This is no line of CSV: {error}.") from None


def _columns(cells: Sequence[str]) -> dict[str, _Column]:
    """The columns that this line names; none when it is another line."""
    found: dict[str, _Column] = {}
    for place, cell in enumerate(cells):
        title, _, unit = cell.casefold().partition("(")
        called = " ".join(title.replace("-", " ").split())
        for name, names in CALLED.items():
            if called in names and name not in found:
                found[name] = _Column(place, cell, "utc" in unit, "second" in unit)
    return found if "email" in found and {"joined", "lasted"} & found.keys() else {}


def _until_empty(
    lines: Sequence[tuple[int, list[str]]],
) -> Iterator[tuple[int, list[str]]]:
    for line, cells in lines:
        if not any(cells):
            return
        yield line, cells


def _row(
    line: int, cells: Sequence[str], columns: Mapping[str, _Column], near: datetime, zone: ZoneInfo
) -> Row:
    def said(name: str) -> tuple[str, _Column] | None:
        column = columns.get(name)
        if column is None:
            return None
        if column.place >= len(cells):
            told = "The line ends before this column."
            raise UnreadableError(line, "too-short", told, column.title)
        return (cells[column.place], column) if cells[column.place] else None

    email, joined, left, lasted = map(said, CALLED)
    stay = Stay(
        _moment(line, *joined, near, zone) if joined else None,
        _moment(line, *left, near, zone) if left else None,
        _duration(line, *lasted) if lasted else None,
    )
    if stay.lasted is None and (stay.joined is None or stay.left is None):
        told = "It says neither when somebody joined and left nor for how long they were there."
        raise UnreadableError(line, "no-time", told)
    if stay.joined and stay.left and stay.left < stay.joined:
        raise UnreadableError(line, "left-before-joining", "Somebody left before they joined.")
    return Row(line, email[0] if email else "", stay)


def _moment(line: int, cell: str, column: _Column, near: datetime, zone: ZoneInfo) -> datetime:
    """The moment that is nearest to the session: tools write the day before the month, or after."""
    try:
        readings = [_aware(reading, column, zone) for reading in _readings(cell)]
    except (ValueError, OverflowError):  # an hour that the clocks leave out, or before all time
        told = "There is no such time there."
        raise UnreadableError(line, "no-such-time", told, column.title) from None
    if not readings:
        raise UnreadableError(line, "not-a-time", "This is no day and time.", column.title)
    nearest = min(readings, key=lambda reading: abs(reading - near))
    if abs(nearest - near) > _NEAR:
        told = "This is not the day of the session."
        raise UnreadableError(line, "another-day", told, column.title)
    return nearest


def _readings(cell: str) -> list[datetime]:
    try:
        return [datetime.fromisoformat(cell)]
    except ValueError:
        found = _DAY.match(cell.casefold())
    if found is None:
        return []
    first, second, year, hour, minute, seconds, half = found.groups()
    clock = int(hour) % 12 + 12 * (half == "pm") if half else int(hour)
    whole = int(year) + (2000 if len(year) == 2 else 0)  # noqa: PLR2004 - as it is written
    readings = []
    for day, month in {(int(first), int(second)), (int(second), int(first))}:
        try:
            readings.append(datetime(whole, month, day, clock, int(minute), int(seconds or 0)))  # noqa: DTZ001 - local
        except ValueError:
            continue  # there is no thirteenth month: it is the other way round
    return readings


def _aware(reading: datetime, column: _Column, zone: ZoneInfo) -> datetime:
    if reading.tzinfo:
        return reading.astimezone(UTC)
    return reading.replace(tzinfo=UTC) if column.utc else moment(reading, zone.key)


def _duration(line: int, cell: str, column: _Column) -> timedelta:
    said = cell.casefold().replace(",", ".")
    if clock := _CLOCK.match(said):
        hours, minutes, seconds = map(int, clock.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if not _PARTS.sub("", said).strip():
        units = {"h": "hours", "m": "minutes", "s": "seconds"}
        return sum(
            (timedelta(**{units[unit]: int(n)}) for n, unit in _PARTS.findall(said)), timedelta()
        )
    if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", said):
        return timedelta(seconds=float(said)) if column.seconds else timedelta(minutes=float(said))
    raise UnreadableError(line, "not-a-duration", "This is no number of minutes.", column.title)
