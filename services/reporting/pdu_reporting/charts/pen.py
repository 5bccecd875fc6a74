"""Marks on a drawing: classes for the page's style sheet, and attributes for whoever has none."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal, TypeAlias

EM = 14
"""Pixels of an em in a drawing that has a size of its own."""
INK, SOFT, EDGE = "#16241f", "#465750", "#5f7068"
FILLS = {
    "k1": "#14533f", "k2": "#cf7a1e", "k3": "#5b4b9a", "k4": "#3f94ba", "k5": "#8a8f8c",
    "o1": "#14533f", "o2": "#3b8669", "o3": "#a9d3c0", "o4": "#e9e4d6",
}  # fmt: skip
"""Groups have the colours k, answers that have an order one hue from dark to light, o."""
WORDS = {"inv": "#ffffff", "t": SOFT}
FONT = "Atkinson Hyperlegible, Libertinus Serif, sans-serif"

LINE = 20
"""Pixels of a line above a drawing."""
HATCH = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands for the key of the drawing, whose patterns need names of their own on a page."""
MOST_TOLD = 16
"""So many numbers are told in words; of more, where they are to be found."""

Anchor: TypeAlias = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A number to be drawn, and how it is told beside its bar."""

    value: float | None
    """None where there is nothing to draw."""
    told: str
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """What stands together under one label: a bar for each series."""

    label: str
    bars: Sequence[Bar]
    partial: bool = False
    """Of a year that is not whole: hatched."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws across in per cent and down in em.

    Without a width the drawing fills its column and keeps the reader's size of text; with one it
    stands alone, that many pixels wide.
    """

    width: int | None = None
    head: Sequence[str] = ()
    """Lines above a drawing that stands alone, the first of them its title."""

    def across(self, share: float) -> str:
        """A place or length across, of 100."""
        return f"{share:.2f}%" if self.width is None else f"{share * self.width / 100:.1f}"

    def down(self, em: float) -> str:
        """A place or length down."""
        return f"{em:.2f}em" if self.width is None else f"{em * EM:.1f}"

    def text(  # noqa: PLR0913 - where, what and how
        self,
        x: float,
        y: float,
        words: str,
        kind: str = "",
        *,
        anchor: Anchor = "start",
        aside: float = 0,
    ) -> str:
        """Words; `aside` moves them by so many em."""
        shift = f' dx="{self.down(aside)}"' if aside else ""
        weight = ' font-weight="600"' if kind in {"v", "inv", "on"} else ""
        return (
            f'<text x="{self.across(x)}" y="{self.down(y)}"{shift} text-anchor="{anchor}"'
            f' class="{kind}" fill="{WORDS.get(kind, INK)}"{weight}>{escape(words)}</text>'
        )

    def bar(  # noqa: PLR0913 - where, how large and what
        self, x: float, y: float, *, wide: float, high: float, kind: str, fill: str = ""
    ) -> str:
        """A filled rectangle; `withheld` is dashed and empty."""
        if kind == "withheld":
            paint = f'class="withheld" fill="none" stroke="{EDGE}" stroke-dasharray="3 3"'
        elif fill:
            paint = f'fill="{fill}"'
        else:
            paint = f'class="{kind}" fill="{FILLS[kind]}"'
        return (
            f'<rect x="{self.across(x)}" y="{self.down(y)}" width="{self.across(wide)}"'
            f' height="{self.down(high)}" rx="2" {paint}/>'
        )

    def line(self, x: tuple[float, float], y: tuple[float, float], kind: str = "axis") -> str:
        """A line from one place to another."""
        return (
            f'<line class="{kind}" stroke="{EDGE}" x1="{self.across(x[0])}"'
            f' x2="{self.across(x[1])}" y1="{self.down(y[0])}" y2="{self.down(y[1])}"/>'
        )

    def drawing(self, title: str, told: str, *, high: float, body: Sequence[str]) -> str:
        """The whole: a picture with a name, and the same in words."""
        marks = "".join(body)
        key = "c" + hashlib.sha256(f"{title}{told}{marks}".encode()).hexdigest()[:10]
        if self.width is None:
            size = f'width="100%" height="{high:.2f}em" font-size="14"'
        else:
            marks = self._headed(marks)
            pixels = f"{high * EM + len(self.head) * LINE:.0f}"
            size = (
                f'width="{self.width}" height="{pixels}" viewBox="0 0 {self.width} {pixels}"'
                f' font-size="{EM}" font-family="{FONT}"'
            )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" {size} role="img"'
            f' aria-labelledby="{key}-t {key}-d"><title id="{key}-t">{escape(title)}</title>'
            f'<desc id="{key}-d">{escape(told)}</desc>{marks.replace(HATCH, key)}</svg>'
        )

    def _headed(self, marks: str) -> str:
        """The marks below their heading, on a ground of their own."""
        if not self.head:
            return marks
        lines = "".join(
            f'<text x="0" y="{(place + 1) * LINE - 6}" fill="{INK if place == 0 else SOFT}"'
            f' font-weight="{600 if place == 0 else 400}">{escape(words)}</text>'
            for place, words in enumerate(self.head)
        )
        below = f'<g transform="translate(0 {len(self.head) * LINE})">{marks}</g>'
        return f'<rect width="100%" height="100%" fill="#ffffff"/>{lines}{below}'


def hatching(series: int) -> str:
    """What bars of part-years are filled with, by series."""
    patterns = "".join(
        f'<pattern id="{HATCH}-h{one}" width="6" height="6" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate(45)"><line class="l{one}" stroke="{FILLS[f"k{one}"]}"'
        ' x1="0" x2="0" y1="0" y2="6" stroke-width="5"/></pattern>'
        for one in range(1, series + 1)
    )
    return f"<defs>{patterns}</defs>"


def hatched(series: int) -> str:
    """The fill of a bar of a part-year."""
    return f"url(#{HATCH}-h{series})"


def in_words(points: Sequence[Point], series: Sequence[str]) -> str:
    """The alternative to looking: every number with its label, or where they are to be found."""
    if sum(len(point.bars) for point in points) > MOST_TOLD:
        return "The same figures are in the table."
    return "; ".join(_told(point, series) for point in points) + "."


def _told(point: Point, series: Sequence[str]) -> str:
    label = f"{point.label} ({point.note})" if point.note else point.label
    if len(point.bars) == 1:
        return f"{label}: {_said(point.bars[0])}"
    parts = (f"{name} {_said(bar)}" for name, bar in zip(series, point.bars, strict=True))
    return f"{label}: {', '.join(parts)}"


def _said(bar: Bar) -> str:
    return "withheld" if bar.withheld else bar.told


def key_of(pen: Pen, series: Sequence[str], y: float) -> list[str]:
    """Which colour is whose, where bars of several series stand side by side."""
    step = 100 / max(len(series), 1)
    marks = []
    for place, name in enumerate(series):
        kind = f"k{place + 1}"
        marks += [
            pen.bar(place * step, y, wide=2, high=0.9, kind=kind),
            pen.text(place * step + 2, y + 0.8, name, "t", aside=0.4),
        ]
    return marks
