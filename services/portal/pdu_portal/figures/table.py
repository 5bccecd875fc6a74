"""An answer as a table: rows and columns in words, what is withheld, and how long each bar is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pdu_portal.figures.naming import Naming, dimension
from pdu_portal.figures.shapes import Row

YEAR = "project_year"
FEW = "counts_only"
NOTHING = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Number:
    """One number as it is shown; `share` is how long its bar is, of a hundred."""

    words: str
    withheld: bool = False
    share: float = 0
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row: what it is about, and its numbers."""

    labels: Sequence[str]
    numbers: Sequence[Number]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table for a page."""

    heads: Sequence[str]
    columns: Sequence[str]
    lines: Sequence[Line]
    notes: Sequence[str] = field(default_factory=list)

    @property
    def withheld(self) -> bool:
        """Whether a number in it is withheld."""
        return any(one.withheld for line in self.lines for one in line.numbers)


def table_of(rows: Sequence[Row], by: Sequence[str], unit: str, naming: Naming) -> Table:
    """The table of an answer: years stand side by side where something else is down the side."""
    if YEAR in by and len(by) == 2:  # noqa: PLR2004 - a year and something else
        return _crossed(rows, next(one for one in by if one != YEAR), unit, naming)
    top = max((abs(_value(row)) for row in rows), default=0)
    lines = [
        Line(
            [naming.code(name, row.get(name)) for name in by],
            [_number(row, unit, top, naming)],
            _part_of_a_year(row, by, naming),
        )
        for row in rows
    ]
    return Table([dimension(name) for name in by], ["Number"], lines, _notes(rows, by, naming))


def printed(row: Row, unit: str) -> str:
    """A number with its unit."""
    if row.get("withheld"):
        return "[c]"
    value, of, among = row.get("value"), row.get("numerator"), row.get("denominator")
    base = f"{of} of {among}" if of is not None and among is not None else ""
    if unit == "percent" and FEW in _listed(row):
        return base or NOTHING
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value) if value is not None else base or NOTHING
    match unit:
        case "percent":
            return f"{value:.0f}% ({base})" if base else f"{value:.0f}%"
        case "count":
            return f"{value:,.0f}"
        case _:
            return f"{value:.1f}"


def _crossed(rows: Sequence[Row], other: str, unit: str, naming: Naming) -> Table:
    years = sorted({str(row[YEAR]) for row in rows if row.get(YEAR) is not None})
    cells = {(row.get(other), str(row.get(YEAR))): row for row in rows}
    totals = {one: 0.0 for one in dict.fromkeys(row.get(other) for row in rows)}  # noqa: C420
    for row in rows:
        totals[row.get(other)] += _value(row)
    order = sorted(totals, key=lambda one: (one is None, -totals[one]))
    lines = [
        Line(
            [naming.code(other, one)],
            [_cell(cells.get((one, year)), unit, naming) for year in years],
        )
        for one in order
    ]
    columns = [naming.code(YEAR, year) for year in years]
    return Table([dimension(other)], columns, lines, _notes(rows, [YEAR], naming))


def _cell(row: Row | None, unit: str, naming: Naming) -> Number:
    if row is None:
        return Number("0" if unit == "count" else NOTHING)
    return _number(row, unit, 0, naming)


def _number(row: Row, unit: str, top: float, naming: Naming) -> Number:
    year = naming.year(row.get(YEAR))
    return Number(
        printed(row, unit),
        withheld=bool(row.get("withheld")),
        share=100 * abs(_value(row)) / top if top else 0,
        partial=year is not None and not year.comparable,
    )


def _part_of_a_year(row: Row, by: Sequence[str], naming: Naming) -> str:
    year = naming.year(row.get(YEAR)) if YEAR in by else None
    if year is None or year.comparable or year.in_progress:
        return ""
    return f"{year.months:g} months"


def _notes(rows: Iterable[Row], by: Sequence[str], naming: Naming) -> list[str]:
    partial = {
        naming.code(YEAR, row.get(YEAR))
        for row in rows
        if YEAR in by and (year := naming.year(row.get(YEAR))) and not year.comparable
    }
    if not partial:
        return []
    whole = "is not a whole year and stays" if len(partial) == 1 else "are not whole years and stay"
    return [f"{' and '.join(sorted(partial))} {whole} out of comparisons."]


def _listed(row: Row) -> list[str]:
    found = row.get("caveats")
    return found if isinstance(found, list) else []


def _value(row: Row) -> float:
    value = row.get("value")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
