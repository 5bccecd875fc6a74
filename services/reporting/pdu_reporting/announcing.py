"""What a publication tells: totals that are there for the first time, and those that are new."""

from collections.abc import Iterator, Mapping, Sequence

from pdu_reporting.publishing import PublishedTable
from pdu_reporting.snapshot_rows import Snapshot
from pdu_reporting.year_list import YEAR, Rows
from pdu_shared.contracts.message import Message
from pdu_shared.contracts.reporting import FigureCorrected, FigurePublished
from pdu_shared.identity import derived_id


def told_of(
    snapshot: Snapshot, shown: Sequence[PublishedTable], before: Mapping[str, Rows]
) -> Iterator[Message]:
    """One message for each total of a project year that was not shown so before."""
    for table in shown:
        if table.by != [YEAR]:
            continue
        was = {row[YEAR]: row["value"] for row in before.get(table.name, [])}
        for row in table.rows:
            year, value = row[YEAR], row["value"]
            if not isinstance(year, str) or not isinstance(value, int):
                continue
            told = {
                "figure_id": derived_id("figure", table.name, year),
                "snapshot_id": snapshot.snapshot_id,
                "figure": table.figure,
                "project_year": year,
                "value": value,
                "caveats": tuple(_words(row["caveats"])),
                "as_of": snapshot.as_of,
                "journal_position": snapshot.journal_position,
            }
            earlier = was.get(year)
            if not isinstance(earlier, int):
                yield FigurePublished.model_validate(told)
            elif earlier != value:
                yield FigureCorrected.model_validate({**told, "was": earlier})


def _words(cell: object) -> list[str]:
    return [str(one) for one in cell] if isinstance(cell, list) else []
