"""Answers as parts of a report: a chart where one fits, the table, and what to keep in mind."""

from collections.abc import Sequence

from pdu_reporting.answer import Answer
from pdu_reporting.charting import Chart, chart_of
from pdu_reporting.charts.overlap import Overlap, overlap
from pdu_reporting.charts.pen import Pen, in_words
from pdu_reporting.labels import Labels, humane
from pdu_reporting.report.model import Part
from pdu_reporting.wording import Row, about, dimension, measure_of, named, notes, printed
from pdu_shared.problems import Refused

WIDTH = 640
"""Of a drawing, in pixels; a page makes it as wide as its column."""
LEAST_DRAWN = 2
"""A chart of one bar says no more than its number."""


def part_of(answer: Answer, address: str, labels: Labels, title: str = "") -> Part:
    """A figure with its chart and table; years that are not whole stand apart."""
    whole = _of_whole_years(answer)
    chart = _chart(whole, labels)
    ordered = sorted(whole.rows, key=lambda row: _order(row, whole, labels))
    apart = [row for row in answer.rows if row not in whole.rows]
    return Part(
        title=_title(answer, chart, title, labels),
        subtitle=chart.subtitle if chart else about(answer, labels),
        svg=chart.svg(WIDTH) if chart else None,
        told=in_words(chart.points, chart.series) if chart else "",
        headings=_headings(answer),
        rows=[_cells(answer, row, labels) for row in ordered],
        apart=[_cells(answer, row, labels) for row in apart],
        notes=list(chart.notes) if chart else notes(answer),
        figure=answer.name,
        address=address,
    )


def reach_of(told: Sequence[tuple[Answer, str]]) -> Part | None:
    """Members and attendees, and who is both, drawn to scale; None where anything is withheld."""
    rows = [answer.rows[0] for answer, _ in told if answer.rows]
    counts = [value for row in rows if isinstance(value := row["value"], int)]
    if len(counts) != len(told) or not any(counts):
        return None
    hub, both, events = counts
    groups = Overlap(hub, both, events, "Members of the hub", "Came to events")
    title = f"{sum(counts):,} people were reached, {both:,} of them by the hub and by events"
    kinds = ("Only the hub", "Both", "Only events")
    answer, address = told[1]
    return Part(
        title=title,
        subtitle=f"Different people up to {answer.filters['as_of']}; n = {sum(counts):,}",
        svg=overlap(title, groups, Pen(WIDTH)),
        told="; ".join(f"{kind}: {count:,}" for kind, count in zip(kinds, counts, strict=True)),
        headings=["Reached by", "Individuals"],
        rows=[[kind, f"{count:,}"] for kind, count in zip(kinds, counts, strict=True)],
        apart=[],
        notes=["Nobody is counted twice: addresses and ids of one person are one individual."],
        figure=answer.name,
        address=address,
    )


def _of_whole_years(answer: Answer) -> Answer:
    """The rows that may stand side by side; all of them where no year is whole."""
    if "project_year" not in answer.by:
        return answer
    whole = [row for row in answer.rows if row["comparable"]]
    years = [year for year in answer.project_years if year.comparable]
    kept = {"rows": whole, "project_years": years}
    return answer.model_copy(update=kept) if whole else answer


def _chart(answer: Answer, labels: Labels) -> Chart | None:
    if len(answer.rows) < LEAST_DRAWN:
        return None
    try:
        return chart_of(answer, labels)
    except Refused:
        return None


def _title(answer: Answer, chart: Chart | None, title: str, labels: Labels) -> str:
    question = answer.filters.get("question_code")
    if isinstance(question, list):
        return labels.of("question_code", question[0])
    return title or (chart.title if chart else named(answer))


def _order(row: Row, answer: Answer, labels: Labels) -> tuple[object, ...]:
    """Years and answers in their order, everything else the largest first."""
    [by, *_] = answer.by or [""]
    code, value = row.get(by), row["value"]
    years = [year.code for year in answer.project_years]
    if code in years:
        return (years.index(str(code)),)
    if by == "option_code" and code in labels.options:
        return (labels.options.index(str(code)),)
    return (code is None, -value if isinstance(value, int | float) else 0, str(code))


def _headings(answer: Answer) -> list[str]:
    names = [humane(dimension(one)) for one in answer.by]
    return [*names, measure_of(answer.name), *(["n"] if _has_base(answer) else [])]


def _has_base(answer: Answer) -> bool:
    return any(row["denominator"] is not None for row in answer.rows)


def _cells(answer: Answer, row: Row, labels: Labels) -> list[str]:
    codes = [
        labels.of(name, code)
        for name in answer.by
        if (code := row[name]) is None or isinstance(code, str)
    ]
    base = []
    if _has_base(answer):
        base = [f"{row['numerator']} of {row['denominator']}" if row["denominator"] else ""]
    return [*codes, printed(answer, row), *base]
