"""When planned letters are due: so long before a session or after it, by the clock on the wall."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pdu_notifications.rules.local_time import days_before
from pdu_shared.local_time import HOME

WEEK, DAY, HOUR = "P7D", "P1D", "PT1H"
MORNING = time(10)
"""When letters come that are so many days after something: not at night, and not first thing."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is due, with the reason for it; `offset` tells several of them apart."""

    offset: str
    due_at: datetime
    reason: str


def before(starts_at: datetime, *, zone: str, online: bool) -> tuple[Moment, ...]:
    """When somebody who has a place hears of it: a week and a day before, online an hour before.

    Days are counted by the clock on the wall, also when the clocks change; an hour is an hour.
    """
    moments = (
        Moment(WEEK, days_before(starts_at, days=7, zone=zone), "7 days before the session"),
        Moment(DAY, days_before(starts_at, days=1, zone=zone), "1 day before the session"),
    )
    if not online:
        return moments
    return (
        *moments,
        Moment(HOUR, starts_at - timedelta(hours=1), "1 hour before it begins online"),
    )


def days_after(day: date, days: int, *, zone: str = HOME) -> datetime:
    """The morning so many days after a day."""
    morning = datetime.combine(day + timedelta(days=days), MORNING, tzinfo=ZoneInfo(zone))
    return morning.astimezone(UTC)
