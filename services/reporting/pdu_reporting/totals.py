"""The totals of the published set, over all years: what a front page begins with."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pdu_reporting.answer import row_of
from pdu_reporting.counting import Row
from pdu_reporting.families import ADDED_UP, DIFFERENT_PEOPLE
from pdu_reporting.figure import Unit
from pdu_reporting.publishing import PublishedTable
from pdu_reporting.rules.caveat import Caveat
from pdu_reporting.rules.publication import rounded_down
from pdu_reporting.veiling import withheld
from pdu_reporting.year_list import Rows

NAME = "totals"
STATEMENT = (
    "All years together. Where the years of a figure add up, the sum of what is shown of them;"
    " different people are counted once, and rounded down, so that nobody sees who has just come."
)


def totals(
    tables: Iterable[PublishedTable], people: Mapping[str, int], *, limit: int, today: date
) -> PublishedTable:
    """A row for each figure; `people` are those that count different people, of all years."""
    by_name = {table.name: table.rows for table in tables}
    rows = [_added_up(name, by_name[name]) for name in ADDED_UP]
    few = any(0 < people[name] < limit for name in DIFFERENT_PEOPLE)
    for name in DIFFERENT_PEOPLE:
        row = _row(name, rounded_down(people[name], limit), (Caveat.ROUNDED_DOWN,))
        rows.append(withheld(row) if few else row)
    return PublishedTable(
        name=NAME,
        figure=NAME,
        statement=STATEMENT,
        unit=Unit.COUNT,
        by=["figure"],
        rows=[{**row_of(row), "counted_on": today.isoformat()} for row in rows],
    )


def _added_up(name: str, rows: Rows) -> Row:
    numbers = [row["value"] for row in rows if isinstance(row["value"], int)]
    caveats = [Caveat(str(one)) for row in rows for one in _listed(row["caveats"])]
    return _row(name, sum(numbers), tuple(dict.fromkeys(caveats)))


def _listed(cell: object) -> list[object]:
    return cell if isinstance(cell, list) else []


def _row(name: str, number: int, caveats: Sequence[Caveat]) -> Row:
    return Row({"figure": name}, number, None, None, comparable=True, caveats=caveats)
