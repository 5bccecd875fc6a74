"""What a chart may say in its title: a finding only where its figures carry one."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

ENOUGH = 30
"""Fewer than these carry no finding."""
NINETY_FIVE = 1.96
"""Standard errors to either side."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One number of a chart."""

    label: str
    value: float | None
    numerator: int | None = None
    denominator: int | None = None
    withheld: bool = False
    known: bool = True
    """False for those of whom it is not known what they are."""
    months: float | None = None
    """How many months of a project year it is about have passed; None when it is about none."""
    over: bool = True
    """Whether that year has ended."""
    whole: bool = True
    """Whether that year has twelve months."""


def over_time(measure: str, readings: Sequence[Reading], *, adds_up: bool) -> str | None:
    """How the first and the last year compare, such as `Attendances rose from 27 to 32 a month`.

    Years of unequal length are compared by the month, where what they count adds up; else they are
    left out, as a year in progress always is.
    """
    ended = [one for one in readings if one.over and one.value is not None]
    if len(ended) != len([one for one in readings if one.over]):
        return None
    shares = any(one.denominator is not None for one in ended)
    by_month = adds_up and not shares and not all(one.whole for one in ended)
    fit = ended if by_month else [one for one in ended if one.whole]
    if len(fit) < 2:  # noqa: PLR2004 - there is nothing to compare
        return None
    first, last = fit[0], fit[-1]
    if not (_enough(first) and _enough(last)):
        return None
    if shares:
        if _may_be_equal(first, last):
            return None
        words = f"{first.value:g}% to {last.value:g}%"
    elif by_month:
        words = f"{_a_month(first)} to {_a_month(last)} a month"
    else:
        words = f"{first.value:,} to {last.value:,}"
    old, _, new = words.removesuffix(" a month").partition(" to ")
    if old == new:
        return None
    before = _a_month_exactly(first) if by_month else first.value or 0
    after = _a_month_exactly(last) if by_month else last.value or 0
    moved = "rose" if after > before else "fell"
    return f"{measure} {moved} from {words}, {first.label} to {last.label}"


def between_groups(measure: str, readings: Sequence[Reading]) -> str | None:
    """Which group has the most, such as `Voluntary sector has the most attendances: 346`.

    Not where something is withheld, which might be as large; nor where two are alike.
    """
    told = [one for one in readings if one.value is not None]
    if any(one.withheld for one in readings) or len(told) < 2:  # noqa: PLR2004
        return None
    top, second = sorted(told, key=lambda one: one.value or 0, reverse=True)[:2]
    if not top.known or top.value == second.value:
        return None
    if top.denominator is not None:
        if not (_enough(top) and _enough(second)) or _may_be_equal(top, second):
            return None
        return f"{measure}: {top.label} is highest, at {top.value:g}%"
    if sum(one.value or 0 for one in told) < ENOUGH:
        return None
    return f"{measure}: {top.label} has most, {top.value:,}"


def _enough(one: Reading) -> bool:
    base = one.denominator if one.denominator is not None else one.value
    return base is not None and base >= ENOUGH


def _may_be_equal(one: Reading, other: Reading) -> bool:
    low, high = _interval(one)
    other_low, other_high = _interval(other)
    return low <= other_high and other_low <= high


def _interval(one: Reading) -> tuple[float, float]:
    """Between what a share may be, with 95 % confidence (Wilson's interval)."""
    count, base = one.numerator or 0, one.denominator or 1
    share, spread = count / base, NINETY_FIVE**2 / base
    middle = (share + spread / 2) / (1 + spread)
    half = NINETY_FIVE * sqrt(share * (1 - share) / base + spread / (4 * base)) / (1 + spread)
    return middle - half, middle + half


def _a_month_exactly(one: Reading) -> float:
    return (one.value or 0) / (one.months or 12)


def _a_month(one: Reading) -> str:
    return f"{_a_month_exactly(one):,.0f}"
