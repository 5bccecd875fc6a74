"""Small numbers are withheld so that nobody works them out, checked by a reader with a solver."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from pdu_reporting.rules.withholding import (
    LIMIT,
    Table,
    withheld_of_list,
    withheld_of_table,
)
from reading_between import Reader

NUMBERS = some.one_of(
    some.just(0), some.integers(1, 4), some.integers(5, 12), some.integers(13, 400)
)
ROWS = ("statutory", "voluntary", "private", "faith", "university", "other")


@some.composite
def tables(draw, *, most_tables=2):
    """Tables with columns in common, whose totals they share."""
    columns = [f"Y{place}" for place in range(draw(some.integers(1, 5)))]
    first_rows = ROWS[: draw(some.integers(1, 6))]
    first = {(row, column): draw(NUMBERS) for row in first_rows for column in columns}
    told = [first]
    for _ in range(draw(some.integers(0, most_tables - 1))):
        rows = ("front_line", "manager", "commissioner")[: draw(some.integers(1, 3))]
        told.append(dealt_anew(draw, first, rows, columns))
    return told


def dealt_anew(draw, first, rows, columns):
    """The same people in other rows: the columns add up to the same."""
    cells = {}
    for column in columns:
        left = sum(number for (_, one), number in first.items() if one == column)
        for row in rows[:-1]:
            cells[row, column] = draw(some.integers(0, left))
            left -= cells[row, column]
        cells[rows[-1], column] = left
    return cells


def shown_to_a_reader(told, limit):
    """The reader of a set of tables, and the names of the small numbers in it."""
    totals = {}
    for (_, column), number in told[0].items():
        totals[column] = totals.get(column, 0) + number
    closed = withheld_of_list(totals, limit=limit)
    reader, small = Reader(), []
    if closed is None:
        return reader, small  # nothing is shown at all
    reader.sees("whole", sum(totals.values()))
    reader.knows_that_they_add_up([("total", column) for column in totals], "whole")
    for column, number in totals.items():
        small += shown(reader, ("total", column), number, hidden=column in closed, of_list=True)
    for place, cells in enumerate(told):
        show_table(reader, small, (place, cells, totals), closed, limit)
    return reader, [name for name, number in small if 0 < number < limit]


def shown(reader, name, number, *, hidden, of_list=False):
    """The number, if the reader is not to know it."""
    if not hidden:
        assert not 0 < number < LIMIT
        reader.sees(name, number)
        return []
    if of_list:
        reader.sees_that_there_is(name)
    return [(name, number)]


def show_table(reader, small, table, closed, limit):
    place, cells, totals = table
    told = Table(cells, totals)
    withheld = withheld_of_table(told, closed, limit=limit)
    if withheld is None:
        return
    for row, number in told.rows.items():
        name = (place, row)
        hidden = row in withheld.rows
        small += shown(reader, name, number, hidden=hidden, of_list=number > 0)
        reader.knows_that_they_add_up([(place, row, column) for column in totals], name)
    for column in totals:
        parts = [(place, row, column) for row in told.rows]
        reader.knows_that_they_add_up(parts, ("total", column))
    for cell, number in cells.items():
        small += shown(reader, (place, *cell), number, hidden=cell in withheld.cells)


@settings(max_examples=40, deadline=None)
@given(tables())
def test_no_small_number_of_any_table_can_be_worked_out(told):
    reader, small = shown_to_a_reader(told, LIMIT)
    for name in small:
        least, most = reader.can_tell(name)
        assert least <= 1, f"{name} is at least {least}"
        assert most >= LIMIT, f"{name} is at most {most}"


@pytest.mark.campaign
@settings(max_examples=1000, deadline=None)
@given(tables(most_tables=3))
def test_no_small_number_can_be_worked_out_in_a_great_many_tables(told):
    reader, small = shown_to_a_reader(told, LIMIT)
    for name in small:
        least, most = reader.can_tell(name)
        assert least <= 1
        assert most >= LIMIT


def test_one_small_number_takes_another_with_it():
    numbers = {"statutory": 60, "voluntary": 35, "faith": 12, "other": 3}
    assert withheld_of_list(numbers, limit=5) == {"other", "faith"}


def test_where_nothing_is_small_nothing_is_withheld():
    assert withheld_of_list({"statutory": 5, "voluntary": 70, "faith": 0}, limit=5) == frozenset()
    table = Table({("statutory", "Y1"): 5, ("faith", "Y1"): 0}, {"Y1": 5})
    assert not withheld_of_table(table, (), limit=5).cells


def test_a_list_that_cannot_be_protected_is_not_shown_at_all():
    assert withheld_of_list({"statutory": 4, "voluntary": 1}, limit=5) is None


def test_a_table_keeps_what_is_large_and_far_away():
    years = ("Y1", "Y2", "Y3")
    cells = {(row, year): 50 for row in ("statutory", "voluntary", "private") for year in years}
    cells["private", "Y1"] = 2
    withheld = withheld_of_table(Table(cells, {"Y1": 102, "Y2": 150, "Y3": 150}), (), limit=5)
    assert len(withheld.cells) == 4
    assert ("private", "Y1") in withheld.cells
    assert not withheld.rows


def test_what_is_withheld_beside_is_withheld_here():
    numbers = {"statutory": 60, "voluntary": 35, "faith": 12}
    assert "statutory" in withheld_of_list(numbers, limit=5, beside={"statutory"})
    cells = {("statutory", "Y1"): 60, ("voluntary", "Y1"): 35, ("faith", "Y1"): 12}
    beside = Table(cells, {"Y1": 107}, beside={("faith", "Y1")})
    assert ("faith", "Y1") in withheld_of_table(beside, (), limit=5).cells
