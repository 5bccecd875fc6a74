"""How far a project year has come, and whether it may be compared with others."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class ProjectYear:
    """A project year as its owner defined it; a partial one is shorter than twelve months."""

    code: str
    label: str
    starts_on: date
    ends_on: date
    is_partial: bool

    def in_progress(self, today: date) -> bool:
        """Whether it has begun and not ended."""
        return self.starts_on <= today <= self.ends_on

    def comparable(self, today: date) -> bool:
        """Whether it is whole, and so may stand in a chart beside other years."""
        return today > self.ends_on and not self.is_partial

    def label_on(self, today: date) -> str:
        """Its label; of a year in progress with the day to which it has come."""
        if not self.in_progress(today):
            return self.label
        return f"{self.label}, to {today.day} {today:%B %Y}"

    def months(self, today: date) -> float:
        """How many of its months have passed, with one decimal: what a rate a month rests on."""
        after = min(self.ends_on, today) + timedelta(days=1)
        return max(0.0, round(_months(after) - _months(self.starts_on), 1))


def _months(day: date) -> float:
    """Months since the beginning of the calendar, each day being its part of its month."""
    _, days = monthrange(day.year, day.month)
    return day.year * 12 + day.month + (day.day - 1) / days
