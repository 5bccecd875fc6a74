"""An answer as anybody may see it: small numbers are withheld, and what would give them away."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from pdu_reporting.counting import Counted, Row
from pdu_reporting.figure import Figure, Unit
from pdu_reporting.rules.caveat import Caveat
from pdu_reporting.rules.withholding import (
    Cell,
    Code,
    Table,
    withheld_of_list,
    withheld_of_table,
)
from pdu_shared.problems import Fault, Refused

MOST_CELLS = 10_000
"""Of a table of rows by columns; a larger one is not worked out while somebody waits."""
TOO_LARGE = "This table is too large for everybody to see: cut it by something with fewer words."


def veiled(figure: Figure, by: tuple[str, ...], counted: Counted) -> Counted:
    """The answer without what could be about fewer people than the limit.

    It is cut by two dimensions at most. Protected are its rows, together with the totals over them
    that anybody may have; not against other answers with other filters, which is why those are not
    for everybody.
    """
    if figure.of_things:
        return counted
    limit = counted.withheld_below
    if figure.unit is Unit.RANGE:
        return _shown(counted, {_cell(by, row) for row in counted.rows if _is_low(row, limit)})
    numbers = {_cell(by, row): people(figure.unit, row) for row in counted.rows}
    delicate = {_cell(by, row) for row in counted.rows if gives_away_a_few(figure, row, limit)}
    hidden = _hidden(len(by), numbers, delicate, limit)
    if hidden is None:
        return _not_at_all(by, counted)
    return _shown(_with_zeros(by, counted, hidden), hidden)


def _cell(by: tuple[str, ...], row: Row) -> Cell:
    """Where a row stands: its row and its column of a table, or its place in a list."""
    codes = [row.dimensions[name] for name in by[:2]]
    return (codes[0] if codes else None, codes[1] if codes[1:] else None)


def people(unit: Unit, row: Row) -> int:
    """How many a row is about."""
    if row.numerator is None or row.denominator is None:
        return row.value if isinstance(row.value, int) else 0
    match unit:
        case Unit.SCORE | Unit.POSITION:
            return row.denominator
        case Unit.RATIO:
            return row.numerator + row.denominator
        case _:
            return row.numerator


def gives_away_a_few(figure: Figure, row: Row, limit: int) -> bool:
    """Whether both sides of a part are not as many as they need to be: 74 of 75 tell of one."""
    if row.numerator is None or row.denominator is None:
        return False
    sides = [row.denominator]
    if figure.unit is Unit.PERCENT:
        sides += [row.denominator - row.numerator]
    if figure.unit is Unit.RATIO:
        sides += [row.numerator]
    return any(0 < side < limit for side in sides)


def _is_low(row: Row, limit: int) -> bool:
    """Whether a range, which is about one session or one person at each end, begins low."""
    return isinstance(row.value, str) and int(row.value.partition("-")[0]) < limit


def _hidden(
    dimensions: int, numbers: Mapping[Cell, int], delicate: Collection[Cell], limit: int
) -> Collection[Cell] | None:
    match dimensions:
        case 0:
            few = any(0 < number < limit for number in numbers.values())
            return numbers.keys() if few or delicate else ()
        case 1:
            return _of_list(numbers, delicate, limit)
        case _:
            return _of_table(numbers, delicate, limit)


def _of_list(
    numbers: Mapping[Cell, int], delicate: Collection[Cell], limit: int
) -> Collection[Cell] | None:
    codes = withheld_of_list(
        {code: number for (code, _), number in numbers.items()},
        limit=limit,
        delicate={code for code, _ in delicate},
    )
    return None if codes is None else {(code, None) for code in codes}


def _of_table(
    numbers: Mapping[Cell, int], delicate: Collection[Cell], limit: int
) -> Collection[Cell] | None:
    totals: dict[Code, int] = {}
    for (_, column), number in numbers.items():
        totals[column] = totals.get(column, 0) + number
    if len(totals) * len({row for row, _ in numbers}) > MOST_CELLS:
        raise Refused(errors=[Fault("/query/by", "too_large", TOO_LARGE)])
    closed = withheld_of_list(totals, limit=limit)
    if closed is None:
        return None
    found = withheld_of_table(Table(numbers, totals, delicate=delicate), closed, limit=limit)
    return found.cells if found else None


def _with_zeros(by: tuple[str, ...], counted: Counted, hidden: Collection[Cell]) -> Counted:
    """Withheld zeros have rows as well: else a missing row would say that it is 0."""
    if not counted.rows:
        return counted
    there = {_cell(by, row) for row in counted.rows}
    like = {name: row for row in counted.rows for name in [_cell(by, row)[1]]}
    added = [
        replace(like[cell[1]], dimensions=dict(zip(by, cell, strict=False)))
        for cell in sorted(hidden, key=lambda cell: (cell[0] or "", cell[1] or ""))
        if cell not in there
    ]
    return replace(counted, rows=[*counted.rows, *added])


def _shown(counted: Counted, hidden: Collection[Cell]) -> Counted:
    rows = [
        withheld(row) if _cell(tuple(row.dimensions), row) in hidden else row
        for row in counted.rows
    ]
    return replace(counted, rows=rows)


def _not_at_all(by: tuple[str, ...], counted: Counted) -> Counted:
    """One row that stands for all: their names alone would say too much."""
    like = replace(counted.rows[0], dimensions=dict.fromkeys(by), comparable=False)
    return replace(counted, rows=[withheld(like)], years=())


def withheld(row: Row) -> Row:
    """A row whose numbers are not shown."""
    return replace(
        row,
        value=None,
        numerator=None,
        denominator=None,
        caveats=(Caveat.WITHHELD,),
        withheld=True,
    )
