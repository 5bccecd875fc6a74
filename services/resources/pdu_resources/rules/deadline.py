"""By when somebody who asks about their data has an answer (UK GDPR, Article 12(3))."""

from calendar import monthrange
from datetime import date, timedelta

DECEMBER = 12
SATURDAY = 5
EXTENSION = 2
"""Further months where a request is complex, told within the first."""


def due_on(received_on: date, *, known_on: date) -> date:
    """The last day of the month that there is, counted from the day of receipt.

    The clock stands still until it is known who asks (Data (Use and Access) Act 2025, section 76).
    """
    return _working_day(_months_later(received_on, 1) + (known_on - received_on))


def extended(received_on: date, *, known_on: date) -> date:
    """The last day when the request is complex: three months in all."""
    return _working_day(_months_later(received_on, 1 + EXTENSION) + (known_on - received_on))


def _months_later(day: date, months: int) -> date:
    """The same date some months later; the last of the month where it has no such date."""
    years, month = divmod(day.month - 1 + months, DECEMBER)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _working_day(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= SATURDAY else day
