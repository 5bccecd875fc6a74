"""How shares, ratios and scores are worked out: from counts, and never from rounded shares."""

from fractions import Fraction


def half_up(exact: Fraction) -> float:
    """A number with two decimals; a half goes up: 0.125 is 0.13."""
    hundredths = (exact.numerator * 200 + exact.denominator) // (exact.denominator * 2)
    return hundredths / 100


def share(numerator: int, denominator: int, *, of: int = 1) -> float | None:
    """A part of a whole as it is printed; `of` 100 gives per cent. None where the whole is 0."""
    return half_up(Fraction(numerator * of, denominator)) if denominator else None
