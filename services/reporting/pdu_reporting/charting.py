"""Figures drawn: which chart fits an answer, and the words around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from pdu_reporting.answer import Answer, Year
from pdu_reporting.charts.bars import bars
from pdu_reporting.charts.columns import columns
from pdu_reporting.charts.pen import Bar, Pen, Point
from pdu_reporting.charts.shares import MOST as MOST_PARTS
from pdu_reporting.charts.shares import shares
from pdu_reporting.figure import Unit
from pdu_reporting.filters import fault
from pdu_reporting.headline import OVER_TIME, headline
from pdu_reporting.labels import Labels
from pdu_reporting.wording import NOTHING, Row, about, counts_only, measure_of, notes, printed
from pdu_shared.problems import Fault, Refused

MOST_SERIES, MOST_POINTS, MOST_TIMES = 4, 8, 36
AXES = 2
LETTER = 8
"""Pixels of a wide letter, so that a line finds room."""
DRAWN = (Unit.COUNT, Unit.PERCENT, Unit.RATIO, Unit.SCORE)
NOT_DRAWN = ("json", "csv", "csvw", "xlsx", "parquet")


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of an answer, and all the words around it."""

    title: str
    """The finding where there is one, else what is measured."""
    subtitle: str
    """What is measured, of whom, when, and how many there are."""
    points: Sequence[Point]
    series: Sequence[str]
    upright: bool
    """Columns, for what is over time; else bars."""
    notes: Sequence[str]
    """At most three things to keep in mind."""
    parts: bool = False
    """Answers that exclude one another, in their order: one bar of a hundred per cent."""

    def svg(self, width: int | None = None) -> str:
        """The drawing: so many pixels wide, or as wide as its column."""
        return self._drawn(Pen(width))

    def alone(self, width: int) -> str:
        """The drawing with its title, for a file of its own."""
        most = width // LETTER
        return self._drawn(Pen(width, [*wrap(self.title, most), *wrap(self.subtitle, most)]))

    def _drawn(self, pen: Pen) -> str:
        if self.parts:
            return shares(self.title, self.points, pen)
        draw = columns if self.upright else bars
        return draw(self.title, self.points, self.series, pen)


def chart_of(answer: Answer, labels: Labels) -> Chart:
    """The chart that fits. Raises `Refused` where an answer is nothing to be drawn."""
    if refusal := _refusal(answer):
        raise Refused(errors=[refusal])
    along, across = _axes(answer)
    parts = _are_parts(answer, labels)
    places, groups = _codes(answer, along), _codes(answer, across) if across else [None]
    if parts:
        places.sort(key=lambda code: labels.options.index(code or ""))
    upright = along in OVER_TIME
    shown = places[: MOST_TIMES if upright else MOST_POINTS]
    drawn = groups[:MOST_SERIES]
    return Chart(
        title=headline(answer, labels),
        subtitle=about(answer, labels),
        points=_points(answer, (along, shown), (across, drawn), labels),
        series=[labels.of(across, one) if across else measure_of(answer.name) for one in drawn],
        upright=upright,
        parts=parts,
        notes=notes(
            answer,
            *_left_out(len(places) - len(shown), MOST_POINTS),
            *_left_out(len(groups) - len(drawn), MOST_SERIES),
        ),
    )


def _refusal(answer: Answer) -> Fault | None:
    if not 1 <= len(answer.by) <= AXES:
        return Fault("/query/by", "not_drawn", "A chart is cut by one dimension or by two.")
    if answer.unit not in DRAWN:
        return fault("format", "not_drawn", NOT_DRAWN)
    if not answer.rows:
        return Fault("/query", "nothing_to_draw", "There is nothing of what this asks for.")
    return None


def _are_parts(answer: Answer, labels: Labels) -> bool:
    """Whether its rows are the answers to one question, of which everybody gave one."""
    if answer.name != "survey_share" or answer.by != ["option_code"]:
        return False
    if any(counts_only(row) for row in answer.rows):
        return False
    if not {row["option_code"] for row in answer.rows} <= {*labels.options}:
        return False
    given = [row["numerator"] for row in answer.rows if isinstance(row["numerator"], int)]
    of = {row["denominator"] for row in answer.rows}
    withheld = any(row.get("withheld") for row in answer.rows)
    return len(answer.rows) <= MOST_PARTS and (withheld or of == {sum(given)})


def _axes(answer: Answer) -> tuple[str, str | None]:
    """What goes along the chart, time first, and what stands side by side."""
    if len(answer.by) == 1:
        return answer.by[0], None
    one, other = answer.by
    return (other, one) if other in OVER_TIME else (one, other)


def _codes(answer: Answer, dimension: str) -> list[str | None]:
    """What a dimension holds: time in its order, else the largest first; what is unknown last."""
    found: dict[str | None, float] = {}
    for row in answer.rows:
        code, value = row[dimension], row["value"]
        if code is None or isinstance(code, str):
            found[code] = found.get(code, 0) + (value if isinstance(value, int | float) else 0)
    if dimension == "project_year":
        years = [year.code for year in answer.project_years]
        return [
            *(one for one in years if one in found),
            *(one for one in found if one not in years),
        ]
    if dimension in OVER_TIME:
        return sorted(found, key=lambda code: (code is None, code or ""))
    return sorted(found, key=lambda code: (code is None, -found[code], code or ""))


def _points(
    answer: Answer,
    along: tuple[str, Sequence[str | None]],
    across: tuple[str | None, Sequence[str | None]],
    labels: Labels,
) -> list[Point]:
    (axis, places), (other, groups) = along, across
    cells = {(row[axis], row[other] if other else None): row for row in answer.rows}
    years = {year.code: year for year in answer.project_years} if axis == "project_year" else {}
    return [
        Point(
            labels.of(axis, place),
            [_bar(answer, cells.get((place, one))) for one in groups],
            partial=place in years and not years[place].comparable,
            note=_how_far(years.get(place or "")),
        )
        for place in places
    ]


def _how_far(year: Year | None) -> str:
    if year is None or year.comparable or not year.months:
        return ""
    return year.label.rpartition(", ")[2] if year.in_progress else f"{year.months:g} months"


def _bar(answer: Answer, row: Row | None) -> Bar:
    if row is None:
        return Bar(0, "0") if answer.unit is Unit.COUNT else Bar(None, NOTHING)
    words, value = printed(answer, row), row["value"]
    if row.get("withheld"):
        return Bar(None, words, withheld=True)
    if isinstance(value, int | float) and not (counts_only(row) and answer.unit is not Unit.COUNT):
        return Bar(float(value), words)
    return Bar(None, words)


def _left_out(more: int, most: int) -> list[str]:
    return [f"The {most} largest are drawn; {more} more are in the table."] if more > 0 else []
