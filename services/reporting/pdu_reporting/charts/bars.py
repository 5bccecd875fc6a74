"""Bars below one another, for numbers of groups: a line for each label, a bar for each series."""

from collections.abc import Sequence

from pdu_reporting.charts.pen import Pen, Point, hatched, hatching, in_words, key_of

LONGEST = 78.0
"""Per cent of the width, so that the number finds room beside it."""
LEAST = 0.4


def bars(title: str, points: Sequence[Point], series: Sequence[str], pen: Pen) -> str:
    """A bar for each number, with its number at the end."""
    numbers = [bar.value for point in points for bar in point.bars if bar.value is not None]
    top = max(numbers, default=0) or 1
    body = [hatching(len(series))] if any(point.partial for point in points) else []
    body += key_of(pen, series, 0) if len(series) > 1 else []
    y = 1.8 if len(series) > 1 else 0.0
    for point in points:
        label = f"{point.label}, {point.note}" if point.note else point.label
        body.append(pen.text(0, y + 1, label))
        y += 1.35
        for place, bar in enumerate(point.bars, start=1):
            if bar.withheld:
                body += [
                    pen.bar(0, y, wide=6, high=1.05, kind="withheld"),
                    pen.text(6, y + 0.85, "withheld [c]", "t", aside=0.4),
                ]
            else:
                wide = max(LONGEST * bar.value / top, LEAST) if bar.value is not None else 0.0
                fill = hatched(place) if point.partial else ""
                if bar.value is not None:
                    body.append(pen.bar(0, y, wide=wide, high=1.05, kind=f"k{place}", fill=fill))
                body.append(pen.text(wide, y + 0.87, bar.told, "v", aside=0.4))
            y += 1.25
        y += 0.6
    return pen.drawing(title, in_words(points, series), high=y, body=body)
