"""One list of the published set: a figure in a project year, cut by one thing or by none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pdu_reporting.answer import Cell, row_of
from pdu_reporting.counting import Row
from pdu_reporting.figure import Figure
from pdu_reporting.rules.caveat import Caveat
from pdu_reporting.rules.publication import Told, rounded_down
from pdu_reporting.rules.withholding import Code, withheld_of_list
from pdu_reporting.veiling import gives_away_a_few, people, withheld

YEAR = "project_year"
TOTAL = ""
"""What the list of a single number is cut by."""
NOTHING: frozenset[Code] = frozenset()
Rows = list[dict[str, Cell]]


@dataclass(frozen=True, slots=True)
class YearList:
    """The rows that readers get, and what they can tell from them."""

    rows: Rows
    told: Told


@dataclass(frozen=True, slots=True)
class Frame:
    """What the rows of a list have in common."""

    figure: Figure
    cut: str
    year: str
    limit: int
    counted_on: date

    def total(self, rows: Sequence[Row]) -> YearList:
        """The number of a year, withheld where it is small."""
        number = self._people(rows)
        if 0 < number < self.limit:
            return YearList(self._told(map(withheld, rows)), Told(None, {}, NOTHING))
        return YearList(self._told(rows), Told(number, {}, NOTHING))

    def listed(
        self, rows: Sequence[Row], total: int | None, beside: frozenset[Code] | None
    ) -> YearList:
        """Without what is small, what gives it away, and what is withheld beside it."""
        by_code = {row.dimensions[self.cut]: row for row in rows}
        numbers = {code: people(self.figure.unit, row) for code, row in by_code.items()}
        hidden = None
        if beside is not None and total is not None:
            hidden = self._hidden(by_code, numbers, beside)
        if hidden is None:
            for_all = (replace(row, dimensions={self.cut: None}) for row in rows[:1])
            return YearList(self._told(map(withheld, for_all)), Told(total, {}, None))
        zeros = [
            replace(rows[0], dimensions={self.cut: code})
            for code in sorted(beside - by_code.keys() if beside and rows else (), key=str)
        ]
        shown = [withheld(row) if code in hidden else row for code, row in by_code.items()]
        left = {code: number for code, number in numbers.items() if code not in hidden}
        told = Told(total, left, hidden | (beside or NOTHING))
        return YearList(self._told([*shown, *map(withheld, zeros)]), told)

    def open(self, rows: Sequence[Row]) -> YearList:
        """Of things, all that was counted."""
        return YearList(self._told(rows), Told(None, {}, NOTHING))

    def so_far(self, rows: Sequence[Row]) -> YearList:
        """Of a year in progress, rounded down so that nobody sees who has just come."""
        number = self._people(rows)
        if number < self.limit:
            return YearList(self._told(map(withheld, rows)), Told(None, {}, NOTHING))
        value = rounded_down(number, self.limit)
        about = [
            replace(row, value=value, caveats=(*row.caveats, Caveat.ROUNDED_DOWN)) for row in rows
        ]
        return YearList(self._told(about), Told(None, {}, NOTHING))

    def _hidden(
        self, rows: Mapping[Code, Row], numbers: Mapping[Code, int], beside: frozenset[Code]
    ) -> frozenset[Code] | None:
        few = {code for code, row in rows.items() if gives_away_a_few(self.figure, row, self.limit)}
        return withheld_of_list(numbers, limit=self.limit, delicate=few, beside=beside)

    def _people(self, rows: Iterable[Row]) -> int:
        return sum(people(self.figure.unit, row) for row in rows)

    def _told(self, rows: Iterable[Row]) -> Rows:
        """As they are published."""
        told = []
        for row in rows:
            cut = {self.cut: row.dimensions[self.cut]} if self.cut else {}
            placed = replace(row, dimensions={**cut, YEAR: self.year})
            told.append({**row_of(placed), "counted_on": self.counted_on.isoformat()})
        return told


def read_again(cut: str, rows: Rows, total: int | None) -> YearList:
    """A list as it was published; of its year, this is the total that was published."""
    if cut == TOTAL:
        [number] = [row["value"] for row in rows] or [0]
        return YearList(rows, Told(_count(number), {}, NOTHING))
    hidden = frozenset(_code(row[cut]) for row in rows if row["withheld"])
    if len(rows) == 1 and hidden:
        return YearList(rows, Told(total, {}, None))
    shown = {_code(row[cut]): _people_of(row) for row in rows if not row["withheld"]}
    return YearList(rows, Told(total, shown, hidden))


def base_of(rows: Iterable[Row]) -> int:
    """How many answered a question: the base that its options share."""
    return max((row.denominator or 0 for row in rows), default=0)


def base_of_published(rows: Rows) -> int | None:
    """The same of what was published; None when all of it is withheld."""
    shown = [_count(row["denominator"]) or 0 for row in rows if not row["withheld"]]
    return max(shown, default=None)


def _people_of(row: Mapping[str, Cell]) -> int:
    return _count(row["value"] if row["numerator"] is None else row["numerator"]) or 0


def _count(cell: Cell) -> int | None:
    return cell if isinstance(cell, int) else None


def _code(cell: Cell) -> Code:
    return cell if isinstance(cell, str) else None
