"""A figure as a report printed it, and the verdict on it once it has been counted again."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MOST = 10**12
"""No figure of ours is larger."""
_Word = Annotated[str, Field(max_length=200)] | Annotated[int, Field(ge=-MOST, le=MOST)]
Given = _Word | Annotated[list[_Word], Field(max_length=50)]
Count = Annotated[int, Field(ge=0, le=MOST)]
Printed = (
    Annotated[int, Field(ge=-MOST, le=MOST)]
    | Annotated[float, Field(ge=-MOST, le=MOST)]
    | Annotated[str, Field(max_length=64)]
)
ROUNDED = {"percent": 100, "ratio": 1, "score": 1}
"""What is worked out from numerator and denominator, and by what it is multiplied."""
BASES = {"answered": "respondents", "respondents": "answered"}


class Published(BaseModel):
    """One figure of a report: what was asked, and what was printed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: Annotated[str, Field(min_length=1, max_length=64)]
    statement: Annotated[str, Field(max_length=500)]
    metric: Annotated[str, Field(pattern=r"^[a-z_]{1,64}$")]
    filter: Mapping[str, Given]
    value: Printed | None
    """None where the report names a figure and prints none."""
    numerator: Count | None = None
    denominator: Count | None = None
    tolerance: Annotated[float, Field(ge=0, le=MOST)] = 0
    """Half of the last digit printed."""
    source_report: Annotated[str, Field(max_length=200)] = ""

    @property
    def asked(self) -> dict[str, str]:
        """The filters as a request says them."""
        return {name: _words(given) for name, given in self.filter.items()}

    @property
    def on_the_other_base(self) -> dict[str, str] | None:
        """The same question over the other base, where it has one."""
        other = BASES.get(self.asked.get("base", ""))
        return {**self.asked, "base": other} if other else None


@dataclass(frozen=True, slots=True)
class Recomputed:
    """The same figure, counted from the records."""

    value: int | float | str | None
    numerator: int | None = None
    denominator: int | None = None
    unit: str = "count"

    @property
    def exact(self) -> Fraction | None:
        """The number before rounding; None for a range and for nothing."""
        if self.unit in ROUNDED and self.numerator is not None and self.denominator:
            return Fraction(self.numerator, self.denominator) * ROUNDED[self.unit]
        return None if self.value is None or isinstance(self.value, str) else _fraction(self.value)


class Verdict(StrEnum):
    """How what was printed and what was counted fit together."""

    SAME = "same"
    ROUNDING = "rounding"
    BASE = "base"
    UNPUBLISHED = "unpublished"
    INCONSISTENT = "inconsistent"
    GAP = "gap"


def verdict(printed: Published, counted: Recomputed, other_base: Recomputed | None) -> Verdict:
    """Whether a figure holds, and if it differs, why."""
    if printed.value is None:
        return Verdict.UNPUBLISHED
    if _fits(printed, counted):
        same = counted.value is not None and _same(printed.value, counted.value)
        return Verdict.SAME if same else Verdict.ROUNDING
    if other_base is not None and _fits(printed, other_base):
        return Verdict.BASE
    return Verdict.INCONSISTENT if _contradicts_itself(printed, counted.unit) else Verdict.GAP


def _contradicts_itself(printed: Published, unit: str) -> bool:
    """Whether its own numerator and denominator do not give what was printed."""
    if printed.numerator is None or not printed.denominator or unit not in ROUNDED:
        return False
    itself = Recomputed(None, printed.numerator, printed.denominator, unit)
    return not _fits(printed, itself)


def _fits(printed: Published, counted: Recomputed) -> bool:
    for said, found in (
        (printed.numerator, counted.numerator),
        (printed.denominator, counted.denominator),
    ):
        if said is not None and said != found:
            return False
    if isinstance(printed.value, str) or isinstance(counted.value, str):
        return printed.value == counted.value
    exact = counted.exact
    if exact is None or printed.value is None:
        return False
    return abs(exact - _fraction(printed.value)) <= _fraction(printed.tolerance)


def _same(printed: float | str, counted: float | str) -> bool:
    if isinstance(printed, str) or isinstance(counted, str):
        return printed == counted
    return _fraction(printed) == _fraction(counted)


def _fraction(number: float) -> Fraction:
    # By its digits: 48.15 is what was printed, not the binary number next to it.
    return Fraction(Decimal(repr(number)))


def _words(given: Given) -> str:
    return ",".join(map(str, given)) if isinstance(given, list) else str(given)
