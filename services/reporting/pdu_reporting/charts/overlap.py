"""Two groups that share people, to scale on one line, with a bracket over each."""

from dataclasses import dataclass

from pdu_reporting.charts.pen import Pen

ROOM = 5
"""A part narrower than this, in per cent, has no room for its number."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many are in the one group only, in both, and in the other only."""

    left: int
    both: int
    right: int
    left_name: str
    right_name: str


def overlap(title: str, groups: Overlap, pen: Pen) -> str:
    """The two groups; nobody is drawn twice."""
    left, both, right = groups.left, groups.both, groups.right
    total = (left + both + right) or 1
    a, b = 100 * left / total, 100 * both / total
    parts = ((0.0, a, left, "k4"), (a, b, both, "k3"), (a + b, 100 - a - b, right, "k1"))
    body = [
        pen.text(0.3, 1.1, f"{groups.left_name}: {left + both:,}", "v"),
        *_bracket(pen, (0.3, a + b - 0.3), 1.7, 0.5),
        *(pen.bar(x, 2.6, wide=max(wide - 0.4, 0.2), high=3.4, kind=kind)
          for x, wide, _, kind in parts),
        *(pen.text(x + wide / 2, 4.7, f"{count:,}", "inv", anchor="middle")
          for x, wide, count, _ in parts if wide > ROOM),
        *_bracket(pen, (a + 0.3, 99.7), 6.9, -0.5),
        pen.text(99.7, 8.4, f"{groups.right_name}: {both + right:,}", "v", anchor="end"),
    ]  # fmt: skip
    told = (
        f"{groups.left_name}: {left + both:,}; {groups.right_name}: {both + right:,};"
        f" in both: {both:,}; together: {left + both + right:,}."
    )
    return pen.drawing(title, told, high=8.9, body=body)


def _bracket(pen: Pen, x: tuple[float, float], y: float, tick: float) -> list[str]:
    return [
        pen.line(x, (y, y)),
        pen.line((x[0], x[0]), (y, y + tick)),
        pen.line((x[1], x[1]), (y, y + tick)),
    ]
