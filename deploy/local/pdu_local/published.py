"""Figures as a report printed them, and the verdict on each once it has been counted again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from pdu_local.failure import USAGE, Failure

Given = str | int | list[str | int]
ROUNDED = {"percent": 100, "ratio": 1, "score": 1}
"""What is worked out from numerator and denominator, and by what it is multiplied."""
BASES = {"answered": "respondents", "respondents": "answered"}


class Published(BaseModel):
    """One figure of a report: what was asked, and what was printed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(min_length=1)]
    statement: str
    metric: Annotated[str, Field(pattern=r"^[a-z_]{1,64}$")]
    filter: Mapping[str, Given]
    value: int | float | str | None
    """None where the report names a figure and prints none."""
    numerator: int | None = None
    denominator: int | None = None
    tolerance: Annotated[float, Field(ge=0)] = 0
    """Half of the last digit printed."""
    source_report: str = ""

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
    GAP = "gap"


def published(path: Path) -> Sequence[Published]:
    """The figures of a file. Raises `Failure` naming the first thing that is wrong with it."""
    try:
        return TypeAdapter(list[Published]).validate_json(path.read_bytes())
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}.", code=USAGE) from None
    except ValidationError as error:
        flaw = error.errors(include_url=False, include_input=False)[0]
        where = "/".join(map(str, flaw["loc"]))
        what = f"{where}: {flaw['msg']}" if where else str(flaw["msg"])
        raise Failure(f"{path} holds no published figures.", what, code=USAGE) from None


def verdict(printed: Published, counted: Recomputed, other_base: Recomputed | None) -> Verdict:
    """Whether a figure holds, and if it differs, why."""
    if printed.value is None:
        return Verdict.UNPUBLISHED
    if _fits(printed, counted):
        same = counted.value is not None and _same(printed.value, counted.value)
        return Verdict.SAME if same else Verdict.ROUNDING
    if other_base is not None and _fits(printed, other_base):
        return Verdict.BASE
    return Verdict.GAP


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
