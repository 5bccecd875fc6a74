"""Which sessions are out of office hours: an evening, a weekend, a bank holiday."""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import TYPE_CHECKING

from pdu_shared.local_time import local_clock

if TYPE_CHECKING:
    from holidays.countries.united_kingdom import UnitedKingdom

VERSION = 1
"""Kept with each answer, so that figures of old sessions stay what they were."""

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Office:
    """When offices are open on working days, both ends included."""

    opens: time = time(8, 30)
    closes: time = time(17, 30)


USUAL = Office()


def out_of_hours(starts_at: datetime, ends_at: datetime, office: Office = USUAL) -> bool:
    """Whether any of it lies outside office hours, by the clock on the wall."""
    starts, ends = local_clock(starts_at), local_clock(ends_at)
    return (
        starts.date() != ends.date()
        or starts.time() < office.opens
        or ends.time() > office.closes
        or starts.weekday() >= SATURDAY
        or _is_bank_holiday(starts.date())
    )


def _is_bank_holiday(day: date) -> bool:
    return day in _bank_holidays()


@cache
def _bank_holidays() -> "UnitedKingdom":
    # Imported when first needed: it takes a moment, and most processes never ask.
    from holidays.countries.united_kingdom import UnitedKingdom  # noqa: PLC0415

    return UnitedKingdom(subdiv="ENG")  # type: ignore[no-untyped-call]
