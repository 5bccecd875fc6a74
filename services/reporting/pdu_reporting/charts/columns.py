"""Columns side by side, for numbers over time; those of part-years are hatched."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pdu_reporting.charts.pen import Pen, Point, hatched, hatching, in_words, key_of

HIGH = 12.0
LEAST = 0.15
LABELS, NUMBERS = 12, 24
"""So many labels, and numbers on columns, find room."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the columns of a point stand."""

    left: float
    step: float
    floor: float
    scale: float
    """How many em high one is."""

    def wide(self, point: Point) -> float:
        """The room of one column."""
        return self.step * 0.8 / len(point.bars)

    def left_of(self, point: Point, place: int) -> float:
        """Where a column begins."""
        return self.left + self.step * 0.1 + place * self.wide(point)


def columns(title: str, points: Sequence[Point], series: Sequence[str], pen: Pen) -> str:
    """A group of columns for each point, with their numbers on top."""
    numbers = [bar.value for point in points for bar in point.bars if bar.value is not None]
    top = max(numbers, default=0) or 1
    several = len(series) > 1
    start = 2.2 if several else 0.4
    floor = start + HIGH + 1.2
    body = [hatching(len(series))] if any(point.partial for point in points) else []
    body += key_of(pen, series, 0) if several else []
    body.append(pen.line((0, 100), (floor, floor)))
    step = 100 / len(points)
    every = -(-len(points) // LABELS)
    numbered = len(points) * len(series) <= NUMBERS
    for place, point in enumerate(points):
        ground = Ground(place * step, step, floor, HIGH / top)
        body += _bars(point, pen, ground)
        body += _numbers(point, pen, ground) if numbered else []
        if place % every == 0:
            middle = ground.left + step / 2
            body.append(pen.text(middle, floor + 1.4, point.label, anchor="middle"))
            if point.note:
                body.append(pen.text(middle, floor + 2.7, point.note, "t", anchor="middle"))
    return pen.drawing(title, in_words(points, series), high=floor + 3.4, body=body)


def _bars(point: Point, pen: Pen, ground: Ground) -> Iterator[str]:
    wide = ground.wide(point) * 0.92
    for place, bar in enumerate(point.bars):
        left, kind = ground.left_of(point, place), f"k{place + 1}"
        if bar.withheld:
            yield pen.bar(left, ground.floor - 1.6, wide=wide, high=1.6, kind="withheld")
        elif bar.value is not None:
            high = max(bar.value * ground.scale, LEAST)
            fill = hatched(place + 1) if point.partial else ""
            yield pen.bar(left, ground.floor - high, wide=wide, high=high, kind=kind, fill=fill)


def _numbers(point: Point, pen: Pen, ground: Ground) -> list[str]:
    marks = []
    for place, bar in enumerate(point.bars):
        high = 1.6 if bar.withheld else (bar.value or 0) * ground.scale
        words, kind = ("[c]", "t") if bar.withheld else (bar.told, "v")
        middle = ground.left_of(point, place) + 0.46 * ground.wide(point)
        marks.append(pen.text(middle, ground.floor - high - 0.4, words, kind, anchor="middle"))
    return marks
