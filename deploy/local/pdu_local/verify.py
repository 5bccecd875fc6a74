"""`./pdu verify`: every figure of a report as it was printed, beside the one counted now."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from pdu_local.failure import Failure
from pdu_local.figures import failure_of, reporting
from pdu_local.published import Published, Recomputed, Verdict, published, verdict

WIDTH = 110
STYLES = {Verdict.GAP: "bold red", Verdict.BASE: "yellow"}


@dataclass(frozen=True, slots=True)
class Line:
    """A printed figure, the one counted, and how they fit together."""

    printed: Published
    counted: Recomputed | None
    """None where the platform has no such figure."""
    verdict: Verdict
    reason: str = ""


def verify(file: Path, *, as_json: bool) -> int:
    """Print the comparison; 1 when a figure differs for no good reason, else 0."""
    figures = published(file)
    with reporting() as http:
        lines = compare(http, figures)
    if as_json:
        for line in lines:
            print(json.dumps(_told(line), ensure_ascii=False))
    else:
        _show(lines)
    return int(any(line.verdict is Verdict.GAP for line in lines))


def compare(http: httpx.Client, figures: Sequence[Published]) -> list[Line]:
    """Ask for each figure anew."""
    return [_compare(http, printed) for printed in figures]


def _compare(http: httpx.Client, printed: Published) -> Line:
    try:
        counted = _counted(http, printed.metric, printed.asked)
        other = printed.on_the_other_base
        other_base = _counted(http, printed.metric, other) if other else None
    except Failure as failure:
        return Line(printed, None, Verdict.GAP, str(failure).replace("\n", " "))
    found = verdict(printed, counted, other_base)
    reason = f"printed as {_fraction(other_base)}" if found is Verdict.BASE else ""
    return Line(printed, counted, found, reason)


def _counted(http: httpx.Client, metric: str, asked: Mapping[str, str]) -> Recomputed:
    answer = http.get(f"/figures/{metric}", params=asked)
    if answer.is_error:
        raise failure_of(answer)
    told: dict[str, Any] = answer.json()
    [row] = told["rows"]
    return Recomputed(row["value"], row["numerator"], row["denominator"], told["unit"])


def _told(line: Line) -> dict[str, object]:
    printed, counted = line.printed, line.counted
    return {
        "id": printed.id,
        "statement": printed.statement,
        "published": printed.value,
        "recomputed": counted.value if counted else None,
        "numerator": counted.numerator if counted else None,
        "denominator": counted.denominator if counted else None,
        "verdict": line.verdict,
        "reason": line.reason,
    }


def _show(lines: Sequence[Line]) -> None:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for title in ("figure", "as printed", "printed", "counted", "of", "verdict"):
        table.add_column(title, no_wrap=title in {"figure", "printed", "counted", "of"})
    for line in lines:
        table.add_row(
            line.printed.id,
            line.printed.statement,
            _cell(line.printed.value),
            _cell(line.counted.value if line.counted else None),
            _fraction(line.counted),
            f"{line.verdict}: {line.reason}" if line.reason else line.verdict,
            style=STYLES.get(line.verdict),
        )
    console = Console(width=WIDTH, highlight=False)
    console.print(table)
    console.print(summary(lines), markup=False)


def summary(lines: Sequence[Line]) -> str:
    """Such as `54 figures: 30 same, 24 rounding.`."""
    counts = {kind: sum(line.verdict is kind for line in lines) for kind in Verdict}
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    return f"{len(lines)} figures: {told or 'nothing to compare'}."


def _fraction(counted: Recomputed | None) -> str:
    if counted is None or counted.denominator is None:
        return ""
    return f"{counted.numerator}/{counted.denominator}"


def _cell(value: float | str | None) -> str:
    return "none" if value is None else str(value)
