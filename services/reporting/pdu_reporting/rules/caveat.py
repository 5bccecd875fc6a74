"""What has to be said beside a figure, so that nobody reads more into it than it holds."""

from enum import StrEnum
from fractions import Fraction

from pdu_reporting.rules.withholding import LIMIT

FEW = 10
SMALL = 30
REPRESENTATIVE = Fraction(30, 100)


class Caveat(StrEnum):
    """A reason for care."""

    COUNTS_ONLY = "counts_only"
    SMALL_BASE = "small_base"
    NOT_REPRESENTATIVE = "not_representative"
    WITHHELD = "withheld"
    ROUNDED_DOWN = "rounded_down"


def in_words(caveat: Caveat, *, small: int = SMALL, few: int = LIMIT) -> str:
    """What a caveat says to whoever reads the figure."""
    match caveat:
        case Caveat.COUNTS_ONLY:
            return f"Fewer than {FEW}: show the counts only, no share and no score."
        case Caveat.SMALL_BASE:
            return f"A small base, fewer than {small}: do not generalise."
        case Caveat.NOT_REPRESENTATIVE:
            return (
                "Fewer than 30% of those who were asked answered: this speaks for those who did,"
                " and for nobody else."
            )
        case Caveat.WITHHELD:
            return (
                f"[c] is withheld, so that nobody can be recognised: fewer than {few}, or a number"
                " from which such a one could be worked out."
            )
        case Caveat.ROUNDED_DOWN:
            return f"So far, and rounded down to a multiple of {few}: it is at least as many."


def caveats(
    *, base: int | None, response_rate: Fraction | None, small: int = SMALL
) -> list[Caveat]:
    """The caveats of a number that rests on a base of so many; a count rests on none.

    The response rate is that of the survey it comes from; None where nobody was asked.
    """
    found = []
    if base is not None and base < FEW:
        found.append(Caveat.COUNTS_ONLY)
    elif base is not None and base < small:
        found.append(Caveat.SMALL_BASE)
    if response_rate is not None and response_rate < REPRESENTATIVE:
        found.append(Caveat.NOT_REPRESENTATIVE)
    return found
