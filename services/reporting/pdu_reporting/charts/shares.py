"""One bar of a hundred per cent, for answers that exclude one another, in their order."""

from collections.abc import Sequence

from pdu_reporting.charts.pen import Pen, Point, in_words

MOST = 4
"""So many shades can be told apart."""
ROOM = 12.0
"""A part narrower than this, in per cent, has its number in the list below."""
DARK = 2


def shares(title: str, points: Sequence[Point], pen: Pen) -> str:
    """The parts of a whole from dark to light; all that is withheld shares one dashed rest.

    Were each withheld part drawn in its own size, the last one could be read off the drawing.
    """
    x, body = 0.0, []
    for place, point in enumerate(points, start=1):
        [bar] = point.bars
        if bar.withheld or bar.value is None:
            continue
        body.append(pen.bar(x, 0, wide=max(bar.value - 0.5, 0.3), high=2.6, kind=f"o{place}"))
        if bar.value >= ROOM:
            kind = "inv" if place <= DARK else "on"
            middle = x + bar.value / 2 - 0.25
            body.append(pen.text(middle, 1.7, bar.told, kind, anchor="middle"))
        x += bar.value
    if any(point.bars[0].withheld for point in points):
        rest = max(99.7 - x, 1.0)
        body += [
            pen.bar(x, 0.05, wide=rest, high=2.5, kind="withheld"),
            pen.text(x + rest / 2, 1.7, "[c]", "t", anchor="middle"),
        ]
    y = 3.6
    for place, point in enumerate(points, start=1):
        [bar] = point.bars
        kind = "withheld" if bar.withheld else f"o{place}"
        words = "withheld [c]" if bar.withheld else bar.told
        body += [
            pen.bar(0, y, wide=2, high=0.95, kind=kind),
            pen.text(2, y + 0.85, f"{point.label}: {words}", aside=0.5),
        ]
        y += 1.5
    return pen.drawing(title, in_words(points, [""]), high=y, body=body)
