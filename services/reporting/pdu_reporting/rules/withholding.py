"""Which numbers of a table are withheld, so that none of fewer than a limit can be worked out.

Withheld is what is small, and with it as much as it takes: whoever adds and subtracts what is shown
must find that a small number may be 1, and may be the limit as well. How far a reader can get is
known in closed form, because numbers are withheld in shapes that allow it: of a list, some with
their sum known; of a table, a block of whole rows by whole columns, zeros among them. A cell of
such a block lies between max(0, row + column - block) and min(row, column), the sums being those
of the block, and takes every number in between (Frechet's bounds, which are reached).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

LIMIT = 5

Code: TypeAlias = str | None
Cell: TypeAlias = tuple[Code, Code]
"""Row and column of a table."""
GROUP = "\x00withheld"
"""Stands for all rows, or columns, whose totals are withheld: only what they add up to is known."""


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers by row and column. What is not named is 0."""

    cells: Mapping[Cell, int]
    totals: Mapping[Code, int]
    """Those of the columns, which several tables share."""
    delicate: Collection[Cell] = ()
    """Cells that nobody may know, though they are not small."""
    delicate_rows: Collection[Code] = ()
    """Rows whose total nobody may know."""
    beside: Collection[Cell] = ()
    """What is withheld in any case: so is what it could be compared with."""
    beside_rows: Collection[Code] = ()
    """The same of the totals of rows."""

    @property
    def rows(self) -> dict[Code, int]:
        """What each row adds up to."""
        found: dict[Code, int] = {}
        for (row, _), number in self.cells.items():
            found[row] = found.get(row, 0) + number
        return found


@dataclass(frozen=True, slots=True)
class Withheld:
    """What of a table is not shown."""

    cells: frozenset[Cell]
    rows: frozenset[Code]
    """Rows whose total over all columns is not shown either."""


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows by columns that are withheld, with all their cells."""

    rows: frozenset[Code]
    columns: frozenset[Code]

    def wider(self, line: "_Line") -> "_Block":
        """With a row or a column more."""
        if line.is_row:
            return _Block(self.rows | {line.code}, self.columns)
        return _Block(self.rows, self.columns | {line.code})

    def has(self, line: "_Line") -> bool:
        """Whether a row or a column is in it."""
        return line.code in (self.rows if line.is_row else self.columns)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row or a column."""

    is_row: bool
    code: Code


def withheld_of_list(
    numbers: Mapping[Code, int],
    *,
    limit: int,
    delicate: Collection[Code] = (),
    beside: Collection[Code] = (),
) -> frozenset[Code] | None:
    """Which numbers of a list are withheld, whose total is known; None when that has to go, too."""
    small = {code for code, number in numbers.items() if 0 < number < limit}
    hidden = small | {code for code in (*delicate, *beside) if code in numbers}
    others = sorted((code for code in numbers if code not in hidden and numbers[code]),
                    key=lambda code: (numbers[code], code or ""))  # fmt: skip
    while hidden and not _list_is_safe(numbers, hidden, limit):
        if not others:
            return None
        enough = (one for one in others if _list_is_safe(numbers, hidden | {one}, limit))
        chosen = next(enough, others[0])
        others.remove(chosen)
        hidden.add(chosen)
    return frozenset(hidden)


def _list_is_safe(numbers: Mapping[Code, int], hidden: set[Code], limit: int) -> bool:
    """Whether each of them may be 1 and may be the limit; a reader knows that none is 0."""
    most = sum(numbers[code] for code in hidden) - (len(hidden) - 1)
    return len(hidden) > 1 and most >= limit


def withheld_of_table(table: Table, closed: Collection[Code], *, limit: int) -> Withheld | None:
    """What of a table is withheld, where the totals of the `closed` columns are withheld already.

    The totals of its columns and the whole are known otherwise, and so are those of its rows,
    except for what this says. The closed columns are none or several. None when not even the names
    of the rows can be shown.
    """
    rows = table.rows
    hidden_rows = withheld_of_list(
        rows, limit=limit, delicate=table.delicate_rows, beside=table.beside_rows
    )
    if hidden_rows is None:
        return None
    block = _block_of(table, hidden_rows, closed, limit)
    if block is None:  # the totals of the rows tell too much
        hidden_rows = frozenset(rows)
        block = _block_of(table, hidden_rows, closed, limit)
    if block is None:
        return None
    cells = frozenset(
        (row, column)
        for row in rows
        for column in table.totals
        if row in hidden_rows or column in closed or (row in block.rows and column in block.columns)
    )
    return Withheld(cells, hidden_rows)


def _block_of(
    table: Table, hidden_rows: Collection[Code], closed: Collection[Code], limit: int
) -> _Block | None:
    """The block that protects all that needs it; None when there is none."""

    def place(cell: Cell) -> Cell:
        row, column = cell
        return GROUP if row in hidden_rows else row, GROUP if column in closed else column

    cells: dict[Cell, int] = {}
    for cell, number in table.cells.items():
        cells[place(cell)] = cells.get(place(cell), 0) + number
    small = {cell for cell, number in cells.items() if 0 < number < limit}
    delicate = {place(cell) for cell in table.delicate if GROUP not in place(cell)}
    beside = {place(cell) for cell in table.beside if GROUP not in place(cell)}
    needs = _Needs(cells, small, delicate, limit)
    begin = small | delicate | beside
    block = _Block(frozenset(row for row, _ in begin), frozenset(column for _, column in begin))
    lines = {_Line(code=row, is_row=True) for row, _ in cells}
    lines |= {_Line(code=column, is_row=False) for _, column in cells}
    while needs.open_in(block):
        others = [line for line in lines if not block.has(line)]
        if not others:
            return None
        block = block.wider(min(others, key=lambda line: needs.cost(block, line)))
    return block


@dataclass(frozen=True, slots=True)
class _Needs:
    """What a block has to protect."""

    cells: Mapping[Cell, int]
    small: Collection[Cell]
    delicate: Collection[Cell]
    limit: int

    def open_in(self, block: _Block) -> int:
        """How many cells a reader can find out too much about."""
        rows, columns, whole = dict[Code, int](), dict[Code, int](), 0
        for (row, column), number in self.cells.items():
            if row in block.rows and column in block.columns:
                rows[row] = rows.get(row, 0) + number
                columns[column] = columns.get(column, 0) + number
                whole += number

        def bounds(cell: Cell) -> tuple[int, int]:
            row, column = rows.get(cell[0], 0), columns.get(cell[1], 0)
            return max(0, row + column - whole), min(row, column)

        found = 0
        for cell in self.small:
            least, most = bounds(cell)
            found += least > 1 or most < self.limit
        for cell in self.delicate:
            least, most = bounds(cell)
            found += most - least < self.limit
        return found

    def cost(self, block: _Block, line: _Line) -> tuple[int, int, bool, str]:
        """What one line more costs: what it leaves open, then what it takes from the reader."""
        wider = block.wider(line)
        taken = sum(
            number
            for (row, column), number in self.cells.items()
            if row in wider.rows and column in wider.columns and GROUP not in (row, column)
        )
        return self.open_in(wider), taken, line.is_row, line.code or ""
