"""Which month a digest is about: the last one that is over, once its registers can be written."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pdu_shared.local_time import local_day

REGISTERS_TAKE = timedelta(days=3)
"""So long after a month its last registers are written."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month by its first and its last day."""

    begins: date
    ends: date


def month_before(now: datetime) -> Month:
    """The last month that was over three days ago, by the calendar on the wall."""
    day = local_day(now - REGISTERS_TAKE)
    ends = day.replace(day=1) - timedelta(days=1)
    return Month(ends.replace(day=1), ends)
